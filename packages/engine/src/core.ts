import type { Masks } from "./dropout.js";
import type { Batch, Build } from "./types.js";

/** How a step changes the weights: numbers for the optimizer's rule. */
export type Rule = {
  /** 0 SGD, 1 RMSprop, 2 Adam. */
  rule: number;
  momentum: number;
  square: number;
  epsilon: number;
  /** Of Adam, corrected for its bias. */
  learningRate: number;
  decay: number;
  /** Largest norm of the gradient; 0 does not clip. */
  clipNorm: number;
};

/** What computes. It is called one call at a time, with arguments that were checked. */
export interface Core {
  readonly build: Build;
  readonly threads: number;
  readonly bytes: number;
  /** One step; without `isApplied` loss or norm were not finite, and nothing was changed. `loss` is the sum over the predictions. */
  train(
    batch: Batch,
    masks: Masks | undefined,
    rule: Rule,
  ): Promise<{ loss: number; gradientNorm: number; isApplied: boolean }>;
  score(batch: Batch): Promise<{ loss: number; correct: number }>;
  resetState(): void;
  readState(): Float32Array;
  writeState(values: Float32Array): void;
  /** The values of all weights, or of a slot of the optimizer, tensor by tensor in Keras's layout. */
  read(slot?: number): Float32Array[];
  write(values: readonly Float32Array[], slot?: number): void;
  /** Texts that move on together, from a state of zero, with the weights as they are at each step. */
  openStream(count: number): StreamCore;
  /** Ends a call that runs, and the threads. */
  dispose(): Promise<void>;
}

/** What moves texts on. It is called with arguments that were checked, while its core is idle. */
export interface StreamCore {
  step(ids: ArrayLike<number>): Float32Array;
  readState(): Float32Array;
  writeState(values: Float32Array): void;
  dispose(): void;
}
