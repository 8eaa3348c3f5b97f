/** What went wrong; public API, to branch on. */
export type VectorizeErrorCode =
  | "BAD_OPTION"
  | "BAD_VOCABULARY"
  | "EMPTY_TEXT"
  | "NOT_UTF8"
  | "TEXT_TOO_SHORT"
  | "UNKNOWN_CHARACTERS"
  | "UNKNOWN_ID";

const codes: ReadonlySet<unknown> = new Set<VectorizeErrorCode>([
  "BAD_OPTION",
  "BAD_VOCABULARY",
  "EMPTY_TEXT",
  "NOT_UTF8",
  "TEXT_TOO_SHORT",
  "UNKNOWN_CHARACTERS",
  "UNKNOWN_ID",
]);

/** The only error that this package throws of its own; `details` holds the facts that the message tells. */
export class VectorizeError extends Error {
  override readonly name = "VectorizeError";

  constructor(
    readonly code: VectorizeErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether `value` is a {@link VectorizeError}, also one from another installed copy of this package. */
export function isVectorizeError(value: unknown): value is VectorizeError {
  return value instanceof Error && value.name === "VectorizeError" && codes.has((value as { code?: unknown }).code);
}
