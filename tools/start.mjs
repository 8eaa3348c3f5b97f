// `npm start [-- flags]`: from a clone on a machine with Node and npm alone to a training run.
// Installs with the pinned pnpm, builds what changed, then hands the flags to `charlstm train`.
import { build, installAll } from "./install.mjs";
import { pnpm, root } from "./pnpm.mjs";

await installAll();
await build("@charlstm/cli...");
// Started where the user stands: pnpm tells the CLI that folder (INIT_CWD), and relative paths count from it.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await pnpm(["--dir", root, "--filter", "cli", "start", "train", ...process.argv.slice(2)], { cwd });
