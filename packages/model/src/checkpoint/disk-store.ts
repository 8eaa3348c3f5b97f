import { randomBytes } from "node:crypto";
import * as nodeFs from "node:fs/promises";
import { dirname, join } from "node:path";
import { ModelError } from "../errors.js";
import { decodeCheckpoint, encodeCheckpoint, fileNames } from "./codec.js";
import { type CheckpointStore, checkName, notFound } from "./store.js";

/** The file operations that a disk store needs; tests pass ones that fail. */
export type FileSystem = Pick<typeof nodeFs, "lstat" | "mkdir" | "open" | "readdir" | "readFile" | "rename" | "rm">;

/**
 * Keeps each checkpoint as a folder of files in `folder`.
 *
 * A checkpoint is written aside (`.<name>.<random>.partial`), synced and renamed, so that a crash at any moment leaves the one before it
 * whole. One that is replaced is set aside (`.<name>.<random>.old`) until its successor is in place; a crash between the two
 * renames leaves it there, where `load` and `list` still find it.
 *
 * @param options.fs For tests. Default `node:fs/promises`.
 */
export function createDiskStore(folder: string, { fs = nodeFs }: { fs?: FileSystem } = {}): CheckpointStore {
  async function save(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    await fs.mkdir(folder, { recursive: true });
    await removeLeftovers(name);
    const token = randomBytes(6).toString("hex");
    const aside = join(folder, `.${name}.${token}.partial`);
    const old = join(folder, `.${name}.${token}.old`);
    const place = join(folder, name);
    try {
      await fs.mkdir(aside);
      for (const [file, bytes] of files) await writeSynced(join(aside, file), bytes);
      await syncFolder(aside);
      const isReplaced = await exists(place);
      if (isReplaced) await fs.rename(place, old);
      try {
        await fs.rename(aside, place);
      } catch (error) {
        if (isReplaced) await fs.rename(old, place).catch(() => {});
        throw error;
      }
      await syncFolder(folder);
      await fs.rm(old, { recursive: true, force: true });
    } catch (error) {
      await fs.rm(aside, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
  }

  async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
    const handle = await fs.open(file, "wx", 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Makes renames last; Windows can't open a folder, and needs no such thing. */
  async function syncFolder(path: string): Promise<void> {
    if (process.platform === "win32") return;
    const handle = await fs.open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async function exists(path: string): Promise<boolean> {
    return (await fs.lstat(path).catch(() => undefined)) !== undefined;
  }

  /** What a crash has left of earlier writes of this name. */
  async function removeLeftovers(name: string): Promise<void> {
    for (const entry of await fs.readdir(folder)) {
      const [, of, kind] = asideName.exec(entry) ?? [];
      if (of !== name) continue;
      if (kind === "old" && !(await exists(join(folder, name))))
        await fs.rename(join(folder, entry), join(folder, name));
      else await fs.rm(join(folder, entry), { recursive: true, force: true });
    }
  }

  async function entries(): Promise<string[]> {
    return fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
  }

  /** Where a checkpoint lies: under its name, or set aside by a save that did not end. */
  async function find(name: string): Promise<string> {
    const place = join(folder, name);
    if (await exists(place)) return place;
    const old = (await entries()).find((entry) => asideName.exec(entry)?.slice(1, 3).join() === `${name},old`);
    if (!old) throw notFound(name, folder);
    return join(folder, old);
  }

  async function read(place: string): Promise<Map<string, Uint8Array>> {
    if (!(await fs.lstat(place)).isDirectory())
      throw new ModelError("BAD_CHECKPOINT", `${place} is not a folder`, { path: place });
    const files = new Map<string, Uint8Array>();
    for (const file of Object.values(fileNames)) {
      const path = join(place, file);
      const status = await fs.lstat(path).catch(() => undefined);
      if (!status) continue;
      if (!status.isFile())
        throw new ModelError("BAD_CHECKPOINT", `${path} is not a plain file: links are not followed`, { path });
      files.set(file, await fs.readFile(path));
    }
    return files;
  }

  return {
    save: async (name, checkpoint) => save(checkName(name), encodeCheckpoint(checkpoint)),
    load: async (name) => decodeCheckpoint(await read(await find(checkName(name)))),
    async list() {
      const names = new Set<string>();
      for (const entry of await entries()) {
        const [, of, kind] = asideName.exec(entry) ?? [];
        if (kind === "old") names.add(of!);
        else if (!entry.startsWith(".") && (await fs.lstat(join(folder, entry))).isDirectory()) names.add(entry);
      }
      return [...names].sort();
    },
    async remove(name) {
      await removeLeftovers(checkName(name));
      const place = join(folder, name);
      if (!(await exists(place))) return;
      // Renamed first, so that a reader never meets half a checkpoint under its name.
      const aside = join(dirname(place), `.${name}.${randomBytes(6).toString("hex")}.partial`);
      await fs.rename(place, aside);
      await fs.rm(aside, { recursive: true, force: true });
    },
  };
}

const asideName = /^\.(.+)\.[0-9a-f]{12}\.(partial|old)$/;
