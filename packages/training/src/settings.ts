import type { Objective, OptimizerConfig } from "./backend.js";
import { checkNames, TrainingError } from "./errors.js";
import type { ItemKind } from "./items.js";
import { expectedOf, isInRange, settingsTable } from "./settings-table.js";

/** Everything that decides what a run computes; saved with every checkpoint. */
export interface TrainingSettings {
  objective: Objective;
  /** Width of the state of each LSTM layer. */
  units: readonly number[];
  /** Share of each layer's outputs dropped in training, in `[0, 1)`. */
  dropout: number;
  /** Characters of a window, or of one truncated stretch of a stream. */
  window: number;
  /** Characters between two window starts; the sequence objective reads every character. */
  stride: number;
  /** Rows of a batch. */
  batch: number;
  epochs: number;
  /** Stops after this many updates, also in the middle of an epoch. */
  maxSteps?: number | undefined;
  optimizer: OptimizerConfig;
  /** The highest learning rate; the schedule leads up to it and down from it. */
  learningRate: number;
  /** Updates over which the learning rate rises from 0. */
  warmupSteps: number;
  /** `cosine` lowers the rate to `finalRate` of the highest by the last update. */
  decay: "constant" | "cosine";
  /** Share of the highest rate that is left at the end of the decay. */
  finalRate: number;
  /** Largest global norm of the gradient; `undefined` and `0` leave it alone. */
  clipNorm?: number | undefined;
  /** Share of the text, at its end, that is held out, in `[0, 1)`; of items a share of them, evenly among all. */
  heldOut: number;
  /**
   * What of the text is an item, with a beginning and an end of its own; the text then has their marks, as `createTextJoiner` sets
   * them. For the sequence objective. Default: the text is one.
   */
  items?: ItemKind | undefined;
  /** Ends the run after this many epochs without a new lowest loss; `undefined` and `0` never do. */
  patience?: number | undefined;
  /** Temperatures of the texts written after each epoch. */
  temperatures: readonly number[];
  /** Characters written per temperature after each epoch. */
  sampleLength: number;
  /** Starts every random choice of the run: weights, shuffling, dropout, prompts and samples. */
  seed: number;
}

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

/**
 * Returns the settings when every one is in its range.
 *
 * @throws {TrainingError} `BAD_OPTION`, naming the setting, what was given and what was expected; also for a name that is none.
 */
export function checkSettings(settings: TrainingSettings): TrainingSettings {
  checkNames(settings, Object.keys(settingsTable), "train");
  for (const [name, { range, optional }] of Object.entries(settingsTable)) {
    const given = settings[name as keyof TrainingSettings];
    if ((optional && given === undefined) || isInRange(range, given)) continue;
    const expected = expectedOf(range);
    const message = `${name} is ${JSON.stringify(given)}, it has to be ${expected}`;
    throw new TrainingError("BAD_OPTION", message, { name, given, expected });
  }
  if (settings.items !== undefined && settings.objective === "window") {
    throw new TrainingError(
      "BAD_OPTION",
      'items have no windows of one length: train them with the objective "sequence", as the presets quick and large do',
      { name: "items", given: settings.items, objective: settings.objective },
    );
  }
  return settings;
}
