import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

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
export class CorpusError extends CodedError<CorpusErrorCode> {
  override get name() {
    return "CorpusError" as const;
  }
}

/** Whether a value is a `CorpusError`, also one from another installed copy of this package. */
export function isCorpusError(value: unknown): value is CorpusError {
  return isNamed(value, "CorpusError");
}

/** @throws {CorpusError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(CorpusError, options, known, where);
}
