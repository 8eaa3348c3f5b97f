import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json.js";
import { readTopology as readWordsOf } from "./topology.js";

const readTopology = (model: JsonObject, keras: 2 | 3 = 2) => readWordsOf(model, keras);

const layer = (className: string, config: object = {}) => ({
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
});
const lstm = (config: object = {}) =>
  layer("LSTM", { units: 4, activation: "tanh", recurrent_activation: "sigmoid", ...config });
const dense = (config: object = {}) => layer("Dense", { units: 7, activation: "softmax", ...config });
const input = layer("InputLayer", { batch_input_shape: [null, 60, 7] });
const sequential = (...layers: object[]) => ({ class_name: "Sequential", config: { name: "model", layers } });

test("layers, window, characters and dropout are read", () => {
  const read = readTopology(
    sequential(
      input,
      lstm({ name: "a" }),
      layer("Dropout", { rate: 0.5 }),
      lstm({ units: 3 }),
      layer("Dropout", { rate: 0.5 }),
      dense(),
    ),
  );
  expect(read.layers.map(({ kind, units }) => [kind, units])).toEqual([
    ["lstm", 4],
    ["lstm", 3],
    ["dense", 7],
  ]);
  expect(read).toMatchObject({ window: 60, inputSize: 7, dropout: 0.5, warnings: [] });
});

test("what a later layer says of its input is no window", () => {
  const read = readTopology(sequential(lstm(), dense({ batch_input_shape: [null, 9, 4] })));
  expect(read).toMatchObject({ window: undefined, inputSize: undefined });
});

test("the list that Keras before 2.2.3 wrote is read too", () => {
  expect(readTopology({ class_name: "Sequential", config: [lstm(), dense()] }).layers).toHaveLength(2);
});

test("softmax may be a layer of its own, and Dense may be wrapped in TimeDistributed", () => {
  const logits = dense({ activation: "linear" });
  for (const last of [layer("Activation", { activation: "softmax" }), layer("Softmax")]) {
    expect(readTopology(sequential(lstm(), logits, last)).warnings).toEqual([]);
  }
  const wrapped = layer("TimeDistributed", { layer: dense() });
  expect(readTopology(sequential(lstm({ return_sequences: true }), wrapped)).layers[1]).toMatchObject({
    wrapped: true,
  });
});

test("a model that predicts after every character is one of sequences", () => {
  const all = lstm({ return_sequences: true });
  expect(readTopology(sequential(lstm(), dense())).objective).toBe("window");
  expect(readTopology(sequential(all, lstm({ return_sequences: false }), dense())).objective).toBe("window");
  expect(readTopology(sequential(all, all, dense())).objective).toBe("sequence");
});

test("layers that change no prediction are passed over", () => {
  const all = lstm({ return_sequences: true });
  const wrapped = (inner: object) => layer("TimeDistributed", { layer: inner });
  const read = readTopology(
    sequential(
      layer("Masking", { mask_value: 0 }),
      all,
      wrapped(layer("Dropout", { rate: 0.5 })),
      layer("Activation", { activation: "linear" }),
      wrapped(dense({ activation: "linear" })),
      wrapped(layer("Activation", { activation: "softmax" })),
    ),
  );
  expect(read).toMatchObject({ dropout: 0.5, objective: "sequence", warnings: [] });
});

test("softmax over the last axis may be told by its number", () => {
  const logits = dense({ activation: "linear" });
  const all = lstm({ return_sequences: true });
  expect(readTopology(sequential(lstm(), logits, layer("Softmax", { axis: 1 }))).warnings).toEqual([]);
  expect(readTopology(sequential(all, logits, layer("Softmax", { axis: [2] }))).warnings).toEqual([]);
});

test("which function hard_sigmoid is follows from the Keras that says it", () => {
  const hard = sequential(lstm({ recurrent_activation: "hard_sigmoid" }), dense());
  expect(readTopology(hard, 2).gates).toBe("hard-sigmoid-2");
  expect(readTopology(hard, 3).gates).toBe("hard-sigmoid-3");
  // The default before Keras 2.3, which did not always write it.
  expect(readTopology(sequential(lstm({ recurrent_activation: undefined }), dense())).gates).toBe("hard-sigmoid-2");
});

describe("a stateful model", () => {
  const one = layer("InputLayer", { batch_input_shape: [1, 1, 7] });

  test("of one character is the copy for writing: it reads a stream, and has no window", () => {
    const read = readTopology(sequential(one, lstm({ stateful: true }), dense()));
    expect(read).toMatchObject({ objective: "sequence", window: undefined });
    expect(read.warnings.join()).toMatch(/stateful: the model is read as one of streams/);
  });

  test("of more characters keeps their number", () => {
    const read = readTopology(sequential(input, lstm({ stateful: true }), lstm({ stateful: true }), dense()));
    expect(read).toMatchObject({ objective: "sequence", window: 60 });
  });

  test("whose layers do not agree is told so", () => {
    const read = readTopology(sequential(input, lstm({ stateful: true }), lstm(), dense()));
    expect(read.warnings.join()).toMatch(/only some LSTM layers are stateful/);
  });

  test("is something else than a window of one character", () => {
    expect(readTopology(sequential(one, lstm(), dense()))).toMatchObject({ objective: "window", window: 1 });
  });
});

describe("what only training would notice is told in a warning", () => {
  test.each([
    ["dropout inside a layer", [lstm({ recurrent_dropout: 0.2 }), dense()], /recurrent_dropout inside layer "lstm"/],
    ["several rates", [lstm(), layer("Dropout", { rate: 0.1 }), lstm(), dense()], /0.1, 0 become 0.1/],
    ["dropout of the input", [layer("Dropout", { rate: 0.1 }), lstm(), dense()], /"dropout" \(Dropout\) is left out/],
    ["dropout of the output", [lstm(), dense(), layer("Dropout", { rate: 0.1 })], /"dropout" \(Dropout\) is left out/],
    ["dropped units", [lstm(), layer("SpatialDropout1D", { rate: 0.1 }), dense()], /\(SpatialDropout1D\) is left out/],
    ["noise", [layer("GaussianNoise", { stddev: 0.1 }), lstm(), dense()], /\(GaussianNoise\) is left out/],
    [
      "noise at every character",
      [lstm({ return_sequences: true }), layer("TimeDistributed", { layer: layer("GaussianDropout") }), dense()],
      /\(GaussianDropout\) is left out/,
    ],
    ["logits", [lstm(), dense({ activation: "linear" })], /taken as logits/],
  ])("%s", (_, layers, warning) => {
    expect(readTopology(sequential(...layers)).warnings.join()).toMatch(warning);
  });
});

describe("what the network here cannot do is refused, the layer named", () => {
  test.each([
    ["another layer", [layer("GRU", { units: 4 }), dense()], "UNSUPPORTED_LAYER", /"gru" \(GRU\)/],
    ["both directions", [layer("Bidirectional"), dense()], "UNSUPPORTED_LAYER", /Bidirectional/],
    ["code", [lstm(), layer("Lambda", { function: ["4wEAAAA="] }), dense()], "UNSUPPORTED_LAYER", /Lambda/],
    ["two Dense layers", [lstm(), dense({ name: "one" }), dense({ name: "two" })], "UNSUPPORTED_LAYER", /"two"/],
    ["Dense before LSTM", [dense({ name: "first" }), lstm()], "UNSUPPORTED_LAYER", /"first"/],
    ["no Dense", [lstm()], "UNSUPPORTED_LAYER", /does not end in a Dense/],
    ["backwards", [lstm({ go_backwards: true }), dense()], "UNSUPPORTED_LAYER", /go_backwards/],
    [
      "masking",
      [layer("Embedding", { input_dim: 7, output_dim: 3, mask_zero: true }), lstm(), dense()],
      "UNSUPPORTED_LAYER",
      /mask_zero/,
    ],
    [
      "two kinds of gates",
      [lstm(), lstm({ recurrent_activation: "hard_sigmoid" }), dense()],
      "UNSUPPORTED_ACTIVATION",
      /different recurrent activations/,
    ],
    [
      "softmax of a softmax",
      [lstm(), dense(), layer("Activation", { activation: "softmax" })],
      "UNSUPPORTED_LAYER",
      /second softmax/,
    ],
    ["a Softmax layer after softmax", [lstm(), dense(), layer("Softmax")], "UNSUPPORTED_LAYER", /second softmax/],
    [
      "a wrapped softmax after softmax",
      [lstm({ return_sequences: true }), dense(), layer("TimeDistributed", { layer: layer("Softmax") })],
      "UNSUPPORTED_LAYER",
      /second softmax/,
    ],
    [
      "softmax over time",
      [lstm({ return_sequences: true }), dense({ activation: "linear" }), layer("Softmax", { axis: 1 })],
      "UNSUPPORTED_LAYER",
      /axis is 1, expected the last/,
    ],
    [
      "softmax over the batch",
      [lstm(), dense({ activation: "linear" }), layer("Softmax", { axis: [0] })],
      "UNSUPPORTED_LAYER",
      /axis is \[0\]/,
    ],
    [
      "masking of ones",
      [layer("Masking", { mask_value: 1 }), lstm(), dense()],
      "UNSUPPORTED_LAYER",
      /masking of zeros/,
    ],
    [
      "an LSTM for each character",
      [layer("TimeDistributed", { layer: lstm() }), dense()],
      "UNSUPPORTED_LAYER",
      /a LSTM layer inside/,
    ],
    ["relu", [lstm({ activation: "relu" }), dense()], "UNSUPPORTED_ACTIVATION", /relu, expected tanh/],
    ["sigmoid output", [lstm(), dense({ activation: "sigmoid" })], "UNSUPPORTED_ACTIVATION", /expected softmax/],
  ])("%s", (_, layers, code, message) => {
    expect(() => readTopology(sequential(...layers))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  test.each(["constructor", "__proto__", "toString", "valueOf", "hasOwnProperty"])(
    "a layer of the class %s",
    (name) => {
      const refused = expect.objectContaining({ code: "UNSUPPORTED_LAYER" });
      expect(() => readTopology(sequential(lstm(), layer(name), dense()))).toThrow(refused);
      expect(() => readTopology(sequential(lstm(), layer("TimeDistributed", { layer: layer(name) }), dense()))).toThrow(
        refused,
      );
      expect(() => readTopology(sequential(lstm({ recurrent_activation: name }), dense()))).toThrow(
        expect.objectContaining({ code: "UNSUPPORTED_ACTIVATION" }),
      );
    },
  );

  test("a functional model that branches", () => {
    const from = (name: string) => [[[name, 0, 0, {}]]];
    const layers = [
      { ...input, inbound_nodes: [] },
      { ...lstm({ name: "left" }), inbound_nodes: from("inputlayer") },
      { ...lstm({ name: "right" }), inbound_nodes: from("inputlayer") },
      { ...dense(), inbound_nodes: from("left") },
    ];
    expect(() => readTopology({ class_name: "Functional", config: { layers } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_LAYER", details: { layer: "right", className: "LSTM" } }),
    );
  });

  test("a subclassed model", () => {
    expect(() => readTopology({ class_name: "MyModel", config: {} })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_LAYER", message: expect.stringContaining("MyModel") }),
    );
  });
});
