import { encodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { expectClose } from "@charlstm/testing";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readTfjsLayersModel, type TfjsFiles } from "../src/index.js";
import { randomModel, randomWindows, repeatable } from "./models.js";
import { ReferenceNetwork } from "./reference.js";

const LOSSES = 1e-3;
const RATE = 0.0078125; // a 32-bit float holds it exactly

const architecture = { vocabularySize: 9, window: 6, units: [5, 4], dropout: 0 };
const random = repeatable(3);
const batches = Array.from({ length: 13 }, (_, n) => ({
  inputs: randomWindows(8, architecture, n),
  targets: Array.from({ length: 8 }, () => Math.floor(random() * 9)),
}));

beforeEach(() => tf.setBackend("cpu").then(() => tf.engine().startScope()));
afterEach(() => tf.engine().endScope());

/** A layers model with the settings that the network here has, which are not tfjs's defaults. */
function layersModel(): tf.Sequential {
  const { window, vocabularySize, units } = architecture;
  const model = tf.sequential();
  units.forEach((width, k) => {
    const returnSequences = k + 1 < units.length;
    const inputShape = k === 0 ? { inputShape: [window, vocabularySize] } : {};
    model.add(tf.layers.lstm({ units: width, recurrentActivation: "sigmoid", returnSequences, ...inputShape }));
  });
  model.add(tf.layers.dense({ units: vocabularySize, activation: "softmax" }));
  return model;
}

/** What tfjs saves, optimizer included, as files. */
async function saved(model: tf.LayersModel): Promise<TfjsFiles> {
  const weights = new Map<string, Uint8Array>();
  let modelJson = "";
  const save = tf.io.withSaveHandler(async (artifacts) => {
    const { weightSpecs, weightData, ...rest } = artifacts;
    const buffer = tf.io.CompositeArrayBuffer.join(weightData!);
    weights.set("weights.bin", new Uint8Array(buffer));
    modelJson = JSON.stringify({ ...rest, weightsManifest: [{ paths: ["weights.bin"], weights: weightSpecs }] });
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(save, { includeOptimizer: true });
  return { modelJson, weights };
}

async function train(model: tf.LayersModel, { inputs, targets }: (typeof batches)[number]): Promise<number> {
  const x = tf.oneHot(tf.tensor2d(inputs, undefined, "int32"), 9).toFloat();
  const y = tf.oneHot(tf.tensor1d(targets, "int32"), 9).toFloat();
  return (await model.trainOnBatch(x, y)) as number;
}

test.each([
  ["rmsprop", () => tf.train.rmsprop(RATE, 0.9, 0, 1e-7)],
  ["adam", () => tf.train.adam(RATE, 0.9, 0.999, 1e-7)],
] as const)("a model that tfjs trained with %s goes on here as it does there", async (name, optimizer) => {
  const model = layersModel();
  model.setWeights(randomModel(architecture).weights.map(({ shape, values }) => tf.tensor(values, [...shape])));
  model.compile({ loss: "categoricalCrossentropy", optimizer: optimizer() });
  for (const batch of batches.slice(0, 3)) await train(model, batch);

  const files = await saved(model);
  const read = readTfjsLayersModel(files);
  expect(read.warnings).toEqual([]);
  expect(read.optimizer).toMatchObject({ config: { name }, state: { step: 3 }, learningRate: RATE });
  const uncounted = readTfjsLayersModel({ ...files, modelJson: files.modelJson.replace('"iter"', '"other"') });
  expect(uncounted.optimizer).toMatchObject({ state: { step: 0, slots: read.optimizer!.state.slots } });

  const network = new ReferenceNetwork(read);
  const ours = batches.slice(3).map(({ inputs, targets }) => network.train(inputs, targets, RATE));
  const theirs: number[] = [];
  for (const batch of batches.slice(3)) theirs.push(await train(model, batch));
  expectClose(ours, theirs, LOSSES);
});

test("tfjs's LSTM with its default settings, hard_sigmoid gates, predicts here as there, and opens there again", async () => {
  const model = tf.sequential();
  model.add(tf.layers.lstm({ units: 5, inputShape: [6, 9], returnSequences: true }));
  model.add(tf.layers.lstm({ units: 4 }));
  model.add(tf.layers.dense({ units: 9, activation: "softmax" }));
  model.setWeights(randomModel(architecture).weights.map(({ shape, values }) => tf.tensor(values, [...shape]).mul(3)));
  const windows = randomWindows(20, architecture);
  const predict = (network: tf.LayersModel) =>
    (network.predict(tf.oneHot(tf.tensor2d(windows, undefined, "int32"), 9)) as tf.Tensor2D).array();
  const theirs = await predict(model);

  const read = readTfjsLayersModel(await saved(model));
  expect(read.architecture.recurrentActivation).toBe("hard_sigmoid");
  const network = new ReferenceNetwork(read);
  for (const [row, window] of windows.entries()) expectClose(network.predict(window), theirs[row]!, 1e-5);

  const { architecture: shape, weights } = read;
  const facts = { objective: "window", history: [], settings: {}, metadata: {} } as const;
  const files = encodeCheckpoint({ architecture: shape, weights, vocabulary: [..."abcdefghi"], ...facts });
  const modelJson = JSON.parse(new TextDecoder().decode(files.get(fileNames.model))) as tf.io.ModelJSON;
  const [group] = modelJson.weightsManifest;
  const weightData = files.get(fileNames.weights)!.slice().buffer;
  const again = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: modelJson.modelTopology, weightSpecs: group!.weights, weightData }),
  );
  expect(await predict(again)).toEqual(theirs);
});

test("a checkpoint of ours reads as the tfjs layers model that it is, with its vocabulary and objective", async () => {
  const { architecture: shape, weights, vocabulary: unsorted = [] } = randomModel({ ...architecture, dropout: 0.5 });
  const vocabulary = [...unsorted].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  const files = await encodeCheckpoint({
    architecture: shape,
    weights,
    vocabulary,
    objective: "sequence",
    history: [],
    settings: {},
    metadata: {},
  });
  const read = readTfjsLayersModel({
    modelJson: new TextDecoder().decode(files.get(fileNames.model)),
    weights: new Map([[fileNames.weights, files.get(fileNames.weights)!]]),
  });
  expect(read).toMatchObject({ architecture: shape, vocabulary, objective: "sequence", warnings: [] });
  expect(read.weights).toEqual(weights);
});
