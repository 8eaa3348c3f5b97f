import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sizeOf } from "../src/checkpoint/architecture.js";
import { initialWeights, weightSpecs } from "../src/checkpoint-node.js";
import { architectures } from "./checkpoints.js";

const tiny = { vocabularySize: 5, window: 4, units: [6], dropout: 0 };
const notebook = { vocabularySize: 59, window: 60, units: [128], dropout: 0 };

test("the notebook's network has 103,867 parameters", () => {
  expect(weightSpecs(notebook).reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(103_867);
});

test("the weights are those of the architecture, in order", () => {
  fc.assert(
    fc.property(architectures(), fc.maxSafeInteger(), (architecture, seed) => {
      const weights = initialWeights(architecture, { seed });
      expect(weights.map(({ name, shape }) => ({ name, shape }))).toEqual(weightSpecs(architecture));
      expect(weights.every(({ shape, values }) => values.length === sizeOf(shape))).toBe(true);
      expect(weights.every(({ values }) => values.every(Number.isFinite))).toBe(true);
    }),
  );
});

test("the rows of a recurrent kernel are orthonormal", () => {
  for (const units of [1, 2, 3, 4, 5, 6, 7, 8, 33]) {
    const architecture = { vocabularySize: 3, window: 2, units: [units], dropout: 0 };
    const { values } = initialWeights(architecture, { seed: 5 })[1]!;
    const row = (index: number) => values.subarray(4 * units * index, 4 * units * (index + 1));
    const products = Array.from({ length: units * units }, (_, index) =>
      row(Math.floor(index / units)).reduce((sum, value, column) => sum + value * row(index % units)[column]!, 0),
    );
    const identity = products.map((_, index) => (index % (units + 1) === 0 ? 1 : 0));
    expectClose(products, identity, 1e-6); // float32 rounding of the entries
  }
});

test("a kernel is spread evenly between Glorot's limits", () => {
  const { values } = initialWeights({ ...tiny, vocabularySize: 944, units: [8] }, { seed: 3 })[0]!;
  const limit = Math.sqrt(6 / (944 + 32));
  expect(Math.max(...values)).toBeLessThanOrEqual(limit);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-limit);
  const deciles = new Array<number>(10).fill(0);
  for (const value of values) deciles[Math.min(9, Math.floor((5 * (value + limit)) / limit))]! += 1;
  // Each holds 3,020.8 of 30,208 on average, with a standard deviation of 52: five of them.
  for (const count of deciles) expect(Math.abs(count - values.length / 10)).toBeLessThan(260);
});

test("biases begin at 0, those of the forget gates at 1", () => {
  const weights = initialWeights({ ...notebook, units: [3, 2] }, { seed: 0 });
  const biases = weights.filter(({ name }) => name.endsWith("/bias"));
  expect(biases.map(({ name, values }) => [name, ...values])).toEqual([
    ["lstm/bias", 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    ["lstm_1/bias", 0, 0, 1, 1, 0, 0, 0, 0],
    ["dense/bias", ...new Array<number>(59).fill(0)],
  ]);
});

test("one seed gives one set of weights, another seed another", () => {
  const values = (seed: number) => initialWeights(tiny, { seed }).map((weight) => weight.values);
  expect(values(7)).toEqual(values(7));
  expect(values(7)).not.toEqual(values(8));
});

test("what is no architecture, or too large to store, is refused by name", () => {
  const refused: [string, object][] = [
    ["vocabularySize", { vocabularySize: 0 }],
    ["vocabularySize", { vocabularySize: 2.5 }],
    ["vocabularySize", { vocabularySize: "59" }],
    ["window", { window: -1 }],
    ["units", { units: [] }],
    ["units", { units: 128 }],
    ["units", { units: [128, 0] }],
    ["units", { units: [2 ** 20] }],
    ["units", { units: [1, 2 ** 52] }],
    ["dropout", { dropout: 1 }],
    ["dropout", { dropout: Number.NaN }],
  ];
  for (const [field, change] of refused) {
    expect(() => initialWeights({ ...notebook, ...change }, { seed: 0 }), JSON.stringify(change)).toThrow(
      expect.objectContaining({ code: "BAD_ARCHITECTURE", details: expect.objectContaining({ field }) }),
    );
  }
});
