import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** Installs exactly what the lockfile says; does nothing when that is what was installed last. Ends the process on failure. */
export async function installAll() {
  const wanted = fingerprint();
  const inPlace = workspaceFolders().every(
    (folder) => !dependsOnAny(folder) || existsSync(join(folder, "node_modules")),
  );
  if (inPlace && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  // confirmModulesPurge asks a question, which nobody may be there to answer.
  const options = ["--frozen-lockfile", "--prefer-offline", "--config.confirmModulesPurge=false"];
  const code = await pnpm(["--dir", root, "install", ...options, "--reporter=append-only"], { quiet: true });
  if (code !== 0) process.exit(code);
  writeFileSync(stamp, wanted);
}

/** Builds what changed (turbo's cache brings back the rest); the log is shown only on failure, which ends the process. */
export async function build(...filters) {
  let log = "";
  const notice = setTimeout(() => console.error("Building…"), 1500);
  const args = ["run", "build", ...filters.map((filter) => `--filter=${filter}`)];
  const code = await turbo(args, { onOutput: (piece) => (log += piece) });
  clearTimeout(notice);
  if (code === 0) return;
  process.stderr.write(log);
  process.exit(code);
}

/** pnpm makes no folder for a package that needs nothing. */
function dependsOnAny(folder) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return dependencies !== undefined || devDependencies !== undefined;
}

function fingerprint() {
  const manifests = [root, ...workspaceFolders()].map((folder) => join(folder, "package.json"));
  const settings = ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs"].map((name) => join(root, name));
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of [...settings, ...manifests]) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return `${hash.digest("hex")}\n`;
}
