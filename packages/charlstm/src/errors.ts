import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

/** What can go wrong here; what goes wrong in the packages below has their errors. */
export type CharlstmErrorCode = "BAD_TEXT" | "BAD_OPTION" | "NO_MODEL" | "NO_VOCABULARY" | "DISPOSED";

/** What goes wrong in this package: `code` is stable, `details` holds the facts of the message. */
export class CharlstmError extends CodedError<CharlstmErrorCode> {
  override get name() {
    return "CharlstmError" as const;
  }
}

/** Whether a value is a `CharlstmError`, also one from another installed copy of this package. */
export function isCharlstmError(value: unknown): value is CharlstmError {
  return isNamed(value, "CharlstmError");
}

/** @throws {CharlstmError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(CharlstmError, options, known, where);
}
