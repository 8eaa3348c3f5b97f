import type { RandomState } from "@charlstm/sampling";

/** The figures of one epoch; a line of `metrics.jsonl`. */
export interface EpochMetrics {
  /** From 1. */
  epoch: number;
  /** Updates since the run began. */
  step: number;
  /** Mean training loss over the epoch, in nats per character. */
  loss: number;
  /** The same on the held-out text at the epoch's end, when text is held out. */
  heldOutLoss?: number;
  /** Of the epoch's last update. */
  learningRate: number;
  /** Mean global norm of the gradient before clipping. */
  gradientNorm: number;
  /** Time spent in updates during the epoch. */
  seconds: number;
  /** Characters read by the network a second: rows × length of every batch. */
  charactersPerSecond: number;
}

/** Where a run stands; with the weights, the optimizer's slots and the carried state, all it takes to go on exactly. */
export interface TrainingProgress {
  /** Epochs that are complete. */
  epoch: number;
  /** Updates since the run began. */
  step: number;
  /** Updates of the epoch in progress. */
  stepInEpoch: number;
  /** Sums over the epoch in progress. */
  sums: EpochSums;
  /** State of the generator that picks prompts and draws the samples. */
  random: RandomState;
  /** The lowest loss on the held-out text (on the training text when nothing is held out) at an epoch's end. */
  best?: { epoch: number; loss: number };
  /** What the schedule's learning rate is multiplied with: less than 1 after the loss has diverged. */
  rateFactor: number;
  /** Times the run went back to an earlier checkpoint. */
  rollbacks: number;
  /** How the losses went, to tell when they run away. */
  watch: LossWatch;
  /** How many times in a row each character stands in the training text, in the order of the vocabulary: `generate` writes no more. */
  longestRuns?: number[];
}

export interface EpochSums {
  loss: number;
  gradientNorm: number;
  predictions: number;
  characters: number;
  seconds: number;
  /** Not a sum: the last update's. */
  learningRate: number;
}

export const noSums: EpochSums = {
  loss: 0,
  gradientNorm: 0,
  predictions: 0,
  characters: 0,
  seconds: 0,
  learningRate: 0,
};

/** Counts an update in. */
export function addStep(
  progress: TrainingProgress,
  update: {
    loss: number;
    gradientNorm: number;
    seconds: number;
    learningRate: number;
    predictions: number;
    characters: number;
  },
): void {
  const { sums } = progress;
  progress.step++;
  progress.stepInEpoch++;
  sums.loss += update.loss * update.predictions;
  sums.gradientNorm += update.gradientNorm;
  sums.predictions += update.predictions;
  sums.characters += update.characters;
  sums.seconds += update.seconds;
  sums.learningRate = update.learningRate;
}

/** The figures of the epoch in progress. */
export function epochMetrics({ epoch, step, stepInEpoch, sums }: TrainingProgress, heldOutLoss?: number): EpochMetrics {
  return {
    epoch: epoch + 1,
    step,
    loss: sums.loss / sums.predictions,
    ...(heldOutLoss === undefined ? {} : { heldOutLoss }),
    learningRate: sums.learningRate,
    gradientNorm: sums.gradientNorm / stepInEpoch,
    seconds: sums.seconds,
    // A browser's clock may be too coarse to see a short epoch pass.
    charactersPerSecond: sums.seconds > 0 ? sums.characters / sums.seconds : 0,
  };
}

/** What a run remembers of its losses to tell that they run away. */
export interface LossWatch {
  /** How low the loss has come, in nats: it follows lower losses slowly, and higher ones not at all. */
  level: number;
  /** Updates in a row whose loss lay far above that. */
  strayed: number;
  /** The update whose absurd loss has sent the run back. */
  absurdAt?: number | undefined;
}
