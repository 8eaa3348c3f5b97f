import { CodedError } from "@charlstm/errors";
import { CommanderError } from "commander";
import { Interrupted, OutputFailed } from "./terminal/io.js";
import { terminalLine, terminalText } from "./terminal/terminal-text.js";

export type CliErrorCode =
  | "BAD_USAGE"
  | "PICTURE_FAILED"
  | "OCCUPIED"
  | "RUN_EXISTS"
  | "RUN_LOCKED"
  | "RUN_TAKEN"
  | "NO_MODEL"
  | "NO_TEXT"
  | "NO_VOCABULARY"
  | "NO_RUN"
  | "HANDED_OVER"
  | "TOO_LARGE"
  | "BACKEND_UNAVAILABLE"
  | "RESULTS_DIFFER"
  | "PACKAGE_NEEDED"
  | "QUEUE_UNREACHABLE"
  | "QUEUE_DENIED"
  | "QUEUE_TOO_OLD"
  | "QUEUE_EVICTS"
  | "QUEUE_VERSION"
  | "STORE_UNREACHABLE"
  | "STORE_FULL"
  | "TEXT_UNOBTAINABLE"
  | "BAD_PACK"
  | "BOOK_NEEDED"
  | "CORPUS_CHANGED"
  | "UNKNOWN_PROMPT_CHARACTERS";

/** What goes wrong in the commands themselves; everything else comes from the packages with their own codes. */
export class CliError extends CodedError<CliErrorCode> {
  override get name() {
    return "CliError" as const;
  }
  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, {}, options);
  }
}

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Interrupted) return error.cause_ === "stdout-closed" ? 1 : 130;
  const code = codeOf(error);
  return code === "BAD_USAGE" || code === "BAD_OPTION" ? 2 : 1;
}

/** One readable paragraph: what went wrong and its code; the stack only when asked for. */
export function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `charlstm: ${terminalLine(String(error))}`;
  const code = codeOf(error);
  const paragraph = terminalLine(`charlstm: ${systemMessage(error) ?? error.message}${code ? ` [${code}]` : ""}`);
  return debug
    ? terminalText(`${paragraph}\n${error.stack ?? ""}${error.cause ? `\ncaused by ${String(error.cause)}` : ""}`)
    : paragraph;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}

/** What people need to know of the file system's own errors. */
function systemMessage(error: Error): string | undefined {
  if (error instanceof OutputFailed) return undefined;
  const { path } = error as { path?: string };
  const where = path ? ` (${path})` : "";
  switch (codeOf(error)) {
    case "ENOSPC":
      return `the disk is full${where}: free some space, then go on with --resume; what was saved before is whole`;
    case "EACCES":
    case "EPERM":
      return `no permission to write or read${where}: choose another folder with --out, or change its permissions`;
    case "EROFS":
      return `the file system is read-only${where}: choose another folder with --out`;
    case "EMFILE":
      return `too many files are open${where}: close other programs or raise the limit (ulimit -n)`;
    case "ENOTDIR":
    case "EEXIST":
      return `a file is in the way of a folder${where}: choose another folder with --out`;
    default:
      return undefined;
  }
}
