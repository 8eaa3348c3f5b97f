// The other end: gives the trials of a sweep out, and gathers what they have come to.
import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Job } from "bullmq";
import { appendResult, trialFolder, trialName, turnsOf } from "../sweep/folder.js";
import type { OpenSweep } from "../sweep/local.js";
import { createSweepProgress } from "../sweep/progress.js";
import { type Assignment, nextAssignments, type Turn } from "../sweep/schedule.js";
import { type Io, say } from "../terminal/io.js";
import type { TrialQueue } from "./connect.js";
import { isOfSweep, type JobResult, jobFor, jobId, runName, sweepsKey, type TrialJob } from "./job.js";
import { unpackFolder } from "./pack.js";
import type { Store } from "./store.js";
import { putText, textName } from "./text.js";

/** Milliseconds between two looks at the queue, between two lines on how it stands, and until what is out is given out once more. */
const lookEvery = 300;
const tellEvery = 10_000;
const repeatEvery = 30_000;

/** Jobs that are taken from Redis at a time. */
const atOnce = 200;

/**
 * Runs a sweep by a queue, until every trial has its result. What is in the queue stays there when this ends before.
 *
 * @throws The reason of `io.signal`.
 */
export async function runQueued(
  io: Io,
  sweep: OpenSweep,
  { connected, store }: { connected: TrialQueue; store: Store },
): Promise<void> {
  const { record, results } = sweep;
  const name = record.queue!.name;
  const texts: string[] = [];
  for (const text of sweep.texts) texts.push(await putText(store, text));
  await connected.redis.hset(sweepsKey, name, JSON.stringify(texts));
  const turns = new Map(turnsOf(record).map((turn) => [turn.id, turn]));
  const outstanding = new Map<string, Assignment>();
  const progress = createSweepProgress(io, sweep);
  const status = createStatus(io, connected);
  const giveOut = (assignments: readonly Assignment[]) => addJobs(connected, sweep, texts, turns, assignments);
  let isBack = false;
  connected.redis.on("ready", () => {
    isBack = true;
  });
  let repeated = performance.now();
  for (let isNews = true; ; ) {
    io.signal.throwIfAborted();
    if (isNews) {
      const reached = results.map(({ trial, epochs, loss = null }) => ({ trial, epochs, loss }));
      const state = { turns: [...turns.values()], reached, outstanding: [...outstanding.values()] };
      const next = nextAssignments(state, Number.POSITIVE_INFINITY);
      for (const assignment of next) outstanding.set(jobId(name, assignment), assignment);
      await giveOut(next);
      if (outstanding.size === 0) break;
    } else await pause(lookEvery, undefined, { signal: io.signal }).catch(() => {});
    // A Redis that was killed has lost its last second: a job that is still there is not added again.
    if (isBack || performance.now() - repeated > repeatEvery) {
      await giveOut([...outstanding.values()]);
      [isBack, repeated] = [false, performance.now()];
    }
    isNews = false;
    for (const job of await finishedJobs(connected, name)) {
      if (await gather(sweep, store, job, turns)) {
        isNews = true;
        progress.tell(results.at(-1)!);
      }
      outstanding.delete(job.id!);
    }
    await status(outstanding.size);
  }
  await takeOut(sweep, { connected, store });
}

async function addJobs(
  { queue }: TrialQueue,
  { record }: OpenSweep,
  texts: readonly string[],
  turns: ReadonlyMap<number, Turn>,
  assignments: readonly Assignment[],
): Promise<void> {
  for (let from = 0; from < assignments.length; from += atOnce) {
    const jobs = assignments.slice(from, from + atOnce).map((assignment) => {
      const rung = turns.get(assignment.trial)!.rungs.indexOf(assignment.epochs);
      return jobFor(record, texts, assignment, rung);
    });
    await queue.addBulk(jobs);
  }
}

/** Some of the sweep's jobs that have ended; those of other sweeps wait for whoever submitted them, and may be thousands. */
async function finishedJobs({ queue }: TrialQueue, sweep: string): Promise<Job<TrialJob, JobResult>[]> {
  const ids = await queue.getRanges(["completed", "failed"], 0, -1);
  const own = ids.filter((id) => isOfSweep(id, sweep)).slice(0, atOnce);
  const jobs: (Job<TrialJob, JobResult> | undefined)[] = await Promise.all(own.map((id) => queue.getJob(id)));
  return jobs.filter((job) => job !== undefined);
}

/** Takes a trial's run and result home, and the job out of the queue. @returns Whether the result is a new one. */
async function gather(
  { folder, results, record }: OpenSweep,
  store: Store,
  job: Job<TrialJob, JobResult>,
  turns: ReadonlyMap<number, Turn>,
): Promise<boolean> {
  const { trial, epochs } = job.data;
  const run = runName(record.queue!.name, trial);
  const isKnown = results.some((result) => result.trial === trial && result.epochs === epochs);
  const given: JobResult = job.failedReason
    ? { trial, epochs, error: { message: job.failedReason }, worker: "" }
    : job.returnvalue;
  const isNew = !isKnown && !("abandoned" in given);
  if (isNew) {
    const bytes = await store.get(run);
    if (bytes) await bringHome(folder, trial, bytes);
    await appendResult(folder, given);
    results.push(given);
  }
  await job.remove().catch(() => {}); // a later look finds it again, and its result is known then
  if (turns.get(trial)!.rungs.at(-1) === epochs || ("error" in given && given.error)) await store.remove(run);
  return isNew;
}

/** Puts a run in place of what its trial had come to before. */
async function bringHome(folder: string, trial: number, bytes: Uint8Array): Promise<void> {
  const partial = join(folder, `.${trialName(trial)}.partial`);
  await rm(partial, { recursive: true, force: true });
  await unpackFolder(bytes, partial);
  const place = trialFolder(folder, trial);
  if (existsSync(place)) await rm(place, { recursive: true });
  await rename(partial, place);
}

/** Takes all that is a sweep's out of the queue and the store; trials that are under way are given up. */
export async function takeOut(
  { record }: OpenSweep,
  { connected, store }: { connected: TrialQueue; store: Store },
): Promise<void> {
  const { queue, redis } = connected;
  const name = record.queue!.name;
  const texts = JSON.parse((await redis.hget(sweepsKey, name)) ?? "[]") as string[];
  await redis.hdel(sweepsKey, name);
  const others = (await redis.hvals(sweepsKey)).flatMap((list) => JSON.parse(list) as string[]);
  for (const text of new Set(texts)) if (!others.includes(text)) await store.remove(textName(text));
  for (const { id, rungs } of turnsOf(record)) {
    for (const epochs of rungs) await queue.remove(jobId(name, { trial: id, epochs })).catch(() => {}); // one under way
    await store.remove(runName(name, id));
  }
}

/** Says how the queue stands, now and then. */
function createStatus(io: Io, { queue, shown }: TrialQueue): (outstanding: number) => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async (outstanding) => {
    if (performance.now() - last < tellEvery || outstanding === 0) return;
    last = performance.now();
    const { active = 0 } = await queue.getJobCounts("active");
    const workers = await queue.getWorkersCount();
    const none = workers === 0 ? " (start some: charlstm worker --queue …)" : "";
    say(
      io,
      `${shown}: ${outstanding} trials out, ${active} in work; ${workers} ${workers === 1 ? "worker" : "workers"}${none}`,
    );
  };
}
