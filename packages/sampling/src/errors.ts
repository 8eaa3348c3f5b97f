import { CodedError, isNamed, refuseUnknown } from "@charlstm/errors";

/** What went wrong, for programs. Part of the public API. */
export type SamplingErrorCode =
  | "EMPTY_INPUT"
  | "NOT_AN_ARRAY"
  | "NOT_A_NUMBER"
  | "NOT_FINITE"
  | "NEGATIVE_PROBABILITY"
  | "ALL_ZERO"
  | "ALL_MASKED"
  | "BAD_TEMPERATURE"
  | "BAD_RANDOM"
  | "BAD_SEED"
  | "BAD_STATE"
  | "BAD_ID"
  | "BAD_SCRATCH"
  | "BAD_OPTION";

/** The one error of this package: branch on `code`; `details` holds the facts that the message tells. */
export class SamplingError extends CodedError<SamplingErrorCode> {
  override get name() {
    return "SamplingError" as const;
  }
}

/** Whether a value is a `SamplingError`, also one from another installed copy of this package. */
export function isSamplingError(value: unknown): value is SamplingError {
  return isNamed(value, "SamplingError");
}

/** @throws {SamplingError} `BAD_OPTION`: it is no object, or has a name that is not known. */
export function checkNames(options: object, known: readonly string[], where: string): void {
  refuseUnknown(SamplingError, options, known, where);
}
