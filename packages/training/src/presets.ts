import type { TrainingSettings } from "./settings.js";

/** The names of `presets`. */
export type PresetName = "notebook" | "quick" | "large";

const notebook: TrainingSettings = {
  objective: "window",
  units: [128],
  dropout: 0,
  window: 60,
  stride: 3,
  batch: 128,
  epochs: 60,
  // The notebook ran on Keras 2.7, which adds its epsilon of 1e-7 to the root: g / (sqrt(v) + 1e-7). Keras 3, TensorFlow.js and we
  // add it under the root, where 1e-14 is the same and 1e-7 holds back small gradients (0.035 nats after the first epoch).
  optimizer: { name: "rmsprop", rho: 0.9, epsilon: 1e-14 },
  learningRate: 0.01,
  warmupSteps: 0,
  decay: "constant",
  finalRate: 1,
  heldOut: 0,
  temperatures: [0.2, 0.5, 1.0, 1.2],
  sampleLength: 400,
  seed: 1,
};

const quick: TrainingSettings = {
  ...notebook,
  objective: "sequence",
  // Eight epochs of 192 units cost no more than twenty of the notebook's 128, and end at 1.107 nats on its text instead of 1.169.
  units: [192],
  dropout: 0.1,
  window: 64,
  // Rows are shared by fours natively, by eights in WebAssembly: 16 keep two threads busy. More rows learn less from as many characters.
  batch: 16,
  epochs: 8,
  optimizer: { name: "adam" },
  learningRate: 0.01,
  warmupSteps: 200,
  decay: "cosine",
  finalRate: 0.02,
  clipNorm: 5,
  heldOut: 0.05,
  // On books the last epoch is the best, or nearly; tables and short texts are learnt by heart long before the end.
  patience: 4,
};

/**
 * Ready settings.
 *
 * - `notebook`: the reference to the letter, LSTM(128) on windows, RMSprop at 0.01, every window trained.
 * - `quick`: a network of half as many units again, trained on whole sequences: better text in a small part of the work.
 * - `large`: a wider network, for the best text that ten minutes on two cores give.
 */
export const presets: Readonly<Record<PresetName, TrainingSettings>> = {
  notebook,
  quick,
  large: { ...quick, units: [512], dropout: 0.4, epochs: 9, learningRate: 0.005 },
};
