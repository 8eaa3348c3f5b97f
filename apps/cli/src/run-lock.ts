import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { CliError } from "./errors.js";

/** Who holds a lock. */
interface Holder {
  process: number;
  host: string;
  /** ISO 8601. */
  since: string;
  /** What tells it from a later process of the same id, where the system says so. */
  begun?: string | undefined;
}

/** The lock of this process on a folder. */
export interface RunLock {
  /** Idempotent. */
  release(): Promise<void>;
}

/** How often a lock that its holder left behind is taken away, in case others try at the same moment. */
const attempts = 5;

/**
 * Keeps other processes from training into a folder: `run.lock` names the process that does.
 *
 * A lock whose process is gone counts for nothing, so that a crash keeps nobody out. Whether a process of another machine lives
 * can't be known: its lock holds until it is removed by hand.
 *
 * @throws {CliError} `RUN_LOCKED`, naming the holder. Errors of the file system pass through.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "run.lock");
  const holder: Holder = {
    process: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    begun: await beginningOf(process.pid),
  };
  const own = JSON.stringify(holder);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (await create(path, own)) return { release: () => release(path, own) };
    const found = await readFile(path, "utf8").catch(() => undefined);
    if (found === undefined) continue; // released meanwhile
    const holder = parseHolder(found);
    if (holder && (await isAlive(holder))) throw locked(path, holder);
    await removeStale(path, found);
  }
  throw new CliError("RUN_LOCKED", `${path} keeps coming back: several processes want this folder at once; try again`);
}

/** Makes the lock with its content in one step, so that nobody reads half of it; `false` when there is one. */
async function create(path: string, content: string): Promise<boolean> {
  const aside = `${path}.${process.pid}`;
  try {
    await writeFile(aside, content);
    await link(aside, path).catch((error: NodeJS.ErrnoException) => {
      // Where there are no hard links, the name at least is made in one step.
      if (error.code !== "EEXIST") return writeFile(path, content, { flag: "wx" });
      throw error;
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Takes a stale lock away; should another process have replaced it by its own meanwhile, that one is put back. */
async function removeStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, "utf8")) !== stale) await link(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function release(path: string, own: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => undefined)) === own) await rm(path, { force: true });
}

function parseHolder(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    return Number.isSafeInteger(holder.process) && typeof holder.host === "string" ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the holder still runs, and is not another process that was given its id. */
async function isAlive({ process: id, host, begun }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(id, 0); // sends nothing: it only asks whether the process is there
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
  return begun === undefined || (await beginningOf(id)) === begun;
}

/** When a process began, in ticks since the system's start, where there is a `/proc` (field 22 of `stat`, see proc(5)). */
async function beginningOf(id: number): Promise<string | undefined> {
  const fields = await readFile(`/proc/${id}/stat`, "utf8").catch(() => undefined);
  // The second field, the program's name in brackets, may hold anything.
  return fields?.slice(fields.lastIndexOf(")") + 2).split(" ")[19];
}

function locked(path: string, { process: id, host, since }: Holder): CliError {
  const where = host === hostname() ? "" : ` on ${host}`;
  return new CliError(
    "RUN_LOCKED",
    `process ${id}${where} has been training into this folder since ${since}: wait for it or stop it, ` +
      `or train into another folder with --out (if that process is no more, remove ${path})`,
  );
}
