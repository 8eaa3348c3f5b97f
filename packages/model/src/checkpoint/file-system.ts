/** What a disk store needs of an open file. */
export interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What a disk store needs to know of a path. */
interface PathStatus {
  isDirectory(): boolean;
  isFile(): boolean;
  readonly dev: number;
  readonly ino: number;
  readonly ctimeMs: number;
}

/** The file operations of a disk store: a part of `node:fs/promises`, named here so that browsers need not know that module. */
export interface FileSystem {
  /** As in `node:fs/promises`. */
  lstat(path: string): Promise<PathStatus>;
  /** As in `node:fs/promises`. */
  mkdir(path: string, options: { recursive?: boolean; mode: number }): Promise<unknown>;
  /** As in `node:fs/promises`. */
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  /** As in `node:fs/promises`. */
  readdir(path: string): Promise<string[]>;
  /** As in `node:fs/promises`. */
  readFile(path: string): Promise<Uint8Array>;
  /** As in `node:fs/promises`. */
  rename(from: string, to: string): Promise<void>;
  /** As in `node:fs/promises`. */
  rm(path: string, options: { recursive: boolean; force: boolean }): Promise<void>;
}

/** The code of a file system's error: `ENOENT`, `ENOSPC`, … */
export function systemCode(error: unknown): string | undefined {
  return (error as { code?: string } | null)?.code;
}

/** What is at a path, a link itself rather than what it leads to; undefined when there is nothing. */
export async function statusOf(fs: FileSystem, path: string): Promise<PathStatus | undefined> {
  try {
    return await fs.lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** The names in a folder; none when there is no folder. */
export async function entriesOf(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
