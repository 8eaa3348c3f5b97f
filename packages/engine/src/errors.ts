import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

/**
 * - `BAD_OPTION`: an option is unknown, of the wrong type or out of range.
 * - `BAD_BATCH`: ids outside the vocabulary, an empty batch, or lengths that do not fit its shape.
 * - `BAD_WEIGHTS`: names, shapes or values (NaN, infinities) of weights, slots or states do not fit.
 * - `OUT_OF_MEMORY`: the model needs more memory (`details.bytes`) than WebAssembly or the machine has, or than the host gives.
 * - `NO_SIMD`: the host cannot run WebAssembly with SIMD.
 * - `NO_BUILD`: the native build that was asked for is not here, or does not run here; `details.reason` says why.
 * - `WRONG_PURPOSE`: the engine was opened without what this call needs.
 * - `BUSY`: a call was made before the one before it had ended.
 * - `WORKER_FAILED`: a thread could not start or died; the engine is closed.
 * - `CLOSED`: the engine or the stream was disposed of, or closed by a failure.
 */
export type EngineErrorCode =
  | "BAD_OPTION"
  | "BAD_BATCH"
  | "BAD_WEIGHTS"
  | "OUT_OF_MEMORY"
  | "NO_SIMD"
  | "NO_BUILD"
  | "WRONG_PURPOSE"
  | "BUSY"
  | "WORKER_FAILED"
  | "CLOSED";

/** Everything this package throws on purpose. */
export class EngineError extends CodedError<EngineErrorCode> {
  override get name() {
    return "EngineError" as const;
  }
}

/** Whether a value is an `EngineError`, also one from another installed copy of this package. */
export function isEngineError(value: unknown): value is EngineError {
  return isNamed(value, "EngineError");
}

/** @throws {EngineError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(EngineError, options, known, where);
}
