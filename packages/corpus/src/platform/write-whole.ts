import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const UNFINISHED = ".unfinished";
// What is older was left by a process that was ended while it wrote.
const LONGEST_WRITE = 3_600_000;

/** Writes a file whole or not at all: aside in the same folder, synced, renamed. Errors of the file system pass through. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString("hex")}${UNFINISHED}`);
  try {
    const file = await open(aside, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** Removes what `writeWhole` could not finish in a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(".") || !name.endsWith(UNFINISHED)) continue;
    const path = join(folder, name);
    const written = await stat(path).catch(() => undefined);
    if (written && written.mtimeMs < Date.now() - LONGEST_WRITE) await rm(path, { force: true });
  }
}
