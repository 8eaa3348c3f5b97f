// The one place that says what this program may write, replace and remove: new files; plain files that carry its mark; and what it
// wrote aside itself, under names that nobody else gives. Never anything else, and never through a symbolic link.
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import {
  constants,
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../errors.js";
import { carries, type Mark } from "./marks.js";

/**
 * Writes a file whole or not at all: a new one, or in place of one that carries `mark` or holds the same bytes already.
 *
 * @throws {CliError} `OCCUPIED`, naming what is in the way. Errors of the file system pass through.
 */
export async function writeOwnFile(path: string, content: string | Uint8Array, mark: Mark): Promise<void> {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const status = await plainFile(path);
  if (status && !(await carries(path, mark))) {
    if (status.size === bytes.length && (await readFile(path)).equals(bytes)) return;
    throw notOurs(path);
  }
  const aside = asideIn(dirname(path));
  removeAtExit(aside);
  try {
    await writeNew(aside, bytes, status);
    if (status) await rename(aside, path);
    else await moveToFree(aside, path);
  } finally {
    await rm(aside, { force: true });
    unfinished.delete(aside);
  }
}

/**
 * Adds to a file of ours; makes it when there is none.
 *
 * @throws {CliError} `OCCUPIED`. Errors of the file system pass through.
 */
export async function appendOwnFile(path: string, content: string | Uint8Array): Promise<void> {
  await plainFile(path);
  // Windows has no such flag, nor links that everybody may make.
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0 } = constants;
  const file = await open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/**
 * Checks that a file could be written, before work is spent on it.
 *
 * @throws {CliError} `OCCUPIED`.
 */
export async function checkOwnFile(path: string, mark: Mark): Promise<void> {
  if ((await plainFile(path)) && !(await carries(path, mark))) throw notOurs(path);
}

/**
 * Makes a folder inside one of ours, where there is none.
 *
 * @throws {CliError} `OCCUPIED` when something else has its name, such as a link to another folder.
 */
export async function makeOwnFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await checkOwnFolder(path);
}

/** The same, for a folder that need not be there. */
export async function checkOwnFolder(path: string): Promise<void> {
  const status = await statusOf(path);
  if (status && !status.isDirectory()) throw occupied(path, status.isSymbolicLink() ? "a link" : "no folder");
}

/** Removes folders that are empty, the innermost first, up to and with `outermost`; the first that is not ends it. */
export async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; folder.startsWith(outermost); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

/** Removes what processes that are no more have left half written in a folder. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, writer] = asidePattern.exec(name) ?? [];
    if (writer === undefined || isRunning(Number(writer))) continue;
    const path = join(folder, name);
    if ((await statusOf(path))?.isFile()) await rm(path, { force: true });
  }
}

/** Files are written under such a name until they are whole: the number is the process's. */
const asidePattern = /^\.charlstm-(\d+)-[0-9a-f]{16}\.unfinished$/;

function asideIn(folder: string): string {
  return join(folder, `.charlstm-${process.pid}-${randomBytes(8).toString("hex")}.unfinished`);
}

/** What this process has not finished: it goes too when the process is ended meanwhile. */
const unfinished = new Set<string>();
let isExitWatched = false;

function removeAtExit(path: string): void {
  unfinished.add(path);
  if (isExitWatched) return;
  isExitWatched = true;
  process.once("exit", () => {
    for (const path of unfinished) rmSync(path, { force: true });
  });
}

async function writeNew(
  path: string,
  bytes: Uint8Array,
  replaced: { mode: number; uid: number; gid: number } | undefined,
) {
  const file = await open(path, "wx", 0o666);
  try {
    if (replaced) await inherit(file, replaced);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Who may read and write a file stays as it was; where the system does not let us, it is as for a new one. */
async function inherit(
  file: FileHandle,
  { mode, uid, gid }: { mode: number; uid: number; gid: number },
): Promise<void> {
  if (process.platform === "win32") return;
  await file.chown(uid, gid).catch(() => {});
  await file.chmod(mode & 0o777).catch(() => {});
}

/** Gives a file a name that nothing has, in one step where the file system has hard links. */
async function moveToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw notOurs(to);
    if (await statusOf(to)) throw notOurs(to);
    await rename(from, to);
  }
}

/** A plain file's status; `undefined` when there is nothing of this name. */
async function plainFile(path: string) {
  const status = await statusOf(path);
  if (!status || status.isFile()) return status;
  throw occupied(path, status.isSymbolicLink() ? "a link" : status.isDirectory() ? "a folder" : "no plain file");
}

/** What has a name, a link itself rather than what it leads to. */
async function statusOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0); // sends nothing: it only asks whether the process is there
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function notOurs(path: string): CliError {
  return occupied(path, "there already, and not known to be this program's");
}

function occupied(path: string, what: string): CliError {
  return new CliError("OCCUPIED", `${path} is ${what}: it is left as it is; move it away, or name another place`);
}
