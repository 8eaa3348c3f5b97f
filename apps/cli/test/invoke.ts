import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { run } from "../src/program.js";
import type { Io } from "../src/terminal/io.js";

/** What a command line came to. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface InvokeOptions {
  folder: string;
  /** All that there is to read, or what is still written to. */
  stdin?: string | Readable;
  env?: Record<string, string>;
  /** Whether stdout and stderr say that they are terminals. */
  isTerminal?: boolean;
  /** How the program was started. */
  invocation?: string;
  signal?: AbortSignal;
}

/** Runs a command line in this process. */
export async function invoke(argv: readonly string[], options: InvokeOptions): Promise<Outcome> {
  const { folder, stdin = "", env = {}, isTerminal = false, signal = new AbortController().signal } = options;
  const { invocation = "charlstm" } = options;
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => {
    const pass = new PassThrough({ encoding: "utf8" });
    pass.on("data", (chunk: string) => {
      written[name] += chunk;
    });
    return Object.assign(pass, isTerminal ? { isTTY: true, columns: 80 } : {});
  };
  const io: Io = {
    stdin: typeof stdin === "string" ? Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]) : stdin,
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    ...{ env, folder, signal, invocation },
  };
  return { code: await run(argv, io), ...written };
}

/** The same, as if the user stood in `folder`. */
export function command(folder: string, ...argv: string[]): Promise<Outcome> {
  return invoke(argv, { folder });
}

/** What a command may touch, for parts of one; what is written is not kept. */
export function ioIn(folder: string, signal = new AbortController().signal): Io {
  const [stdin, stdout, stderr] = [1, 2, 3].map(() => new PassThrough().resume());
  return { stdin: stdin!, stdout: stdout!, stderr: stderr!, env: {}, folder, invocation: "charlstm", signal };
}

export const program = fileURLToPath(new URL("./charlstm", import.meta.url));

/** A process of the built program. */
export interface Program {
  child: ChildProcess;
  /** What it has written so far. */
  written: { stdout: string; stderr: string };
  /** Resolves when it has ended and all its output is read. */
  outcome: Promise<Outcome & { signal: NodeJS.Signals | null }>;
  /** Resolves once stderr holds `text`; rejects when the process ends without. */
  says(text: string): Promise<void>;
}

/** Starts the built program in a process of its own. */
export function start(argv: readonly string[], { folder, env = {} }: Pick<InvokeOptions, "folder" | "env">): Program {
  const child = spawn(process.execPath, [program, ...argv], {
    // Not as if the package manager that runs the tests had started it.
    ...{ cwd: folder, env: { ...process.env, INIT_CWD: undefined, npm_config_user_agent: undefined, ...env } },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      written[name] += chunk;
    });
  }
  const outcome = new Promise<Outcome & { signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? -1, signal, ...written }));
  });
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!written.stderr.includes(text)) return;
        child.stderr.off("data", look);
        resolve();
      };
      child.stderr.on("data", look);
      look();
      outcome.then(({ stderr }) => reject(new Error(`the program ended without saying "${text}": ${stderr}`)), reject);
    });
  return { child, written, outcome, says };
}

/** Every file under a folder, by its path with slashes, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      `${entry.parentPath.slice(folder.length + 1)}/${entry.name}`.replaceAll("\\", "/").replace(/^\//, ""),
    )
    .sort();
}
