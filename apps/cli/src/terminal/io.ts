import type { Readable, Writable } from "node:stream";
import { terminalJson, terminalLine, terminalText } from "./terminal-text.js";

/** What a command may touch of the process it runs in; tests pass their own. */
export interface Io {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths on the command line start here. */
  folder: string;
  /** How the program was started, as `invocationOf` says it: `charlstm`, `npm run charlstm --`. */
  invocation: string;
  /** Aborted by a closed stdout and by signals. */
  signal: AbortSignal;
  /** Says what Ctrl-C, SIGTERM and SIGHUP do from now on; `stop` until it is called. */
  onSignals?(effect: SignalEffect): void;
}

/**
 * - `stop`: they abort `signal`;
 * - `save`: so they do, and the user is told that something is saved first;
 * - `end`: they end the process at once, for work that lets no event through and has nothing to save.
 */
export type SignalEffect = "stop" | "save" | "end";

/** Does such work. */
export async function deafTo<T>(io: Io, work: () => Promise<T>): Promise<T> {
  io.onSignals?.("end");
  try {
    return await work();
  } finally {
    io.onSignals?.("stop");
  }
}

/** Why a command was stopped from outside. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(readonly cause_: "SIGINT" | "SIGTERM" | "SIGHUP" | "stdout-closed") {
    super(
      cause_ === "stdout-closed" ? "stdout was closed before everything was written to it" : `stopped by ${cause_}`,
    );
  }
}

/** What keeps results from being printed, but for a reader who has had enough. */
export class OutputFailed extends Error {
  override readonly name = "OutputFailed";
  readonly code: string | undefined;
  constructor(cause: NodeJS.ErrnoException) {
    const reason = cause.code === "ENOSPC" ? "the disk is full where stdout goes" : `stdout fails (${cause.message})`;
    super(`${reason}: not everything was printed; print to another place, or make room there`, { cause });
    this.code = cause.code;
  }
}

/** Writes to a stream and waits while it is full, so that a slow reader slows us down instead of filling memory. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off("drain", done).off("close", done).off("error", done);
      resolve();
    };
    stream.on("drain", done).on("close", done).on("error", done);
  });
}

/** Waits until all that was written to a stream is out, and what went wrong with it has been told. */
export async function flush(stream: Writable): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write("", () => setImmediate(resolve)); // a stream tells its callback first, and its listeners then
  });
}

/** Writes one line of progress or notice, whose words may come from anywhere. */
export function say(io: Io, line: string): void {
  io.stderr.write(`${terminalText(line)}\n`);
}

/** Writes one line on what is not as it should be, and does not keep the work from going on. */
export function warn(io: Io, message: string): void {
  say(io, `warning: ${terminalLine(message)}`);
}

/** Writes a result to stdout: to a file or a pipe as it is, to a terminal what it may be shown of it. */
export async function print(io: Io, text: string): Promise<void> {
  await write(io.stdout, io.stdout.isTTY ? terminalText(text) : text);
}

/** Writes a result as one line of JSON. */
export async function printJson(
  io: Io,
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
): Promise<void> {
  await write(io.stdout, `${terminalJson(value, replacer)}\n`);
}

/** A path as one word of a command line that can be copied. */
export function shellWord(path: string): string {
  return /^[\w./:\\@%+,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
