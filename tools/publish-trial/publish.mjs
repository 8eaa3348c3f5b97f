// What a release does, in a copy: versions from the changesets, a build, `pnpm -r publish`; then a look at what came.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../pnpm.mjs";
import { command, withPnpm } from "./command.mjs";

/** Copies what a clone would hold, uncommitted changes included, and makes it a repository with one commit. */
export async function copyRepository(folder) {
  const names = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const name of names.toString("utf8").split("\0")) {
    if (name === "" || !existsSync(join(root, name))) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name));
  }
  await command("git init --quiet --initial-branch=main", folder);
  await commit(folder);
}

/** Versions, builds and publishes to the registry that `environment` names; returns what was published. */
export async function publish(folder, environment) {
  await withPnpm("pnpm install --frozen-lockfile --prefer-offline", folder);
  await withPnpm("pnpm changeset version", folder);
  withoutProvenance(folder);
  await commit(folder);
  await withPnpm("pnpm build", folder, { TURBO_CACHE_DIR: join(root, ".tools", "publish-trial-turbo") });
  await withPnpm("pnpm -r publish", folder, environment);
  return publishedPackages(folder).map(({ manifest }) => manifest);
}

/** Only a known CI service can vouch for where a package was built; each package must ask it to. */
function withoutProvenance(folder) {
  for (const { file, manifest } of publishedPackages(folder)) {
    if (manifest.publishConfig?.provenance !== true) throw new Error(`${manifest.name} would have no provenance`);
    manifest.publishConfig.provenance = false;
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

/** The packages that are not private. */
function publishedPackages(folder) {
  return ["packages", "apps", "packages/engine-native/npm"]
    .flatMap((parent) => readdirSync(join(folder, parent)).map((name) => join(folder, parent, name, "package.json")))
    .filter((file) => existsSync(file))
    .map((file) => ({ file, manifest: JSON.parse(readFileSync(file, "utf8")) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Downloads one published package, which a changeset must have given its version; what is in it the packages' tests say. */
export async function inspect({ name, version }, folder, environment) {
  if (!/^0\.[1-9]|^[1-9]/.test(version)) throw new Error(`the version is ${version}: no changeset names it`);
  mkdirSync(folder, { recursive: true });
  const { stdout } = await command(`npm pack --json ${name}@${version}`, folder, environment);
  const [{ size, files }] = JSON.parse(stdout);
  return { size, files: files.length };
}

async function commit(folder) {
  const identity = "-c user.name=trial -c user.email=trial@localhost -c commit.gpgsign=false";
  await command("git add --all", folder);
  await command(`git ${identity} commit --quiet --message trial`, folder);
}
