import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

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

/** A file that is no model of ours, or a model that does not fit a format. `details` holds the facts of the message. */
export class FormatError extends CodedError<FormatErrorCode> {
  override get name() {
    return "FormatError" as const;
  }
}

/** Whether a value is a `FormatError`, also one from another installed copy of this package. */
export function isFormatError(value: unknown): value is FormatError {
  return isNamed(value, "FormatError");
}

/** @throws {FormatError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(FormatError, options, known, where);
}
