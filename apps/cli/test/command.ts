import { PassThrough } from "node:stream";
import type { Io } from "../src/io.js";
import { invoke } from "./invoke.js";

/** Runs a command line in this process, as if the user stood in `folder`. */
export function command(folder: string, ...argv: string[]) {
  return invoke(argv, { folder });
}

/** What a command may touch, for parts of one; what is written is not kept. */
export function ioIn(folder: string, signal = new AbortController().signal): Io {
  const [stdin, stdout, stderr] = [1, 2, 3].map(() => new PassThrough().resume());
  return { stdin: stdin!, stdout: stdout!, stderr: stderr!, env: {}, folder, signal };
}
