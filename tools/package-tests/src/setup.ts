import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { command, succeed } from "./command.js";
import { nativePackages, publishedPackages, root } from "./workspace.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A project in which npm installed the tarball of every published package. */
    project: string;
  }
}

/** Packs every published package and installs the tarballs into an empty project, once for all tests. */
export default async function setup(tests: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "charlstm-packages-")));
  const project = join(folder, "project");
  const tarballs = join(folder, "tarballs");
  mkdirSync(project);
  mkdirSync(tarballs);
  try {
    const filters = [...publishedPackages, ...nativePackages].map(({ name }) => `--filter ${name}`).join(" ");
    await succeed(command(`pnpm --recursive ${filters} pack --pack-destination "${tarballs}"`, root));
    writeFileSync(join(project, "package.json"), '{ "name": "someones-project", "private": true, "type": "module" }\n');
    const files = readdirSync(tarballs).map((name) => `"${join(tarballs, name)}"`);
    const install =
      "npm install --prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=error --fetch-retries=1";
    await succeed(command([install, ...files, ...companions()].join(" "), project));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  tests.provide("project", project);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** What the READMEs install beside our packages: our own dependencies, in the versions of the workspace's lockfile. */
function companions(): string[] {
  const here = fileURLToPath(new URL("../", import.meta.url));
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies).map((name) => {
    const manifest = readFileSync(join(here, "node_modules", name, "package.json"), "utf8");
    return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
  });
}
