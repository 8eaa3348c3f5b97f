// `npm start [-- flags]`: from a clone on a machine with Node and npm alone to a training run.
// Installs with the pinned pnpm, builds what changed (turbo's cache), then hands the flags to `charlstm train`.
import { installAll, pnpm } from "./pnpm.mjs";

installAll();
pnpm(
  ["exec", "turbo", "run", "build", "--filter=@charlstm/cli...", "--output-logs=errors-only", "--log-order=grouped"],
  { quiet: true },
);
process.exitCode = pnpm(["--silent", "--filter", "cli", "start", "train", ...process.argv.slice(2)], { mayFail: true });
