/** Why an address gave no book. */
export type AttemptCode =
  | "http-status"
  | "network"
  | "timeout"
  | "redirect"
  | "not-text"
  | "too-large"
  | "truncated"
  | "compressed";

/** An address that was tried, and what came of it. */
export interface Attempt {
  readonly address: string;
  readonly code: AttemptCode;
  /** For people. */
  readonly reason: string;
}

/** One failed request; becomes an entry of `details.tried`. */
export class AttemptError extends Error {
  constructor(
    readonly code: AttemptCode,
    message: string,
    readonly options: {
      /** Whether asking again may help. */
      readonly temporary?: boolean;
      /** Whether the host itself cannot be reached, so that its other addresses need no asking. */
      readonly hostDown?: boolean;
      /** Milliseconds that the server asks to wait. */
      readonly retryAfter?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
  }
}
