// One checkpoint's folder replaced or removed so that a crash at any moment leaves it whole: written aside, synced, renamed.
import { join } from "node:path";
import { ModelError } from "../errors.js";
import { asideName, isAbandoned, isOld, parseAside } from "./aside.js";
import { makeFolder, syncFolder, writeFolder } from "./durable-files.js";
import { entriesOf, type FileSystem, statusOf } from "./file-system.js";
import { fileNames } from "./manifest.js";

/** Replaces and removes checkpoints' folders in a folder. Only one call at a time; many may read meanwhile. */
export interface FolderReplacer {
  /** Puts these files where the checkpoint of this name is or will be; foreign files in its folder stay there. */
  save(name: string, files: ReadonlyMap<string, Uint8Array>, token: string): Promise<void>;
  /** Removes a checkpoint; nothing happens when there is none of this name. */
  remove(name: string, token: string): Promise<void>;
}

/**
 * @param folder Where the checkpoints' folders are.
 * @throws {ModelError} From both: `OCCUPIED` when something else has the name. Errors of the file system pass through.
 */
export function createFolderReplacer(fs: FileSystem, folder: string): FolderReplacer {
  async function save(name: string, files: ReadonlyMap<string, Uint8Array>, token: string): Promise<void> {
    const place = join(folder, name);
    const aside = join(folder, asideName({ name, token, kind: "partial" }));
    const old = join(folder, asideName({ name, token, kind: "old" }));
    await makeFolder(fs, folder);
    await removeLeftovers(name);
    const isReplaced = await isThere(name);
    try {
      await writeFolder(fs, aside, files);
      if (isReplaced) await fs.rename(place, old);
      try {
        await fs.rename(aside, place);
      } catch (error) {
        if (isReplaced) await fs.rename(old, place).catch(() => {}); // where it is found anyway
        throw error;
      }
    } catch (error) {
      await fs.rm(aside, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
    await syncFolder(fs, folder);
    if (isReplaced) await clearAway(old, place).catch(() => {}); // else the next save does
  }

  async function remove(name: string, token: string): Promise<void> {
    await removeLeftovers(name);
    if (!(await isThere(name))) return;
    const others = await foreignEntries(fs, join(folder, name));
    if (others.length > 0) throw occupied(name, join(folder, name), `also holds ${others.join(", ")}`);
    // Renamed first, so that a reader never meets half a checkpoint under its name.
    const aside = join(folder, asideName({ name, token, kind: "partial" }));
    await fs.rename(join(folder, name), aside);
    await syncFolder(fs, folder); // before its files go, or a power cut could bring the name back without them
    await clearAway(aside);
  }

  /** Removes a checkpoint's own files and their folder; what else is in it moves to `successor`, or stays where it is. */
  async function clearAway(place: string, successor?: string): Promise<void> {
    const others = await foreignEntries(fs, place);
    if (others.length > 0 && successor === undefined) return;
    for (const name of others) {
      if (!(await statusOf(fs, join(successor!, name)))) await fs.rename(join(place, name), join(successor!, name));
    }
    if ((await foreignEntries(fs, place)).length === 0) await fs.rm(place, { recursive: true, force: true });
  }

  /**
   * Clears away what a crash has left, and puts back a checkpoint that it left without successor. What was set aside of `name` is
   * left over even if its process seems to be alive (another one may have its number by now): only we write that name.
   */
  async function removeLeftovers(name: string): Promise<void> {
    for (const entry of await entriesOf(fs, folder)) {
      const aside = parseAside(entry);
      if (!aside || !(isAbandoned(aside) || isOld(aside, name))) continue;
      const place = join(folder, aside.name);
      if (aside.kind === "old" && !(await statusOf(fs, place))) {
        await fs.rename(join(folder, entry), place);
      } else {
        if (aside.kind === "old") await syncFolder(fs, folder); // its successor's name may not be on the disk yet
        await clearAway(join(folder, entry), aside.kind === "old" ? place : undefined);
      }
    }
  }

  /**
   * Whether there is a checkpoint of this name, whole or not, that may be replaced or removed.
   *
   * @throws {ModelError} `OCCUPIED` when there is something else: it is nobody's to replace or remove.
   */
  async function isThere(name: string): Promise<boolean> {
    const place = join(folder, name);
    const status = await statusOf(fs, place);
    if (!status) return false;
    if (status.isDirectory() && (await hasManifest(place))) return true;
    throw occupied(name, place, "is there and is no checkpoint");
  }

  /** Whether a folder is sure to be a checkpoint's, or empty: TensorFlow.js's own models are of two files that it has too. */
  async function hasManifest(place: string): Promise<boolean> {
    const entries = await fs.readdir(place);
    return entries.includes(fileNames.manifest) || entries.length === 0;
  }

  return { save, remove };
}

/** What in a folder no checkpoint has: other names, and its own where they are no plain files. */
async function foreignEntries(fs: FileSystem, place: string): Promise<string[]> {
  const own: ReadonlySet<string> = new Set(Object.values(fileNames));
  const foreign: string[] = [];
  for (const entry of await entriesOf(fs, place)) {
    if (!own.has(entry) || !(await statusOf(fs, join(place, entry)))?.isFile()) foreign.push(entry);
  }
  return foreign;
}

function occupied(name: string, path: string, what: string): ModelError {
  return new ModelError("OCCUPIED", `${path} ${what}: choose another name, or move that away`, { name, path });
}
