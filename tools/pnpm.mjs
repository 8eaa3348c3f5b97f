// The pnpm that package.json pins, installed once by npm into `.tools/`: nothing but Node and npm has to be there.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const [, version, hash] = /^pnpm@([^+]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager);
const home = join(root, ".tools", `pnpm-${version}`);
const entry = join(home, "node_modules", "pnpm", "bin", "pnpm.cjs");
const bin = join(home, "node_modules", ".bin");

/** Runs `pnpm ...args`; resolves to its exit code. */
export async function pnpm(args, options = {}) {
  await havePnpm();
  return run(process.execPath, [entry, ...args], { ...options, env: environment() });
}

/** Runs turbo, which starts the packages' scripts with the pinned pnpm; resolves to its exit code. */
export async function turbo(args, { environment: added, ...options } = {}) {
  await havePnpm();
  const command = join(root, "node_modules", "turbo", "bin", "turbo");
  return run(process.execPath, [command, ...args], { cwd: root, ...options, env: { ...environment(), ...added } });
}

/** The folder that holds the pinned pnpm's command, to be put on a PATH. */
export async function pnpmFolder() {
  await havePnpm();
  return bin;
}

function environment() {
  const path = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return {
    ...process.env,
    [path]: [bin, process.env[path]].join(delimiter),
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

async function havePnpm() {
  if (existsSync(entry)) return;
  // Installed aside and renamed: an interrupted download never looks like a pnpm.
  const aside = `${home}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, "package.json"), '{ "private": true }\n');
  const arguments_ = ["install", "--prefix", ".", "--no-package-lock", "--prefer-offline", "--loglevel=error"];
  const code = await run("npm", [...arguments_, `pnpm@${version}`], { cwd: aside, quiet: true, shell: true });
  const isExpected = code === 0 && installedHash(aside) === hash;
  if (isExpected && !existsSync(home)) renameSync(aside, home);
  rmSync(aside, { recursive: true, force: true });
  if (isExpected) return;
  console.error(
    code === 0
      ? `npm installed another pnpm ${version} than package.json pins by its hash: is the registry what it should be?`
      : `npm could not install pnpm ${version} (exit code ${code}): the reason is above`,
  );
  process.exit(code || 1);
}

/** The sha512, in hexadecimal digits, that npm has held the package's archive against. */
function installedHash(folder) {
  const lock = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8"));
  const { integrity = "" } = lock.packages["node_modules/pnpm"] ?? {};
  return Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
}
