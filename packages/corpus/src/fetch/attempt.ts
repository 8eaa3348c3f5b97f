/** Why an address gave no book. */
export type AttemptCode =
  | "http-status"
  | "network"
  | "proxy"
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
      /** What cannot be reached: the host, whose other addresses then need no asking, or anything at all. */
      readonly down?: "host" | "network";
      /** Milliseconds that the server asks to wait. */
      readonly retryAfter?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
  }
}

const LONGEST_QUOTE = 60;

/** What a server says of itself, as far as a message may quote it: in ASCII that can be seen, and not at length. */
export function quotable(said: string): string {
  const plain = said.replace(/[^\x20-\x7e]+/g, " ").trim();
  return plain.length > LONGEST_QUOTE ? `${plain.slice(0, LONGEST_QUOTE)}…` : plain;
}
