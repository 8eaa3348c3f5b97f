import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

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
export class ModelError extends CodedError<ModelErrorCode> {
  override get name() {
    return "ModelError" as const;
  }
}

/** Whether a value is a `ModelError`, also one from another installed copy of this package. */
export function isModelError(value: unknown): value is ModelError {
  return isNamed(value, "ModelError");
}

/** @throws {ModelError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(ModelError, options, known, where);
}
