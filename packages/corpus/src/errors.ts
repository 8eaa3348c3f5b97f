/** What can go wrong; each code is explained in the README. */
export type CorpusErrorCode =
  | "BAD_OPTION"
  | "BAD_SOURCE"
  | "NOT_FOUND"
  | "NOT_A_FILE"
  | "UNREADABLE"
  | "NEEDS_NODE"
  | "EMPTY_TEXT"
  | "BINARY_FILE"
  | "TOO_LARGE"
  | "MARKER_MISSING"
  | "OFFLINE"
  | "DOWNLOAD_FAILED";

/** What every failure of this package is, except an abort: then the signal's own reason is thrown. */
export class CorpusError extends Error {
  override readonly name = "CorpusError";

  constructor(
    readonly code: CorpusErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether `value` is a `CorpusError`, also one made by another installed copy of this package. */
export function isCorpusError(value: unknown): value is CorpusError {
  return value instanceof Error && value.name === "CorpusError" && typeof (value as CorpusError).code === "string";
}
