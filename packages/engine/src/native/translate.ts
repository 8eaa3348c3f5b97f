// The library's errors as the engine's.
import { EngineError } from "../errors.js";

/** Calls the library; its errors have the engine's codes. */
export function translated<Result>(call: () => Result, limit = Number.POSITIVE_INFINITY): Result {
  try {
    return call();
  } catch (error) {
    throw translate(error, limit);
  }
}

export function translate(error: unknown, limit = Number.POSITIVE_INFINITY): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "OUT_OF_MEMORY") return outOfMemory(Number(message), limit);
  if (code === "CLOSED") return new EngineError("CLOSED", `${message}: make a new one`);
  if (code !== "WORKER_FAILED") return error;
  const advice = "the engine is closed: make a new one, from the last saved weights";
  return new EngineError("WORKER_FAILED", `${message}; ${advice}`, {}, { cause: error });
}

function outOfMemory(bytes: number, limit: number): EngineError {
  const mebibytes = (count: number) => Math.ceil(count / 2 ** 20);
  const problem = bytes > limit ? `and this machine has ${mebibytes(limit)} MiB` : "which this machine does not give";
  return new EngineError(
    "OUT_OF_MEMORY",
    `this model needs ${mebibytes(bytes)} MiB of memory, ${problem}: use fewer units, smaller batches, shorter windows or fewer threads`,
    { bytes },
  );
}
