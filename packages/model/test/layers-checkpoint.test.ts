import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../src/checkpoint-node.js";
import { checkpointFromModel, createCharLstm, modelFromCheckpoint } from "../src/index.js";
import { sampleCheckpoint } from "./checkpoints.js";

let tensors = 0;
beforeEach(async () => {
  await tf.setBackend("cpu");
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors, "tensors left behind").toBe(tensors));

function dispose(model: LayersModel): void {
  model.dispose();
  model.optimizer?.dispose();
}

function predict(model: LayersModel, { architecture }: Pick<Checkpoint, "architecture">): number[] {
  const { vocabularySize, window } = architecture;
  const ids = Array.from({ length: 3 * window }, (_, index) => (index * index) % vocabularySize);
  return tf.tidy(() => {
    const windows = tf.oneHot(tf.tensor2d(ids, [3, window], "int32"), vocabularySize);
    return [...(model.predict(windows) as tf.Tensor).dataSync()];
  });
}

test.each([{ units: [5] }, { units: [3, 4] }, { units: [2, 3, 2], dropout: 0.25 }])(
  "a model that went through a checkpoint predicts the very same: %o",
  async (shape) => {
    const architecture = { vocabularySize: 3, window: 4, dropout: 0, ...shape };
    const model = createCharLstm({ ...architecture, seed: 3 });
    const checkpoint = await checkpointFromModel(model, { architecture, vocabulary: ["a", "b", "😀"] } as never);
    expect(checkpoint.architecture).toEqual(architecture);
    const again = modelFromCheckpoint(decodeCheckpoint(encodeCheckpoint(checkpoint)));
    expect(predict(again, checkpoint)).toEqual(predict(model, checkpoint));
    for (const made of [model, again]) dispose(made);
  },
);

test("a model with hard_sigmoid gates goes through a checkpoint", async () => {
  const original = sampleCheckpoint({ units: [2, 3], recurrentActivation: "hard_sigmoid" });
  const model = modelFromCheckpoint(original);
  const checkpoint = await checkpointFromModel(model, { vocabulary: original.vocabulary });
  expect(checkpoint.architecture).toEqual(original.architecture);
  expect(checkpoint.weights).toEqual(original.weights);
  dispose(model);
});

test("what the caller says of a model is in its checkpoint; by default it is little", async () => {
  const model = createCharLstm({ vocabularySize: 2, window: 4, units: 2 });
  const vocabulary = ["a", "b"];
  const facts = {
    objective: "sequence",
    history: [{ loss: 1 }],
    settings: { batch: 3 },
    metadata: { by: "me" },
  } as const;
  expect(await checkpointFromModel(model, { vocabulary })).toMatchObject({
    vocabulary,
    objective: "window",
    history: [],
    settings: {},
    metadata: {},
  });
  expect(await checkpointFromModel(model, { vocabulary, ...facts })).toMatchObject(facts);
  dispose(model);
});

test("a checkpoint holds a copy: training the model afterwards does not change it", async () => {
  const model = createCharLstm({ vocabularySize: 2, window: 4, units: 2 });
  const checkpoint = await checkpointFromModel(model, { vocabulary: ["a", "b"] });
  const before = structuredClone(checkpoint);
  tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.onesLike(weight))));
  expect(checkpoint).toEqual(before);
  dispose(model);
});

test("a vocabulary of another size is refused", async () => {
  const model = createCharLstm({ vocabularySize: 2, window: 4, units: 2 });
  await expect(checkpointFromModel(model, { vocabulary: ["a"] })).rejects.toMatchObject({ code: "BAD_CHECKPOINT" });
  dispose(model);
});

test("weights that do not fit the architecture are refused, and leave no tensors", () => {
  const checkpoint = sampleCheckpoint();
  const { weights } = sampleCheckpoint({ units: [3] });
  expect(() => modelFromCheckpoint({ ...checkpoint, weights })).toThrow(
    expect.objectContaining({ code: "BAD_WEIGHTS" }),
  );
  const architecture = { ...checkpoint.architecture, units: [] };
  expect(() => modelFromCheckpoint({ ...checkpoint, architecture })).toThrow(
    expect.objectContaining({ code: "BAD_ARCHITECTURE" }),
  );
});

describe("a model that is no character LSTM is refused, naming the layer", () => {
  const lstm = (config: object = {}) => layers.lstm({ units: 2, recurrentActivation: "sigmoid", ...config });
  const input = { inputShape: [4, 3] };
  const softmax = (config: object = {}) => layers.dense({ units: 3, activation: "softmax", ...config });
  test.each([
    [
      "gates of another kind",
      [lstm({ ...input, recurrentActivation: "softsign" }), softmax()],
      /lstm.* has recurrentActivation "softsign"/,
    ],
    [
      "gates of two kinds",
      [
        lstm({ ...input, recurrentActivation: "hardSigmoid", returnSequences: true }),
        lstm({ units: 2, recurrentActivation: "sigmoid" }),
        softmax(),
      ],
      /has recurrentActivation "sigmoid", expected "hardSigmoid"/,
    ],
    ["no bias", [lstm({ ...input, useBias: false }), softmax()], /has useBias false/],
    ["a GRU", [layers.gru({ units: 2, ...input }), softmax()], /is a GRU, expected LSTM/],
    ["reading backwards", [lstm({ ...input, goBackwards: true }), softmax()], /has goBackwards true/],
    ["dropout within the layer", [lstm({ ...input, dropout: 0.5 }), softmax()], /has dropout 0.5/],
    ["a sigmoid at the end", [lstm(input), softmax({ activation: "sigmoid" })], /has activation "sigmoid"/],
    ["other characters at the end", [lstm(input), softmax({ units: 4 })], /has units 4, expected 3/],
    ["an LSTM at the end", [lstm({ ...input, returnSequences: true }), lstm()], /is a LSTM, expected Dense/],
    [
      "dropout after one layer only",
      [lstm({ ...input, returnSequences: true }), layers.dropout({ rate: 0.5 }), lstm(), softmax()],
      /dropout layers that differ/,
    ],
    [
      "dropout of two rates",
      [
        lstm({ ...input, returnSequences: true }),
        layers.dropout({ rate: 0.5 }),
        lstm(),
        layers.dropout({ rate: 0.25 }),
        softmax(),
      ],
      /dropout layers that differ/,
    ],
    ["no LSTM", [layers.dense({ units: 3, activation: "softmax", ...input })], /has no LSTM layer/],
    [
      "windows of any length",
      [lstm({ inputShape: [null, 3] }), softmax()],
      /windows of one-hot characters of one length/,
    ],
  ] as [string, layers.Layer[], RegExp][])("%s", async (_name, parts, message) => {
    const model = sequential({ layers: parts });
    await expect(checkpointFromModel(model, { vocabulary: ["a", "b", "c"] })).rejects.toMatchObject({
      code: "BAD_MODEL",
      message: expect.stringMatching(message),
    });
    dispose(model);
  });
});
