import { lstmName } from "@charlstm/network";
import * as tf from "@tensorflow/tfjs-core";
import { layers as kerasLayers, type LayersModel, sequential } from "@tensorflow/tfjs-layers";
import { dropoutName } from "./checkpoint/architecture.js";
import { initialWeights } from "./checkpoint/initial-weights.js";
import type { Architecture } from "./checkpoint/types.js";
import { checkNames, ModelError } from "./errors.js";
import { setWeights } from "./set-weights.js";

/** The network to make. */
export interface CharLstmOptions {
  /** Characters of the vocabulary, 1 or more. */
  vocabularySize: number;
  /** Characters of a window. Default `60`. */
  window?: number;
  /** Width of the LSTM state, or of each layer's. Default `128`. */
  units?: number | readonly number[];
  /** Share of each layer's outputs dropped in training, in `[0, 1)`. Default `0`: no dropout layers. */
  dropout?: number;
  /** Starts the weights; a whole number. Default `0`. */
  seed?: number;
  /** Of RMSprop. Default `0.01`. */
  learningRate?: number;
}

const optionNames = ["vocabularySize", "window", "units", "dropout", "seed", "learningRate"];

/**
 * Makes the compiled model of the notebook: one-hot windows `[N, T, V]` → LSTM → softmax `[N, V]`, with Keras's defaults where
 * TensorFlow.js has others (recurrent activation sigmoid, Glorot-uniform kernels, forget bias 1), RMSprop with rho 0.9 and
 * epsilon 1e-7, and categorical cross-entropy.
 *
 * The weights are made by plain code from the seed: TensorFlow.js's own orthogonal initializer blocks for seconds.
 *
 * @throws {ModelError} `BAD_OPTION`.
 */
export function createCharLstm(options: CharLstmOptions): LayersModel {
  const { seed = 0, learningRate = 0.01 } = options;
  const architecture = architectureOf(options);
  const model = buildModel(architecture);
  setWeights(model, initialWeights(architecture, { seed }));
  model.compile({ optimizer: tf.train.rmsprop(learningRate, 0.9, 0, 1e-7), loss: "categoricalCrossentropy" });
  return model;
}

/** The layers, with zero weights and the topology that says Keras's initializers. */
export function buildModel(architecture: Architecture): LayersModel {
  const { vocabularySize, window, units, dropout, recurrentActivation } = architecture;
  const model = sequential({ name: "charlstm" });
  units.forEach((width, layer) => {
    const lstm = kerasLayers.lstm({
      name: lstmName(layer),
      units: width,
      ...(layer === 0 ? { inputShape: [window, vocabularySize] } : {}),
      returnSequences: layer < units.length - 1,
      recurrentActivation: recurrentActivation === "hard_sigmoid" ? "hardSigmoid" : "sigmoid",
      kernelInitializer: "glorotUniform",
      recurrentInitializer: "orthogonal",
      unitForgetBias: true,
    });
    // Zeros now, as when a model is loaded: the true weights are set at once.
    lstm.setFastWeightInitDuringBuild(true);
    model.add(lstm);
    if (dropout > 0) model.add(kerasLayers.dropout({ name: dropoutName(layer), rate: dropout }));
  });
  const dense = kerasLayers.dense({
    name: "dense",
    units: vocabularySize,
    activation: "softmax",
    kernelInitializer: "glorotUniform",
  });
  dense.setFastWeightInitDuringBuild(true);
  model.add(dense);
  return model;
}

function architectureOf(options: CharLstmOptions): Architecture {
  checkNames(options, optionNames, "createCharLstm");
  const { vocabularySize, window = 60, units = 128, dropout = 0, seed = 0, learningRate = 0.01 } = options;
  const widths = typeof units === "number" ? [units] : [...units];
  const checks: [string, unknown, boolean, string][] = [
    ["vocabularySize", vocabularySize, isWhole(vocabularySize, 1), "a whole number above 0"],
    ["window", window, isWhole(window, 1), "a whole number above 0"],
    [
      "units",
      units,
      widths.length > 0 && widths.every((width) => isWhole(width, 1)),
      "a whole number above 0, or one for each layer",
    ],
    [
      "dropout",
      dropout,
      typeof dropout === "number" && dropout >= 0 && dropout < 1,
      "a number from 0 up to, not including, 1",
    ],
    ["seed", seed, Number.isSafeInteger(seed), "a whole number"],
    ["learningRate", learningRate, learningRate > 0 && Number.isFinite(learningRate), "a number above 0"],
  ];
  for (const [name, given, holds, expected] of checks) {
    if (!holds)
      throw new ModelError("BAD_OPTION", `${name} is ${JSON.stringify(given)}, it has to be ${expected}`, {
        name,
        given,
        expected,
      });
  }
  return { vocabularySize, window, units: widths, dropout };
}

function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}
