import * as nodeFs from "node:fs/promises";
import { join } from "node:path";
import { isModelError, ModelError } from "../errors.js";
import { type Aside, asideName, isAbandoned, parseAside, withToken } from "./aside.js";
import { decodeCheckpoint, encodeCheckpoint } from "./codec.js";
import { makeFolder, syncFolder, writeFolder } from "./durable-files.js";
import { entriesOf, type FileSystem, statusOf, systemCode } from "./file-system.js";
import { fileNames } from "./manifest.js";
import { type CheckpointStore, checkName, isName, notFound, sortNames, unreadable } from "./store.js";
import type { Checkpoint } from "./types.js";

/** How often a checkpoint that is replaced under the reader's hands is read anew. */
const readAttempts = 20;

/** How often a folder is looked through anew when an entry is gone by the time it is looked at. */
const lookAttempts = 100;

/**
 * Keeps each checkpoint as a folder of files in `folder`, which is made when the first one is saved.
 *
 * A checkpoint is written aside in the same folder, synced and renamed, so that a crash at any moment leaves the one before it
 * whole. One that is replaced is set aside until its successor is in place; after a crash between the two renames, `load` and
 * `list` find it there. What a crash leaves behind is passed over, and removed by the next `save`. Only a checkpoint's own files are
 * removed or replaced: what else lies in its folder stays there when it is replaced, and keeps it from being removed. Errors of the file system
 * (`ENOSPC`, `EACCES`, …) pass through from `save`, `remove` and `list`; `load` calls them `UNREADABLE`, but for a shortage (`EMFILE`).
 *
 * Many may read while one process writes; two that write the same name at once are not foreseen.
 *
 * @param folder Where the checkpoints are, each in a folder of its own; made by the first `save`.
 * @param options May name another file system.
 * @param options.fs For tests. Default `node:fs/promises`.
 */
export function createDiskStore(folder: string, { fs = nodeFs }: { fs?: FileSystem } = {}): CheckpointStore {
  let last: Promise<unknown> = Promise.resolve();
  /** Lets saves and removals wait for each other. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  }

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

  /** Whether a folder has a manifest, or has lost it and holds nothing that isn't a checkpoint's. */
  async function isCheckpoint(place: string): Promise<boolean> {
    const entries = await fs.readdir(place);
    const own: ReadonlySet<string> = new Set(Object.values(fileNames));
    return entries.includes(fileNames.manifest) || entries.every((entry) => own.has(entry));
  }

  /** Where a checkpoint lies: under its name, or set aside by a save that has not ended. */
  async function find(name: string): Promise<{ place: string; identity: string }> {
    for (let attempt = 1; ; attempt++) {
      const entries = await entriesOf(fs, folder);
      const olds = entries.filter((entry) => isOld(parseAside(entry), name));
      for (const entry of [name, ...olds]) {
        const place = join(folder, entry);
        const status = await statusOf(fs, place);
        if (status) return { place, identity: `${place} ${status.dev} ${status.ino} ${status.ctimeMs}` };
      }
      // What was seen and is gone again is being replaced: it is in the other place by now.
      const isSeen = olds.length > 0 || entries.includes(name);
      if (!isSeen || attempt === lookAttempts) throw notFound(name, folder);
    }
  }

  async function load(name: string): Promise<Checkpoint> {
    for (let attempt = 1; ; attempt++) {
      const { place, identity } = await find(name);
      try {
        return decodeCheckpoint(await readFolder(place));
      } catch (error) {
        // Another process may have replaced it between two files.
        if (attempt === readAttempts || (await find(name)).identity === identity) throw error;
      }
    }
  }

  async function readFolder(place: string): Promise<Map<string, Uint8Array>> {
    const refuse = (path: string, expected: string) =>
      new ModelError("BAD_CHECKPOINT", `${path} is not ${expected}: links are not followed`, { path });
    if (!(await fs.lstat(place)).isDirectory()) throw refuse(place, "a folder");
    const files = new Map<string, Uint8Array>();
    for (const file of Object.values(fileNames)) {
      const path = join(place, file);
      const status = await statusOf(fs, path);
      if (!status) continue;
      if (!status.isFile()) throw refuse(path, "a plain file");
      files.set(file, await fs.readFile(path));
    }
    return files;
  }

  /** The names of the checkpoints; not steady when one was moved or removed before it was looked at. */
  async function readNames(): Promise<{ names: Set<string>; isSteady: boolean }> {
    const names = new Set<string>();
    let isSteady = true;
    for (const entry of await entriesOf(fs, folder)) {
      const name = isName(entry) ? entry : oldName(parseAside(entry));
      if (name === undefined) continue;
      const place = join(folder, entry);
      try {
        if ((await fs.lstat(place)).isDirectory() && (await isCheckpoint(place))) names.add(name);
      } catch (error) {
        if (systemCode(error) !== "ENOENT") throw error;
        isSteady = false;
      }
    }
    return { names, isSteady };
  }

  return {
    async save(name, checkpoint) {
      const files = encodeCheckpoint(checkpoint);
      checkName(name);
      await inTurn(() => withToken((token) => save(name, files, token)));
    },
    async load(name) {
      checkName(name);
      try {
        return await load(name);
      } catch (error) {
        throw isModelError(error) || isShortage(error) ? error : unreadable(name, folder, error);
      }
    },
    async list() {
      for (let attempt = 1; ; attempt++) {
        const { names, isSteady } = await readNames();
        if (isSteady || attempt === lookAttempts) return sortNames(names);
      }
    },
    async remove(name) {
      checkName(name);
      await inTurn(() => withToken((token) => remove(name, token)));
    },
  };
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

/** Whether the system lacked something: that says nothing about the checkpoint. */
function isShortage(error: unknown): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM"].includes(systemCode(error) ?? "");
}

function isOld(aside: Aside | undefined, name: string): boolean {
  return oldName(aside) === name;
}

function oldName(aside: Aside | undefined): string | undefined {
  return aside?.kind === "old" ? aside.name : undefined;
}
