/** What went wrong; part of the public API. */
export type FormatErrorCode =
  | "BAD_OPTION"
  | "BAD_MODEL"
  | "BAD_VOCABULARY"
  | "NO_VOCABULARY"
  | "NOT_A_MODEL"
  | "CORRUPT_FILE"
  | "TOO_LARGE"
  | "UNSAFE_PATH"
  | "UNSUPPORTED_FILE"
  | "UNSUPPORTED_LAYER"
  | "UNSUPPORTED_ACTIVATION"
  | "AMBIGUOUS"
  | "MISSING_WEIGHTS"
  | "BAD_SHAPE";

const CODES: ReadonlySet<string> = new Set<FormatErrorCode>([
  "BAD_OPTION",
  "BAD_MODEL",
  "BAD_VOCABULARY",
  "NO_VOCABULARY",
  "NOT_A_MODEL",
  "CORRUPT_FILE",
  "TOO_LARGE",
  "UNSAFE_PATH",
  "UNSUPPORTED_FILE",
  "UNSUPPORTED_LAYER",
  "UNSUPPORTED_ACTIVATION",
  "AMBIGUOUS",
  "MISSING_WEIGHTS",
  "BAD_SHAPE",
]);

/** A file that is no model of ours, or a model that does not fit a format. `details` holds the facts of the message. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  readonly code: FormatErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: FormatErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** Whether a value is a {@link FormatError}, also one of another installed copy of this package. */
export function isFormatError(value: unknown): value is FormatError {
  if (value instanceof FormatError) return true;
  if (!(value instanceof Error) || value.name !== "FormatError") return false;
  const code: unknown = (value as { code?: unknown }).code;
  return typeof code === "string" && CODES.has(code);
}
