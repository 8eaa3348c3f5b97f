import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type OptimizerConfig,
  type PortableModel,
  readKeras,
  readSafetensors,
  writeKerasH5,
  writeKerasV3,
  writeOnnx,
  writeSafetensors,
} from "../src/index.js";
import { randomModel, withOptimizer } from "./models.js";

const OPTIMIZERS: OptimizerConfig[] = [
  { name: "rmsprop", rho: 0.9, momentum: 0, epsilon: 1e-7 },
  { name: "rmsprop", rho: 0.85, momentum: 0.5, epsilon: 1e-6 },
  { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  { name: "sgd", momentum: 0.9 },
];
const ADAMW: OptimizerConfig = { name: "adamw", beta1: 0.8, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.01 };

const BASE = randomModel({ vocabularySize: 8, window: 6, units: [4, 3], dropout: 0.25 });

/** What every format keeps. */
const core = ({ architecture, weights, vocabulary, objective }: PortableModel) => ({
  ...{ architecture, weights, vocabulary, objective },
});

/** Keras's own layers say that they predict after a window. */
const kerasCore = (model: PortableModel) => ({ ...core(model), objective: model.objective ?? "window" });

const architecture = fc.record({
  vocabularySize: fc.integer({ min: 2, max: 12 }),
  window: fc.integer({ min: 1, max: 90 }),
  units: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 11 }),
  dropout: fc.constantFrom(0, 0.25, 0.5),
});
const anyModel = fc
  .tuple(architecture, fc.constantFrom("window", "sequence", undefined))
  .map(([shape, objective]): PortableModel => ({ ...randomModel(shape), ...(objective ? { objective } : {}) }));

describe("what is written is read back", () => {
  test("as .h5, whatever the shape", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(core(readKeras(writeKerasH5(model)))).toEqual(kerasCore(model));
      }),
      { numRuns: 25 },
    );
  });

  test("as .keras, whatever the shape", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(core(readKeras(writeKerasV3(model)))).toEqual(kerasCore(model));
      }),
      { numRuns: 25 },
    );
  });

  test("as safetensors, whatever the shape", () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        const read = readSafetensors(writeSafetensors(model));
        expect(core(read)).toEqual(core(model));
        expect(read.warnings).toEqual([]);
      }),
    );
  });

  test.each(OPTIMIZERS)("as .h5 with the optimizer %j", (config) => {
    const model = withOptimizer(BASE, config);
    expect(readKeras(writeKerasH5(model)).optimizer).toEqual(model.optimizer);
  });

  test.each([...OPTIMIZERS, ADAMW])("as .keras with the optimizer %j", (config) => {
    const model = withOptimizer(BASE, config);
    expect(readKeras(writeKerasV3(model)).optimizer).toEqual(model.optimizer);
  });

  test("as .h5 with a vocabulary longer than an HDF5 header", () => {
    const vocabulary = Array.from({ length: 20_000 }, (_, k) => String.fromCodePoint(0x4e00 + k));
    const model = randomModel({ vocabularySize: 20_000, window: 4, units: [1], dropout: 0 });
    const read = readKeras(writeKerasH5({ ...model, vocabulary }));
    expect(read.vocabulary).toEqual(vocabulary);
    expect(read.warnings).toEqual([]);
  });
});

test("an .h5 file carries no AdamW, whose name Keras 2 and 3 do not share", () => {
  expect(readKeras(writeKerasH5(withOptimizer(BASE, ADAMW))).optimizer).toBeUndefined();
});

test("the same model becomes the same bytes, whenever it is written", () => {
  const model = withOptimizer(BASE, OPTIMIZERS[0]!);
  const written = () => [writeKerasH5(model), writeKerasV3(model), writeOnnx(model), writeSafetensors(model)];
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2001, 2, 3) });
  try {
    const before = written();
    vi.setSystemTime(new Date(2031, 4, 5, 6, 7, 8));
    expect(written()).toEqual(before);
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ["a weight is missing", { ...BASE, weights: BASE.weights.slice(1) }],
  ["the units do not fit the weights", { ...BASE, architecture: { ...BASE.architecture, units: [4, 4] } }],
  ["the vocabulary has another length", { ...BASE, vocabulary: ["a"] }],
  ["the window is 0", { ...BASE, architecture: { ...BASE.architecture, window: 0 } }],
  ["dropout is 1", { ...BASE, architecture: { ...BASE.architecture, dropout: 1 } }],
])("a model is not written when %s", (_, model) => {
  const error = expect.objectContaining({ name: "FormatError", code: "BAD_MODEL" });
  for (const write of [writeKerasH5, writeKerasV3, writeOnnx, writeSafetensors])
    expect(() => write(model)).toThrow(error);
});
