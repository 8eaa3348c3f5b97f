#!/usr/bin/env node
// `npm run charlstm -- <command>` and `npm start` (which is `train`): from a clone on a machine with Node and npm alone to
// the command line. Installs what it needs, builds what changed, then is that command line.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isBuilt, rememberBuilt } from "./built.mjs";
import { build, install } from "./install.mjs";
import { root } from "./pnpm.mjs";

// pnpm hands over the `--` that npm needs before flags.
const [command, ...words] = process.argv.slice(2);
if (command === "train" && words[0] === "--") words.shift();

const installed = await install("command");
// Type declarations are for those who develop here, and take what is installed with the tests.
if (!isBuilt()) {
  await build(["@charlstm/cli..."], installed === "command" ? { CHARLSTM_TYPES: "no" } : {});
  rememberBuilt();
}

// Relative paths count from where the user stands, not from the folder that npm starts scripts in.
process.chdir(process.env.INIT_CWD ?? process.cwd());
const bin = join(root, "apps", "cli", "bin.js");
process.argv = [process.argv[0], bin, ...(command === undefined ? [] : [command, ...words])];
await import(pathToFileURL(bin).href);
