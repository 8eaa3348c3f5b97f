import { PassThrough } from "node:stream";
import type { Io } from "../src/io.js";
import { run } from "../src/run.js";

/** Runs a command line in this process, as if the user stood in `folder`. */
export async function command(folder: string, ...argv: string[]) {
  const io = ioIn(folder);
  return { code: await run(argv, io), stdout: textOf(io.stdout), stderr: textOf(io.stderr) };
}

/** What a command may touch, with streams that keep what is written to them. */
export function ioIn(folder: string, signal = new AbortController().signal): Io {
  const [stdin, stdout, stderr] = [1, 2, 3].map(() => new PassThrough({ encoding: "utf8", highWaterMark: 2 ** 24 }));
  return { stdin: stdin!, stdout: stdout!, stderr: stderr!, env: {}, folder, signal };
}

function textOf(stream: Io["stdout"]): string {
  return String((stream as PassThrough).read() ?? "");
}
