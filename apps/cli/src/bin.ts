#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { invocationOf } from "./invocation.js";
import { Interrupted, type Io } from "./io.js";
import { run } from "./run.js";

const controller = new AbortController();

// The first signal lets the command finish its step and save; the second ends the process at once. The terminal sends one
// Ctrl-C to everybody, and pnpm passes it on to us once more within milliseconds: that is not the user's second.
const repeatedWithin = 500;
let firstSignal = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (controller.signal.aborted && Date.now() - firstSignal > repeatedWithin) process.exit(130);
    if (!controller.signal.aborted) firstSignal = Date.now();
    controller.abort(new Interrupted(signal));
  });
}
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  controller.abort(error.code === "EPIPE" ? new Interrupted("stdout-closed") : error);
});
process.stderr.on("error", () => {});

// A package manager starts us in our own folder and says where the user stands.
const ownFolder = dirname(dirname(fileURLToPath(import.meta.url)));
const cwd = process.cwd();
const folder = cwd === ownFolder ? (process.env.INIT_CWD ?? cwd) : cwd;
const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  folder,
  invocation: invocationOf(process.env, process.argv[1] ?? "", folder),
  signal: controller.signal,
};

process.exitCode = await run(process.argv.slice(2), io);
