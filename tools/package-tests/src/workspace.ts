import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

/** A package of this workspace that is published. */
export type PublishedPackage = {
  name: string;
  /** Its folder in the repository, absolute. */
  folder: string;
  /** What programs may import: `@charlstm/sampling`, `@charlstm/model/checkpoint`, … */
  entries: readonly string[];
  /** The commands it installs. */
  commands: readonly string[];
};

type Manifest = {
  name: string;
  private?: boolean;
  bin?: Record<string, string>;
  exports?: Record<string, string | Record<string, unknown>>;
};

/** Every published package, from its package.json. */
export const publishedPackages: readonly PublishedPackage[] = ["packages", "apps"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .filter((folder) => existsSync(join(folder, "package.json")))
  .map((folder) => ({ folder, manifest: readManifest(folder) }))
  .filter(({ manifest }) => manifest.private !== true)
  .map(({ folder, manifest }) => ({
    folder,
    name: manifest.name,
    commands: Object.keys(manifest.bin ?? {}),
    entries: Object.entries(manifest.exports ?? {})
      .filter(([, target]) => typeof target === "object")
      .map(([entry]) => manifest.name + entry.slice(1)),
  }));

/** The engine's native libraries that were compiled here: none where there is no cargo. */
export const nativePackages: readonly { name: string; folder: string }[] = readdirSync(
  join(root, "packages/engine-native/npm"),
)
  .map((platform) => join(root, "packages/engine-native/npm", platform))
  .filter((folder) => existsSync(join(folder, "charlstm-engine.node")))
  .map((folder) => ({ folder, name: readManifest(folder).name }));

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
