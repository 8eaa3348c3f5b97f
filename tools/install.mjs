import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pnpm, root, turbo } from "./pnpm.mjs";

const stamp = join(root, "node_modules", ".charlstm-installed");

/** The folders of the workspace's packages, as pnpm-workspace.yaml names them. */
export function workspaceFolders() {
  return ["packages", "apps", "tools"]
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => existsSync(join(folder, "package.json")));
}

/**
 * What pnpm is to install for the command line alone: what it runs with, and what builds it, which are the root's
 * `dependencies`. Everything else there is for tests and checks, and takes three times as much.
 */
const commandLineOnly = [
  "--prod",
  ...["--filter-prod", "@charlstm/cli..."],
  ...["@charlstm/errors", "@charlstm/look", "@charlstm/network", "@charlstm/novel"].flatMap((name) => [
    "--filter",
    name,
  ]),
];

/**
 * Installs exactly what the lockfile says; does nothing when that is what was installed last. Ends the process on failure.
 *
 * @param wanted `"command"`: what the command line needs. `"everything"`: what tests and checks need too.
 * @returns What is there: where everything was installed before, it stays so.
 */
export async function install(wanted) {
  const [there, fingerprintThere] = existsSync(stamp) ? readFileSync(stamp, "utf8").trim().split(" ") : [];
  const target = there === "everything" ? there : wanted;
  const fingerprintNow = fingerprint();
  if (there === target && fingerprintThere === fingerprintNow && isInPlace(target)) return target;
  rmSync(stamp, { force: true });
  console.error(target === "command" ? "Installing what training needs…" : "Installing what the tests need…");
  // confirmModulesPurge asks a question, which nobody may be there to answer.
  const options = ["--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"];
  const which = target === "command" ? commandLineOnly : [];
  const code = await pnpm(["--dir", root, "install", ...which, ...options, "--reporter=append-only"], { quiet: true });
  if (code !== 0) process.exit(code);
  linkCommand();
  writeFileSync(stamp, `${target} ${fingerprintNow}\n`);
  return target;
}

/** Builds what changed (turbo's cache brings back the rest); the log is shown only on failure, which ends the process. */
export async function build(filters, environment = {}) {
  let log = "";
  const notice = setTimeout(() => console.error("Building…"), 1500);
  const args = ["run", "build", ...filters.map((filter) => `--filter=${filter}`)];
  const code = await turbo(args, { onOutput: (piece) => (log += piece), environment });
  clearTimeout(notice);
  if (code === 0) return;
  process.stderr.write(log);
  process.exit(code);
}

function isInPlace(target) {
  const needed = target === "everything" ? workspaceFolders() : [join(root, "apps", "cli")];
  return needed.every((folder) => !dependsOnAny(folder) || existsSync(join(folder, "node_modules")));
}

/** pnpm makes no folder for a package that needs nothing. */
function dependsOnAny(folder) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return dependencies !== undefined || devDependencies !== undefined;
}

/** `npx charlstm` in the clone. */
function linkCommand() {
  const command = join(root, "node_modules", ".bin", "charlstm");
  const script = join("..", "..", "tools", "charlstm.mjs");
  rmSync(command, { force: true });
  if (process.platform === "win32") writeFileSync(`${command}.cmd`, `@node "%~dp0\\${script}" %*\r\n`);
  else symlinkSync(script, command);
}

function fingerprint() {
  const manifests = [root, ...workspaceFolders()].map((folder) => join(folder, "package.json"));
  const settings = ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs"].map((name) => join(root, name));
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of [...settings, ...manifests]) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
