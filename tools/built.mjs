// Whether anything changed since the command line was built last, told from times and sizes in a few milliseconds: to ask
// turbo takes a second, which is long before each command.
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspaceFolders } from "./install.mjs";
import { root } from "./pnpm.mjs";

const stamp = join(root, "node_modules", ".charlstm-built");
const notSources = new Set(["node_modules", "dist", "build", "target", "test", "coverage", ".turbo", ".vitest"]);

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === state();
}

export function rememberBuilt() {
  writeFileSync(stamp, state());
}

/** A line for each file that a build may read, and for each folder that one has written. */
function state() {
  const settings = [
    "package.json",
    "pnpm-lock.yaml",
    "turbo.json",
    "tsconfig.base.json",
    "tsup.library.ts",
    "tsup.unmapped.ts",
  ];
  const lines = settings.map((name) => lineOf(join(root, name)));
  for (const folder of workspaceFolders()) {
    lines.push(`${folder} ${existsSync(join(folder, "dist"))}`);
    addFiles(folder, lines);
  }
  return lines.join("\n");
}

function addFiles(folder, lines) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) lines.push(lineOf(path));
    else if (!notSources.has(entry.name)) addFiles(path, lines);
  }
}

function lineOf(path) {
  const { size, mtimeMs } = lstatSync(path);
  return `${path} ${size} ${mtimeMs}`;
}
