import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

/** What went wrong; public API, to branch on. */
export type VectorizeErrorCode =
  | "BAD_OPTION"
  | "BAD_VOCABULARY"
  | "EMPTY_TEXT"
  | "NOT_UTF8"
  | "TEXT_TOO_SHORT"
  | "UNKNOWN_CHARACTERS"
  | "UNKNOWN_ID";

/** The only error that this package throws of its own; `details` holds the facts that the message tells. */
export class VectorizeError extends CodedError<VectorizeErrorCode> {
  override get name() {
    return "VectorizeError" as const;
  }
}

/** Whether a value is a `VectorizeError`, also one from another installed copy of this package. */
export function isVectorizeError(value: unknown): value is VectorizeError {
  return isNamed(value, "VectorizeError");
}

/** @throws {VectorizeError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(VectorizeError, options, known, where);
}
