import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors.js";
import { beginningOf, type Place, placeOfThisProcess } from "./process-place.js";

/** Who holds a lock. */
interface Holder extends Place {
  process: number;
  /** ISO 8601. */
  since: string;
  /** What tells it from a later process of the same id, where the system says so. */
  begun?: string | undefined;
  /** Seconds between two signs of life: the lock's time of change. Older versions gave none. */
  beat?: number | undefined;
}

/** The lock of this process on a folder. */
export interface RunLock {
  /**
   * Checks, before something is written, that the lock is this process's still: one that stood still for minutes may have been
   * taken for gone, and another may train into the folder since.
   *
   * @throws {CliError} `RUN_TAKEN`.
   */
  check(): Promise<void>;
  /** Idempotent. */
  release(): Promise<void>;
}

/** How often a lock that its holder left behind is taken away, in case others try at the same moment. */
const attempts = 5;

const beatSeconds = 10;

/** So long after its last sign of life a lock counts for nothing, where nothing else tells whether its holder lives. */
const silenceSeconds = 300;

/**
 * Keeps other processes from training into a folder: `run.lock` names the process that does.
 *
 * A lock whose process is gone counts for nothing, so that a crash keeps nobody out. Whether a process of another machine or
 * container lives can't be asked: its lock holds for five minutes after its last sign of life.
 *
 * @throws {CliError} `RUN_LOCKED`, naming the holder; `OCCUPIED` when another program's file is there. Errors of the file system
 *   pass through.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const path = join(folder, "run.lock");
  const holder: Holder = {
    process: process.pid,
    ...(await placeOfThisProcess()),
    since: new Date().toISOString(),
    begun: await beginningOf(process.pid),
    beat: beatSeconds,
  };
  const own = JSON.stringify(holder);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (await create(path, own)) return held(path, own);
    const found = await readFile(path, "utf8").catch(() => undefined);
    if (found === undefined) continue; // released meanwhile
    const other = parseHolder(found, path);
    const life = other && (await signOfLife(other, holder, path));
    if (other && life !== undefined) throw locked(path, other, life);
    await removeStale(path, found);
  }
  throw new CliError("RUN_LOCKED", `${path} keeps coming back: several processes want this folder at once; try again`);
}

/** Shows by the lock's time that its holder lives, until it is released. */
function held(path: string, own: string): RunLock {
  const isTaken = async () => {
    try {
      return (await readFile(path, "utf8")) !== own;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOENT"; // a drive that is gone for a while is no reason to stop
    }
  };
  const showLife = async () => {
    const now = new Date();
    if (!(await isTaken())) await utimes(path, now, now);
  };
  const beat = setInterval(() => void showLife().catch(() => {}), 1000 * beatSeconds).unref();
  return {
    async check() {
      if (await isTaken()) throw taken(path);
    },
    async release() {
      clearInterval(beat);
      if (!(await isTaken())) await rm(path, { force: true });
    },
  };
}

function asideOf(path: string): string {
  return `${path}.${process.pid}-${randomBytes(6).toString("hex")}`;
}

/** Makes the lock with its content in one step, so that nobody reads half of it; `false` when there is one. */
async function create(path: string, content: string): Promise<boolean> {
  const aside = asideOf(path);
  try {
    await writeFile(aside, content, { flag: "wx" });
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
  const aside = asideOf(path);
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

/** The holder that a lock names; `undefined` for one that was cut off, which a crash may leave. */
function parseHolder(content: string, path: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    const isNamed = typeof holder.host === "string" && typeof holder.since === "string";
    if (isNamed && Number.isSafeInteger(holder.process) && holder.process > 0) return holder; // 0 and below are groups of processes
  } catch {
    if ('{"process":'.startsWith(content.slice(0, 11))) return undefined;
  }
  throw new CliError("OCCUPIED", `${path} is no lock of this program: it is left as it is; name another folder`);
}

/** How a lock tells that its holder lives; `undefined` when it tells nothing any more. */
async function signOfLife(other: Holder, own: Holder, path: string): Promise<"runs" | number | undefined> {
  const isHere = other.host === own.host && other.boot === own.boot && other.processes === own.processes;
  // Older versions did not say where they ran, beyond the machine.
  if (isHere || (other.boot === undefined && other.host === own.host)) {
    return (await isRunning(other)) ? "runs" : undefined;
  }
  if (other.beat === undefined) return "runs";
  const silence = await secondsSinceChange(path);
  return silence === undefined || silence > silenceSeconds ? undefined : silence;
}

/** Whether the holder still runs, and is not another process that was given its id. */
async function isRunning({ process: id, begun }: Holder): Promise<boolean> {
  try {
    process.kill(id, 0); // sends nothing: it only asks whether the process is there
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const since = await beginningOf(id);
  return begun === undefined || since === undefined || since === begun;
}

/** By the file system's own clock, which may be another machine's; `undefined` when the file is gone. */
async function secondsSinceChange(path: string): Promise<number | undefined> {
  const aside = asideOf(path);
  try {
    await writeFile(aside, "", { flag: "wx" });
    const [{ mtimeMs: now }, { mtimeMs: then }] = await Promise.all([stat(aside), stat(path)]);
    return Math.max(0, (now - then) / 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function taken(path: string): CliError {
  return new CliError(
    "RUN_TAKEN",
    `${path} is no longer this process's: another one took the run over while this one stood still. This one stops, and leaves ` +
      "what is there as it is: go on with --resume once the other has ended",
  );
}

function locked(path: string, { process: id, host, since, beat }: Holder, life: "runs" | number): CliError {
  const where = life === "runs" && host === hostname() ? "" : ` on ${host}`;
  const sign =
    life === "runs"
      ? `(if that process is no more, remove ${path})`
      : `(another machine or container, whose last sign of life came ${Math.round(life)} s ago: ` +
        `if it is no more, its lock counts for nothing after ${silenceSeconds} s without one)`;
  return new CliError(
    "RUN_LOCKED",
    `process ${id}${where} has been training into this folder since ${since}: wait for it or stop it, ` +
      `or train into another folder with --out${beat !== undefined && life === "runs" ? "" : ` ${sign}`}`,
  );
}
