/** What can go wrong; each code is explained in the README. */
export type ModelErrorCode =
  | "BAD_OPTION"
  | "BAD_NAME"
  | "NOT_FOUND"
  | "OCCUPIED"
  | "INCOMPLETE"
  | "TRUNCATED"
  | "ALTERED"
  | "UNREADABLE"
  | "NEWER_FORMAT"
  | "BAD_CHECKPOINT"
  | "BAD_ARCHITECTURE"
  | "BAD_WEIGHTS"
  | "BAD_MODEL"
  | "NOT_JSON"
  | "UNSUPPORTED_HERE";

/** What goes wrong in this package: `code` is stable, `details` holds the facts of the message. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  constructor(
    readonly code: ModelErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether `value` is a `ModelError`, also one from another installed copy of this package. */
export function isModelError(value: unknown): value is ModelError {
  return value instanceof Error && value.name === "ModelError" && typeof (value as ModelError).code === "string";
}
