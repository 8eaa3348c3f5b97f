import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

/** What can go wrong; each code is explained in the README. */
export type TrainingErrorCode =
  | "BAD_OPTION"
  | "UNSUPPORTED_ACTIVATION"
  | "TEXT_TOO_SHORT"
  | "RESERVED_CHARACTER"
  | "NO_ITEMS"
  | "BAD_WEIGHTS"
  | "BAD_BATCH"
  | "DISPOSED"
  | "DIVERGED"
  | "RESUME_MISMATCH"
  | "BACKEND_MISMATCH"
  | "UNKNOWN_PROMPT_CHARACTERS"
  | "EMPTY_PROMPT";

/** What goes wrong in this package: `code` is stable, `details` holds the facts of the message. */
export class TrainingError extends CodedError<TrainingErrorCode> {
  override get name() {
    return "TrainingError" as const;
  }
}

/** Whether a value is a `TrainingError`, also one from another installed copy of this package. */
export function isTrainingError(value: unknown): value is TrainingError {
  return isNamed(value, "TrainingError");
}

/** @throws {TrainingError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(TrainingError, options, known, where);
}
