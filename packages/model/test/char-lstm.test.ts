import "@tensorflow/tfjs-backend-cpu";
import { expectClose } from "@charlstm/testing";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { initialWeights } from "../src/checkpoint-node.js";
import { type CharLstmOptions, createCharLstm, isModelError } from "../src/index.js";

const tiny: CharLstmOptions = { vocabularySize: 3, window: 4, units: 2 };
let tensors = 0;

beforeEach(async () => {
  await tf.setBackend("cpu");
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors, "tensors left behind").toBe(tensors));

/** Does something with a model, and disposes of it. */
function withModel<T>(options: CharLstmOptions, work: (model: LayersModel) => T): T {
  const model = createCharLstm(options);
  try {
    return work(model);
  } finally {
    model.dispose();
    model.optimizer.dispose();
  }
}

describe("a model with the notebook's numbers", () => {
  let model: LayersModel;
  beforeAll(async () => {
    await tf.setBackend("cpu");
    model = createCharLstm({ vocabularySize: 59 });
  });
  afterAll(() => {
    model.dispose();
    model.optimizer.dispose();
  });

  test("has 103,867 parameters", () => {
    expect(model.countParams()).toBe(103_867);
  });

  test("takes windows of 60 one-hot characters and gives a probability for each character", () => {
    expect(model.inputs[0]!.shape).toEqual([null, 60, 59]);
    expect(model.outputs[0]!.shape).toEqual([null, 59]);
  });

  test("has Keras's defaults where TensorFlow.js has others", () => {
    const [lstm, dense] = model.layers.map((layer) => layer.getConfig());
    const glorotUniform = { mode: "fanAvg", distribution: "uniform", scale: 1 };
    expect(lstm).toMatchObject({
      units: 128,
      activation: "tanh",
      recurrentActivation: "sigmoid",
      useBias: true,
      unitForgetBias: true,
      returnSequences: false,
      dropout: 0,
      recurrentDropout: 0,
      kernelInitializer: { className: "VarianceScaling", config: glorotUniform },
      recurrentInitializer: { className: "Orthogonal" },
      biasInitializer: { className: "Zeros" },
    });
    expect(dense).toMatchObject({
      units: 59,
      activation: "softmax",
      useBias: true,
      kernelInitializer: { className: "VarianceScaling", config: glorotUniform },
      biasInitializer: { className: "Zeros" },
    });
  });

  test("is compiled with RMSprop as Keras has it, and the loss of the notebook", () => {
    expect(model.loss).toBe("categoricalCrossentropy");
    expect(model.optimizer.getClassName()).toBe("RMSProp");
    expect(model.optimizer.getConfig()).toEqual({
      learningRate: 0.01,
      decay: 0.9,
      momentum: 0,
      epsilon: 1e-7,
      centered: false,
    });
  });
});

test("layers and dropout are as asked for", () => {
  withModel({ ...tiny, units: [4, 2], dropout: 0.25 }, (model) => {
    expect(model.layers.map((layer) => layer.name)).toEqual(["lstm", "dropout", "lstm_1", "dropout_1", "dense"]);
    expect(model.layers.map((layer) => layer.getConfig().returnSequences)).toEqual(
      [true, undefined, false, undefined, undefined], // every time step for the next layer, the last one for the softmax
    );
    expect(model.layers[1]!.getConfig().rate).toBe(0.25);
  });
});

test("the weights are those of the seed", async () => {
  const expected = initialWeights({ vocabularySize: 3, window: 4, units: [2], dropout: 0 }, { seed: 11 });
  const given = withModel({ ...tiny, seed: 11 }, (model) => model.getWeights().map((weight) => weight.dataSync()));
  expect(given.map((values) => [...values])).toEqual(expected.map(({ values }) => [...values]));
});

test("making a model runs no matrix product: TensorFlow.js's orthogonal initializer, which blocks, is not used", async () => {
  let model: LayersModel | undefined;
  const { kernelNames } = await tf.profile(() => {
    model = createCharLstm({ ...tiny, units: 8 });
    return model.getWeights();
  });
  expect(kernelNames.filter((name) => /MatMul|Random/i.test(name))).toEqual([]);
  model!.dispose();
  model!.optimizer.dispose();
});

test("it predicts what the equations of an LSTM say", async () => {
  const { vocabularySize: V, units: H } = { vocabularySize: 3, units: 2 };
  const ids = [2, 0, 1, 1];
  const weights = initialWeights({ vocabularySize: V, window: 4, units: [H], dropout: 0 }, { seed: 5 });
  const [kernel, recurrent, bias, dense, denseBias] = weights.map(({ values }) => values) as Float32Array[];
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let h = new Array<number>(H).fill(0);
  let c = new Array<number>(H).fill(0);
  for (const id of ids) {
    const z = Array.from({ length: 4 * H }, (_, column) =>
      h.reduce(
        (sum, value, row) => sum + value * recurrent![row * 4 * H + column]!,
        kernel![id * 4 * H + column]! + bias![column]!,
      ),
    );
    c = c.map((value, unit) => sigmoid(z[H + unit]!) * value + sigmoid(z[unit]!) * Math.tanh(z[2 * H + unit]!));
    h = c.map((value, unit) => sigmoid(z[3 * H + unit]!) * Math.tanh(value));
  }
  const exponentials = Array.from({ length: V }, (_, id) =>
    Math.exp(h.reduce((sum, value, unit) => sum + value * dense![unit * V + id]!, denseBias![id]!)),
  );
  const expected = exponentials.map((value) => value / exponentials.reduce((a, b) => a + b));

  const given = withModel({ ...tiny, seed: 5 }, (model) =>
    tf.tidy(() => (model.predict(tf.oneHot(tf.tensor2d([ids], [1, 4], "int32"), V)) as tf.Tensor).dataSync()),
  );
  expectClose(given, expected, 1e-6); // float32
});

test("it learns, and its tensors do not grow in number", async () => {
  const model = createCharLstm({ ...tiny, learningRate: 0.05 });
  const x = tf.tidy(() => tf.oneHot(tf.tensor2d([0, 1, 2, 0, 1, 2, 0, 1], [2, 4], "int32"), 3, 1, 0, "float32"));
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d([1, 2], "int32"), 3, 1, 0, "float32"));
  const losses: number[] = [];
  const counts = new Set<number>();
  for (let step = 0; step < 12; step++) {
    losses.push((await model.trainOnBatch(x, y)) as number);
    counts.add(tf.memory().numTensors);
  }
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);
  expect(counts.size).toBe(1);
  tf.dispose([x, y]);
  model.dispose();
  model.optimizer.dispose();
});

test.each([
  ["vocabularySize", { vocabularySize: 0 }, "0, it has to be a whole number above 0"],
  ["vocabularySize", { vocabularySize: 2.5 }, "2.5, it has to be a whole number above 0"],
  ["vocabularySize", { vocabularySize: undefined }, "undefined, it has to be a whole number above 0"],
  ["window", { window: 0 }, "0, it has to be a whole number above 0"],
  ["window", { window: Number.NaN }, "null, it has to be a whole number above 0"],
  ["units", { units: 0 }, "0, it has to be a whole number above 0, or one for each layer"],
  ["units", { units: [] }, "[], it has to be a whole number above 0, or one for each layer"],
  ["units", { units: [4, 1.5] }, "[4,1.5], it has to be a whole number above 0, or one for each layer"],
  ["dropout", { dropout: 1 }, "1, it has to be a number from 0 up to, not including, 1"],
  ["dropout", { dropout: -0.1 }, "-0.1, it has to be a number from 0 up to, not including, 1"],
  ["dropout", { dropout: "0.5" }, '"0.5", it has to be a number from 0 up to, not including, 1'],
  ["seed", { seed: 0.5 }, "0.5, it has to be a whole number"],
  ["learningRate", { learningRate: 0 }, "0, it has to be a number above 0"],
  ["learningRate", { learningRate: Number.POSITIVE_INFINITY }, "null, it has to be a number above 0"],
])("a wrong %s is refused by name: %o", (name, change, message) => {
  let caught: unknown;
  try {
    createCharLstm({ ...tiny, ...change } as CharLstmOptions);
  } catch (error) {
    caught = error;
  }
  expect(isModelError(caught)).toBe(true);
  expect(caught).toMatchObject({ code: "BAD_OPTION", details: { name }, message: `${name} is ${message}` });
});

test("an option that there is none of is refused by name", () => {
  expect(() => createCharLstm({ vocabularySize: 5, unit: 128 } as never)).toThrow(
    expect.objectContaining({ code: "BAD_OPTION", details: expect.objectContaining({ option: "unit" }) }),
  );
});
