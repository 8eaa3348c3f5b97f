import { PassThrough } from "node:stream";
import type { Io } from "../../src/io.js";
import { run } from "../../src/run.js";

/** Runs a command line in `folder`, and gives what it wrote. */
export async function charlstm(
  folder: string,
  ...argv: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].on("data", (chunk: Buffer) => {
      written[name] += chunk.toString();
    });
  }
  const { signal } = new AbortController();
  const io: Io = { ...streams, stdin: new PassThrough(), env: process.env, folder, signal };
  return { code: await run(argv, io), ...written };
}
