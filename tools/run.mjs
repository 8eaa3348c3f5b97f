import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command to its end and resolves to its exit code; a signal counts as 128 + its number, as in a shell.
 *
 * Ctrl-C reaches the whole foreground group, the command too: it may need a while to save, so this process ignores the
 * signal and waits. SIGTERM comes to one process only and is passed on.
 *
 * @param options.cwd Where the command runs. Default: here.
 * @param options.env Its environment. Default: ours.
 * @param options.quiet Send its stdout to our stderr, so that our stdout carries results only.
 * @param options.onOutput Called with each piece of its output (stdout and stderr), which is then not shown.
 * @param options.shell Look the command up as a shell does (`npm` is a `.cmd` on Windows); for fixed arguments only.
 */
export function run(command, args, { cwd, env, quiet = false, onOutput, shell = false } = {}) {
  const output = onOutput ? ["pipe", "pipe"] : [quiet ? 2 : "inherit", "inherit"];
  const [file, rest] = shell ? [[command, ...args].join(" "), []] : [command, args];
  const child = spawn(file, rest, { cwd, env, shell, stdio: ["inherit", ...output] });
  child.stdout?.setEncoding("utf8").on("data", onOutput);
  child.stderr?.setEncoding("utf8").on("data", onOutput);
  const wait = () => {};
  const passOn = (signal) => child.kill(signal);
  process.on("SIGINT", wait).on("SIGTERM", passOn);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", wait).off("SIGTERM", passOn);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
