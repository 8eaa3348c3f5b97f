import type { Objective, OptimizerConfig } from "./backend.js";
import type { ItemKind } from "./items.js";

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
