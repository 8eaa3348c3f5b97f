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
export class SamplingError extends Error {
  declare readonly name: "SamplingError";
  declare readonly code: SamplingErrorCode;
  declare readonly details: Readonly<Record<string, unknown>>;

  constructor(code: SamplingErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    // Assigned, not declared as fields, which the bundlers that this build is for could not parse.
    Object.assign(this, { name: "SamplingError", code, details });
  }
}

/** Whether a caught value is this package's error, thrown by this copy of the package or by another one. */
export function isSamplingError(value: unknown): value is SamplingError {
  return value instanceof Error && value.name === "SamplingError" && typeof (value as SamplingError).code === "string";
}
