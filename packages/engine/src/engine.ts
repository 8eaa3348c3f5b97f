import type { CharacterStream } from "./stream.js";
import type { Batch, Build, NamedTensor, OptimizerState } from "./types.js";

/** A model in memory. One call at a time: await each before the next. */
export interface Engine {
  /** Threads that share each batch. */
  readonly threads: number;
  readonly build: Build;
  /** Trainable numbers of the model. */
  readonly parameters: number;
  /** Bytes in use: WebAssembly memory, and with a native build its own. */
  readonly bytes: number;
  /**
   * One optimizer step. When the gradient is not finite the weights stay as they are, and the result says so.
   *
   * @param learningRate Finite, >= 0.
   * @returns `loss`: mean over the batch's predictions, in nats, before the step; `gradientNorm`: before clipping.
   * @throws {EngineError} `BAD_BATCH`, `BAD_OPTION`, `BUSY`, `CLOSED`, `WRONG_PURPOSE`, `WORKER_FAILED`.
   */
  trainBatch(batch: Batch, learningRate: number): Promise<{ loss: number; gradientNorm: number }>;
  /**
   * Loss and hits without dropout and without a step, each row from the zero state.
   *
   * @throws {EngineError} `BAD_BATCH`, `BUSY`, `CLOSED`, `WRONG_PURPOSE`, `WORKER_FAILED`.
   */
  scoreBatch(batch: Batch): Promise<{ loss: number; correct: number; predictions: number }>;
  /** Zeroes the carried state of sequences. */
  resetState(): void;
  /** The carried state of training, `[layers][h, c][rows][units]`; empty for the window objective. */
  readState(): Float32Array;
  /** @throws {EngineError} `BAD_WEIGHTS`. */
  writeState(values: Float32Array): void;
  /**
   * Opens `count` parallel character streams, each from a zero state. They use the weights as they are at each step.
   *
   * @param count 1 to 65,536; default 1.
   */
  openStream(count?: number): CharacterStream;
  /** Copies of the weights, in Keras's order and layout. */
  readWeights(): NamedTensor[];
  /** @throws {EngineError} `BAD_WEIGHTS`; the weights are then as before. */
  writeWeights(weights: readonly NamedTensor[]): void;
  /** Copies of the optimizer's slots, and its count of steps, which also picks the dropout masks. */
  readOptimizer(): OptimizerState;
  /** @throws {EngineError} `BAD_WEIGHTS`; the optimizer is then as before. */
  writeOptimizer(state: OptimizerState): void;
  /** Ends the threads and lets go of the memory; a call under way is rejected with `CLOSED`. May be called again. */
  dispose(): Promise<void>;
}
