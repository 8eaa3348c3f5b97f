// Runs the pnpm that package.json pins, through npx, so that nothing but Node and npm has to be there.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { packageManager } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const [name, version] = packageManager.split("@");

/**
 * Runs `pnpm ...args` in the repository's root and returns its exit code; a failure ends this process with the same
 * code unless `mayFail` is set. `quiet` sends pnpm's stdout to stderr, so that stdout carries results only.
 */
export function pnpm(args, { mayFail = false, quiet = false } = {}) {
  const inherited = process.env.npm_config_user_agent?.startsWith(`${name}/${version} `) && process.env.npm_execpath;
  const [command, ...prefix] = inherited
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === "win32" ? "npx.cmd" : "npx", "--yes", `${name}@${version}`];
  const { status, signal, error } = spawnSync(command, [...prefix, ...args], {
    cwd: root,
    stdio: ["inherit", quiet ? 2 : "inherit", "inherit"],
    env: { ...process.env, INIT_CWD: process.env.INIT_CWD ?? process.cwd(), TURBO_TELEMETRY_DISABLED: "1" },
    shell: process.platform === "win32" && !inherited,
  });
  if (error) throw error;
  const code = status ?? (signal === "SIGINT" ? 130 : 1);
  if (code !== 0 && !mayFail) process.exit(code);
  return code;
}

/** Installs exactly what the lockfile says; says nothing when there is nothing to do. */
export function installAll() {
  pnpm(["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"], { quiet: true });
}
