import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type CheckpointStore, createDiskStore } from "@charlstm/model/checkpoint";
import { CliError } from "../errors.js";
import { makeOwnFolder, removeEmptyFolders } from "../files/own-files.js";
import { commandLine } from "../terminal/invocation.js";
import type { Io } from "../terminal/io.js";
import { checkAllAreOurs, checkNoneIsTaken } from "./entries.js";
import { type RunRecord, readRunRecord, runPaths, writeRunRecord } from "./folder.js";
import { lockRun, type RunLock } from "./lock.js";

/** A run's folder that no other process trains into until it is released. */
export interface ClaimedRun extends RunLock {
  folder: string;
}

/** How often a folder is made anew that another process, which had made it, takes away again. */
const attempts = 10;

/**
 * Makes the folder of a new run: `out`, or the first free `runs/<book>-<n>`. Should that fail, nothing that it made is left.
 *
 * @throws {CliError} `RUN_EXISTS`, `RUN_LOCKED`, `OCCUPIED`.
 */
export async function claimNewRun(io: Io, out: string | undefined, record: RunRecord): Promise<ClaimedRun> {
  for (let attempt = 1; ; attempt++) {
    const { folder, made } =
      out === undefined ? await makeFreeFolder(io, nameOf(record)) : await makeFolder(resolve(io.folder, out));
    try {
      const lock = await lockRun(folder);
      try {
        await beginRun(io, folder, record);
        return { folder, ...lock };
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      // Whatever another process has put there by now keeps the folder from being removed.
      if (made !== undefined) await removeEmptyFolders(folder, made);
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === attempts) throw error;
    }
  }
}

/** Puts into a folder that we have locked what makes it a run's. */
async function beginRun(io: Io, folder: string, record: RunRecord): Promise<void> {
  const { record: file, samples } = runPaths(folder);
  if (existsSync(file)) {
    throw new CliError(
      "RUN_EXISTS",
      `${folder} already holds a run: go on with it (${commandLine(io, "train", "--resume", folder)}) or name another folder with --out`,
    );
  }
  await checkNoneIsTaken(folder);
  await makeOwnFolder(samples);
  try {
    await writeRunRecord(folder, record);
  } catch (error) {
    await removeEmptyFolders(samples, samples);
    throw error;
  }
}

/**
 * Takes a run that is there already.
 *
 * @throws {CliError} `NO_RUN`, `RUN_LOCKED`, `OCCUPIED`.
 */
export async function claimRun(io: Io, run: string): Promise<ClaimedRun> {
  const folder = resolve(io.folder, run);
  await readRunRecord(folder);
  const lock = await lockRun(folder);
  try {
    await checkAllAreOurs(folder);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return { folder, ...lock };
}

/** Where a run's checkpoints are kept while the run is ours. */
export function checkpointsOf({ folder, check }: ClaimedRun): CheckpointStore {
  const store = createDiskStore(runPaths(folder).checkpoints);
  return {
    ...store,
    async save(name, checkpoint) {
      await check();
      await store.save(name, checkpoint);
    },
    async remove(name) {
      await check();
      await store.remove(name);
    },
  };
}

/** A folder, and the outermost one that had to be made for it. */
interface MadeFolder {
  folder: string;
  made?: string | undefined;
}

async function makeFolder(folder: string): Promise<MadeFolder> {
  return { folder, made: await mkdir(folder, { recursive: true }) };
}

/** The first folder `runs/<name>-<n>` that there is not, made. */
export async function makeFreeFolder(io: Io, name: string): Promise<MadeFolder> {
  const runs = join(io.folder, "runs");
  const made = await mkdir(runs, { recursive: true });
  for (let count = 1; ; count++) {
    const folder = join(runs, `${name}-${count}`);
    try {
      await mkdir(folder);
      return { folder, made: made ?? folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** What a run's text is called in the names of folders. */
export function nameOf({ book, corpus }: Pick<RunRecord, "book" | "corpus">): string {
  const [named] = typeof book === "string" ? [book] : (book ?? []);
  return slugOf(corpus.title ?? (named && named !== "-" ? basename(named).replace(/\.[^.]*$/, "") : "text"));
}

function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return slug || "text";
}
