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

const codes: ReadonlySet<string> = new Set<EngineErrorCode>([
  "BAD_OPTION",
  "BAD_BATCH",
  "BAD_WEIGHTS",
  "OUT_OF_MEMORY",
  "NO_SIMD",
  "NO_BUILD",
  "WRONG_PURPOSE",
  "BUSY",
  "WORKER_FAILED",
  "CLOSED",
]);

/** Everything this package throws on purpose. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  /** The facts behind the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: EngineErrorCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** Whether `value` is an `EngineError`, also one from another installed copy of this package. */
export function isEngineError(value: unknown): value is EngineError {
  return (
    value instanceof Error && value.name === "EngineError" && "code" in value && codes.has((value as EngineError).code)
  );
}
