import type { FileSystem, OpenFile } from "../src/checkpoint/file-system.js";

/** Called before each operation, which it may stop by throwing. */
export type Watcher = (operation: { number: number; name: string; path: string }) => void | Promise<void>;

/**
 * A file system whose every operation, those on open files included, is numbered from 0 and watched. A write that the watcher
 * stops has written half of its bytes.
 */
export function watchedFileSystem(fs: FileSystem, watch: Watcher): FileSystem {
  let number = 0;
  async function watched<T>(name: string, path: string, work: () => Promise<T>): Promise<T> {
    await watch({ number: number++, name, path });
    return work();
  }
  const watchedFile = (file: OpenFile, path: string): OpenFile => ({
    async writeFile(bytes) {
      try {
        await watched("write", path, async () => {});
      } catch (error) {
        await file.writeFile(bytes.subarray(0, bytes.length >> 1));
        throw error;
      }
      await file.writeFile(bytes);
    },
    sync: () => watched("sync", path, () => file.sync()),
    async close() {
      // A file is closed all the same, as in POSIX.
      try {
        await watched("close", path, async () => {});
      } finally {
        await file.close();
      }
    },
  });
  return {
    lstat: (path) => watched("lstat", path, () => fs.lstat(path)),
    mkdir: (path, options) => watched("mkdir", path, () => fs.mkdir(path, options)),
    open: (path, flags, mode) => watched("open", path, async () => watchedFile(await fs.open(path, flags, mode), path)),
    readdir: (path) => watched("readdir", path, () => fs.readdir(path)),
    readFile: (path) => watched("readFile", path, () => fs.readFile(path)),
    rename: (from, to) => watched("rename", to, () => fs.rename(from, to)),
    rm: (path, options) => watched("rm", path, () => fs.rm(path, options)),
  };
}

/** Operations until `work` is done. */
export async function countOperations(fs: FileSystem, work: (fs: FileSystem) => Promise<unknown>): Promise<number> {
  let count = 0;
  await work(watchedFileSystem(fs, () => void count++));
  return count;
}
