// Writes that are still there after a power cut: every file is synced, and every folder that got a new entry.
import { dirname, join, resolve } from "node:path";
import { type FileSystem, type OpenFile, statusOf, systemCode } from "./file-system.js";

/** Nobody but the owner may write what is written here; the user's umask may take more away. */
const folderMode = 0o755;
const fileMode = 0o644;

/** Makes a folder and those above it that are missing. */
export async function makeFolder(fs: FileSystem, folder: string): Promise<void> {
  const missing: string[] = [];
  let there = resolve(folder);
  for (; dirname(there) !== there && !(await statusOf(fs, there)); there = dirname(there)) missing.unshift(there);
  await syncFolder(fs, dirname(there)); // whoever made it may have crashed before
  for (const path of missing) {
    await fs.mkdir(path, { recursive: true, mode: folderMode }); // recursive: another process may be making it too
    await syncFolder(fs, dirname(path));
  }
}

/** Makes a folder that is not there yet, with these files. */
export async function writeFolder(
  fs: FileSystem,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await fs.mkdir(folder, { mode: folderMode });
  for (const [name, bytes] of files) await writeFile(fs, join(folder, name), bytes);
  await syncFolder(fs, folder);
}

async function writeFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, "wx", fileMode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes new entries and renames last. Windows can't open a folder, some network drives can't sync one, and one that may not be
 * read can't be opened: they do without.
 */
export async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  if (process.platform === "win32") return;
  let handle: OpenFile | undefined;
  try {
    handle = await fs.open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!["EINVAL", "ENOTSUP", "EACCES", "EPERM"].includes(systemCode(error) ?? "")) throw error;
  } finally {
    await handle?.close();
  }
}
