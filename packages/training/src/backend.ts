import type { Architecture, NamedTensor, OptimizerState } from "@charlstm/model/checkpoint";
import type { OptimizerConfig } from "@charlstm/network";
import type { Ids } from "@charlstm/vectorize";

/**
 * What the loss is taken over.
 *
 * - `window`: predict the one character after a window, from a zero state.
 * - `sequence`: predict every next character of a stream; the state is carried from batch to batch and
 *   back-propagation stops at the border (truncated back-propagation through time).
 */
export type Objective = "window" | "sequence";

export type { OptimizerConfig };

/** One update's worth of ids. */
export interface Batch {
  /** Shape `[rows, length]`, row-major. */
  inputs: Ids;
  /** Shape `[rows]` for the window objective, `[rows, length]` for the sequence objective. */
  targets: Ids;
  rows: number;
  length: number;
  /**
   * Of sequences of different lengths, how many characters of each row count, from its first; shape `[rows]`, each 0 to `length` and not all 0. What
   * follows only pads. Default: all.
   */
  lengths?: ArrayLike<number> | undefined;
}

/** Characters of a batch that are predicted. */
export function countPredictions({ targets, lengths }: Batch): number {
  return lengths ? Array.from(lengths).reduce((sum, count) => sum + count, 0) : targets.length;
}

/** What one update saw. */
export interface StepResult {
  /** Mean cross-entropy of the batch before the update, in nats per predicted character. */
  loss: number;
  /** Global L2 norm of the gradient before clipping. */
  gradientNorm: number;
}

/** What scoring a batch found. */
export interface Score {
  /** Mean cross-entropy, in nats per predicted character. */
  loss: number;
  /** Predictions whose most probable character was the right one. */
  correct: number;
  predictions: number;
}

/** `count` texts read or written side by side, one character of each at a step. */
export interface CharacterStream {
  readonly count: number;
  /**
   * Feeds one id to each text.
   *
   * @returns Logits, shape `[count, vocabularySize]`, natural-log units; valid until the next step.
   */
  step(ids: ArrayLike<number>): Float32Array;
  /** Back to the zero state. */
  reset(): void;
  /** A copy of the state, shape `[layers][h, c][count][units]`. */
  readState(): Float32Array;
  /** Goes on from what `readState` gave. */
  writeState(values: Float32Array): void;
  /** Frees the stream; idempotent. */
  dispose(): void;
}

/** What a backend is made for. */
export interface BackendOptions {
  architecture: Architecture;
  objective: Objective;
  optimizer: OptimizerConfig;
  /** Largest global norm of the gradient; `undefined` and `0` leave it alone. */
  clipNorm?: number | undefined;
  /** Largest number of rows of a batch. */
  rows: number;
  /** Starts the dropout masks. */
  seed: number;
}

/** What a training run and a generator hold: one set of weights and the arithmetic on it. */
export interface Backend {
  /** `engine`, `tfjs-cpu`, `tfjs-wasm`, … */
  readonly name: string;
  /** What decides the rounding of its sums, beside the name: the same facts and the same seed give the same bits. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly options: BackendOptions;
  /** One update. */
  trainBatch(batch: Batch, learningRate: number): Promise<StepResult>;
  /** Scores without dropout, each row from the zero state; leaves the carried state alone. */
  scoreBatch(batch: Batch): Promise<Score>;
  /** Zeroes the state that the sequence objective carries from batch to batch, of all rows. */
  resetState(): void;
  /** The carried state, shape `[layers][h, c][rows][units]`; empty for the window objective. */
  readState(): Float32Array;
  /** Goes on from what `readState` gave. */
  writeState(values: Float32Array): void;
  /** Opens `count` texts, one by default, from the zero state; dispose of the stream when done. */
  openStream(count?: number): CharacterStream;
  /** Copies of the weights, in Keras's order and layout. */
  readWeights(): Promise<NamedTensor[]>;
  /** Replaces all weights; names and shapes as `readWeights` gives them. */
  writeWeights(weights: readonly NamedTensor[]): void;
  /** A copy of the optimizer's slots and its count of updates. */
  readOptimizer(): Promise<OptimizerState>;
  /** Goes on from what `readOptimizer` gave. */
  writeOptimizer(state: OptimizerState): void;
  /** Idempotent; frees memory and workers. */
  dispose(): Promise<void>;
}
