import * as nodeFs from "node:fs/promises";
import { join } from "node:path";
import { isModelError, ModelError } from "../errors.js";
import { isOld, oldName, parseAside, withToken } from "./aside.js";
import { decodeCheckpoint, encodeCheckpoint } from "./codec.js";
import { entriesOf, type FileSystem, statusOf, systemCode } from "./file-system.js";
import { fileNames } from "./manifest.js";
import { createFolderReplacer } from "./replace-folder.js";
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
  const replacer = createFolderReplacer(fs, folder);
  let last: Promise<unknown> = Promise.resolve();
  /** Lets saves and removals wait for each other. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = last.then(work, work);
    last = turn;
    return turn;
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
      await inTurn(() => withToken((token) => replacer.save(name, files, token)));
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
      await inTurn(() => withToken((token) => replacer.remove(name, token)));
    },
  };
}

/** Whether the system lacked something: that says nothing about the checkpoint. */
function isShortage(error: unknown): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM"].includes(systemCode(error) ?? "");
}
