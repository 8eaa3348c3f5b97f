import { expect, test } from "vitest";
import type { RawTensor } from "./assemble.js";
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

test.each([
  ["both directions", [...lstm("", 0, 5, 2), ["weight_ih_l0_reverse", tensor(8, 5)]], "UNSUPPORTED_LAYER"],
  ["a projection", [...lstm("", 0, 5, 2), ["weight_hr_l0", tensor(1, 2)]], "UNSUPPORTED_LAYER"],
  ["another layer", [...lstm("", 0, 5, 2), ...linear("fc", 2, 5), ...linear("norm", 3, 3)], "UNSUPPORTED_LAYER"],
  ["no LSTM", linear("fc", 2, 5), "NOT_A_MODEL"],
  ["no output layer", lstm("", 0, 5, 2), "MISSING_WEIGHTS"],
  ["half a layer", lstm("", 0, 5, 2).slice(0, 1), "MISSING_WEIGHTS"],
])("%s is refused", (_, entries, code) => {
  expect(() => pytorchTopology(new Map(entries as [string, RawTensor][]), nothing)).toThrow(
    expect.objectContaining({ name: "KerasError", code }),
  );
});
