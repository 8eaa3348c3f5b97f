import { describe, expect, test } from "vitest";
import type { RawTensor } from "../layers/layout.js";
import { pytorchTopology } from "./pytorch-names.js";

const tensor = (...shape: number[]): RawTensor => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => index),
});
const lstm = (prefix: string, layer: number, inputs: number, units: number): [string, RawTensor][] => [
  [`${prefix}weight_ih_l${layer}`, tensor(4 * units, inputs)],
  [`${prefix}weight_hh_l${layer}`, tensor(4 * units, units)],
  [`${prefix}bias_ih_l${layer}`, tensor(4 * units)],
  [`${prefix}bias_hh_l${layer}`, tensor(4 * units)],
];
const linear = (name: string, inputs: number, outputs: number): [string, RawTensor][] => [
  [`${name}.weight`, tensor(outputs, inputs)],
  [`${name}.bias`, tensor(outputs)],
];
const nothing = { window: undefined, dropout: 0 };

test("module names do not matter, and the two biases are added", () => {
  const { topology, arrays } = pytorchTopology(
    new Map([...linear("decoder", 2, 5), ...lstm("rnn.", 0, 5, 2), ...lstm("rnn.", 1, 2, 2)]),
    nothing,
  );
  expect(topology.layers.map(({ kind, units }) => [kind, units])).toEqual([
    ["lstm", 2],
    ["lstm", 2],
    ["dense", 5],
  ]);
  expect(arrays[0]![2]!.values).toEqual(Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14));
  expect(arrays[0]![0]!.shape).toEqual([5, 8]);
});

test("an Embedding is found, also one as wide as the state", () => {
  const files = new Map([["encoder.weight", tensor(5, 2)], ...lstm("lstm.", 0, 2, 2), ...linear("fc", 2, 5)]);
  const { topology } = pytorchTopology(files, nothing);
  expect(topology.layers.map(({ kind, name }) => [kind, name])).toEqual([
    ["embedding", "encoder.weight"],
    ["lstm", "lstm.lstm_l0"],
    ["dense", "fc"],
  ]);
});

const matrix = (name: string, rows: number, columns: number): [string, RawTensor] => [
  `${name}.weight`,
  tensor(rows, columns),
];
const kindsOf = (...entries: [string, RawTensor][]) =>
  pytorchTopology(new Map(entries), nothing).topology.layers.map(({ name }) =>
    name.replace(/\.?(lstm_l0|weight)$/, ""),
  );

describe("an Embedding and an output layer without bias that have one size", () => {
  test.each([
    ["embedding", "fc"],
    ["embed", "out"],
    ["encoder", "decoder"],
    ["wte", "lm_head"],
    ["char_emb", "proj"],
  ])("are told apart by their names, %s and %s, in whatever order they lie", (embedding, output) => {
    const two = [matrix(embedding, 5, 3), matrix(output, 5, 3)];
    for (const pair of [two, [...two].reverse()])
      expect(kindsOf(...lstm("rnn.", 0, 3, 3), ...pair)).toEqual([embedding, "rnn", output]);
  });

  test.each([
    ["a", "b"],
    ["fc", "out"],
    ["embedding", "embedding2"],
  ])("are refused when their names, %s and %s, do not tell", (one, other) => {
    expect(() => kindsOf(matrix(one, 5, 3), ...lstm("rnn.", 0, 3, 3), matrix(other, 5, 3))).toThrow(
      expect.objectContaining({ code: "AMBIGUOUS", message: expect.stringContaining("dense.weight") }),
    );
  });

  test("are told apart by their sizes where these differ", () => {
    expect(kindsOf(matrix("a", 5, 3), ...lstm("rnn.", 0, 3, 4), matrix("b", 5, 4))).toEqual(["a", "rnn", "b"]);
  });
});

test("an Embedding and an output layer of one size are told apart by the bias, whatever their names", () => {
  for (const [embedding, output] of [
    ["a", "b"],
    ["b", "a"],
    ["out", "embedding"],
  ] as const) {
    expect(kindsOf(...lstm("rnn.", 0, 3, 3), matrix(embedding, 5, 3), ...linear(output, 3, 5))).toEqual([
      embedding,
      "rnn",
      output,
    ]);
  }
});

test("an Embedding that is the output layer's matrix is found in it", () => {
  const { topology, arrays } = pytorchTopology(new Map([...lstm("rnn.", 0, 3, 3), ...linear("fc", 3, 5)]), nothing);
  expect(topology.layers.map(({ kind }) => kind)).toEqual(["embedding", "lstm", "dense"]);
  expect(arrays[0]![0]).toEqual(tensor(5, 3));
  expect(topology.warnings).toEqual([expect.stringMatching(/the Embedding is the output layer's matrix/)]);
});

describe("several LSTM modules", () => {
  test.each([
    ["lstm.1", "lstm.0", ["lstm.0", "lstm.1"]],
    ["lstm10", "lstm9", ["lstm9", "lstm10"]],
    ["lstm2", "lstm", ["lstm", "lstm2"]],
    ["layers.1.rnn", "layers.0.rnn", ["layers.0.rnn", "layers.1.rnn"]],
  ])("%s and %s stand in the order of their numbers", (one, other, order) => {
    const modules = [...lstm(`${one}.`, 0, 3, 3), ...lstm(`${other}.`, 0, 3, 3)];
    expect(kindsOf(...modules, ...linear("fc", 3, 3))).toEqual([...order, "fc"]);
  });

  test("with other names stand as their sizes say", () => {
    const modules = [...lstm("after.", 0, 3, 4), ...lstm("before.", 0, 5, 3)];
    expect(kindsOf(...modules, ...linear("fc", 4, 5))).toEqual(["before", "after", "fc"]);
  });

  test("with other names and equal sizes are refused", () => {
    const modules = [...lstm("bottom.", 0, 3, 3), ...lstm("top.", 0, 3, 3)];
    expect(() => kindsOf(...modules, ...linear("fc", 3, 3))).toThrow(
      expect.objectContaining({ code: "AMBIGUOUS", message: expect.stringContaining("bottom, top") }),
    );
  });

  test("and two output layers of one size are refused", () => {
    expect(() => kindsOf(...lstm("rnn.", 0, 5, 3), ...linear("one", 3, 5), ...linear("two", 3, 5))).toThrow(
      expect.objectContaining({ code: "AMBIGUOUS" }),
    );
  });
});

test.each([
  ["both directions", [...lstm("", 0, 5, 2), ["weight_ih_l0_reverse", tensor(8, 5)]], "UNSUPPORTED_LAYER"],
  ["a projection", [...lstm("", 0, 5, 2), ["weight_hr_l0", tensor(1, 2)]], "UNSUPPORTED_LAYER"],
  ["another layer", [...lstm("", 0, 5, 2), ...linear("fc", 2, 5), ...linear("norm", 3, 3)], "UNSUPPORTED_LAYER"],
  ["no LSTM", linear("fc", 2, 5), "NOT_A_MODEL"],
  ["no output layer", lstm("", 0, 5, 2), "MISSING_WEIGHTS"],
  ["half a layer", lstm("", 0, 5, 2).slice(0, 1), "MISSING_WEIGHTS"],
])("%s is refused", (_, entries, code) => {
  expect(() => pytorchTopology(new Map(entries as [string, RawTensor][]), nothing)).toThrow(
    expect.objectContaining({ name: "FormatError", code }),
  );
});
