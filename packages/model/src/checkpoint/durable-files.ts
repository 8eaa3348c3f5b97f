// Writes that are still there after a power cut: every file is synced, and every folder that got a new entry.
import { dirname, join, resolve } from "node:path";
import { type FileSystem, systemCode } from "./file-system.js";

/** Makes a folder and those above it that are missing. */
export async function makeFolder(fs: FileSystem, folder: string): Promise<void> {
  const first = await fs.mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = resolve(folder); ; made = dirname(made)) {
    await syncFolder(fs, dirname(made));
    if (made === resolve(first)) return;
  }
}

/** Makes a folder that is not there yet, with these files. */
export async function writeFolder(
  fs: FileSystem,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await fs.mkdir(folder);
  for (const [name, bytes] of files) await writeFile(fs, join(folder, name), bytes);
  await syncFolder(fs, folder);
}

async function writeFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes new entries and renames last. Windows can't open a folder, some network drives can't sync one: both do without. */
export async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (systemCode(error) !== "EINVAL" && systemCode(error) !== "ENOTSUP") throw error;
  } finally {
    await handle.close();
  }
}
