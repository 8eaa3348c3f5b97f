#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./program.js";
import { invocationOf } from "./terminal/invocation.js";
import { flush, Interrupted, type Io, OutputFailed, type SignalEffect } from "./terminal/io.js";

const controller = new AbortController();

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A package manager passes the terminal's Ctrl-C on to us once more within milliseconds: that is not the user's second. */
const repeatedWithin = process.env.npm_config_user_agent === undefined ? 0 : 500;

/**
 * What the next signal does. Where it is to end the process nothing catches it: the system does so at once, by its own hand, also
 * in the middle of a computation that lets no event through. The first one that is caught lets the command stop, or finish its
 * step and save; from then on none is caught any more.
 */
function onSignals(effect: SignalEffect): void {
  for (const signal of signals) process.removeAllListeners(signal);
  if (effect === "end" || controller.signal.aborted) return;
  for (const signal of signals) process.on(signal, () => stop(signal, effect));
}

function stop(signal: (typeof signals)[number], effect: SignalEffect): void {
  controller.abort(new Interrupted(signal));
  if (effect === "save") {
    const showCursor = process.stderr.isTTY ? "\x1b[?25h" : "";
    process.stderr.write(`${showCursor}\n${signal}: saving after this step; once more ends at once, without saving\n`);
  }
  if (repeatedWithin > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, repeatedWithin);
  onSignals("end");
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  controller.abort(error.code === "EPIPE" ? new Interrupted("stdout-closed") : new OutputFailed(error));
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
  onSignals,
};

onSignals("stop");
process.exitCode = await run(process.argv.slice(2), io);
await Promise.all([flush(process.stdout), flush(process.stderr)]);
endByItsSignal();
// A connection that is being made cannot be called off: it would keep the process for seconds.
process.exit();

/**
 * Nor can a name that is being looked up: Node waits for the thread that does so even when it exits, for ten seconds where no name
 * server answers. A signal ends all threads; shells count the end by SIGINT as 130 too.
 */
function endByItsSignal(): void {
  const { reason } = controller.signal;
  if (!(reason instanceof Interrupted) || reason.cause_ === "stdout-closed" || process.platform === "win32") return;
  if (!process.getActiveResourcesInfo().includes("GetAddrInfoReqWrap")) return;
  onSignals("end");
  process.kill(process.pid, reason.cause_);
}
