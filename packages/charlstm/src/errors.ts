/** What can go wrong here; what goes wrong in the packages below has their errors. */
export type CharlstmErrorCode = "BAD_TEXT" | "BAD_OPTION" | "NO_MODEL" | "NO_VOCABULARY" | "DISPOSED";

/** What goes wrong in this package: `code` is stable, `details` holds the facts of the message. */
export class CharlstmError extends Error {
  override readonly name = "CharlstmError";
  constructor(
    readonly code: CharlstmErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether `value` is a `CharlstmError`, also one from another installed copy of this package. */
export function isCharlstmError(value: unknown): value is CharlstmError {
  return value instanceof Error && value.name === "CharlstmError" && "code" in value;
}
