import { describe, expect, test } from "vitest";
import { readTopology } from "./topology.js";

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

describe("what only training would notice is told in a warning", () => {
  test.each([
    ["dropout inside a layer", [lstm({ recurrent_dropout: 0.2 }), dense()], /recurrent_dropout inside layer "lstm"/],
    ["several rates", [lstm(), layer("Dropout", { rate: 0.1 }), lstm(), dense()], /0.1, 0 become 0.1/],
    ["dropout of the input", [layer("Dropout", { rate: 0.1 }), lstm(), dense()], /dropout of the input/],
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
      "hard sigmoid",
      [lstm({ recurrent_activation: "hard_sigmoid" }), dense()],
      "UNSUPPORTED_ACTIVATION",
      /hard_sigmoid/,
    ],
    [
      "no activation told",
      [lstm({ recurrent_activation: undefined }), dense()],
      "UNSUPPORTED_ACTIVATION",
      /hard_sigmoid/,
    ],
    ["relu", [lstm({ activation: "relu" }), dense()], "UNSUPPORTED_ACTIVATION", /relu, expected tanh/],
    ["sigmoid output", [lstm(), dense({ activation: "sigmoid" })], "UNSUPPORTED_ACTIVATION", /expected softmax/],
  ])("%s", (_, layers, code, message) => {
    expect(() => readTopology(sequential(...layers))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

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
