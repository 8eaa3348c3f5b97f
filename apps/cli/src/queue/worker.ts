// A worker: takes trials from the queue, trains them in folders of its own, and puts each checkpoint where another could go on from it.
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { TrainingEvent } from "@charlstm/training";
import type { Job, Worker } from "bullmq";
import { CliError } from "../errors.js";
import { readRunRecord } from "../run/folder.js";
import { failureOf } from "../sweep/failure.js";
import { runTrial } from "../sweep/run-trial.js";
import { type OpenText, planTrial } from "../sweep/texts.js";
import { type Io, say } from "../terminal/io.js";
import { versions } from "../versions.js";
import { prefix, type TrialQueue } from "./connect.js";
import { type JobResult, runName, sweepsKey, type TrialJob } from "./job.js";
import { packFolder, unpackFolder } from "./pack.js";
import type { Store } from "./store.js";
import { getText } from "./text.js";

/**
 * A worker that has given no sign of life for so long has lost its trial: another goes on with it. Long enough for the longest time
 * that a process computes without a break, the cleaning of a long text; a trial that is lost so comes to the same in the end.
 */
const lockDuration = 15_000;
const lookEvery = 5000;

export interface WorkerOptions {
  /** Trials at a time. */
  parallel: number;
  /** Ends when there is nothing left to do, rather than wait. */
  untilIdle: boolean;
}

/** Works until `io.signal` is aborted, or something is wrong that is not of one trial. */
export async function work(io: Io, connected: TrialQueue, store: Store, options: WorkerOptions): Promise<void> {
  const { bullmq, queue, redis } = connected;
  const stop = new AbortController();
  const signal = AbortSignal.any([io.signal, stop.signal]);
  const texts = createTexts(store);
  const lost = new Map<string, AbortController>();
  let failure: unknown;

  const handle = async (job: Job<TrialJob>, token?: string): Promise<JobResult> => {
    const own = new AbortController();
    lost.set(job.id!, own);
    try {
      await allowForSilence(job, token!);
      const jobIo = { ...io, signal: AbortSignal.any([signal, own.signal]) };
      return await runJob(jobIo, job.data, { connected, store, texts, job, token: token!, own });
    } catch (error) {
      if (own.signal.aborted) throw error; // it is another worker's by now
      if (!signal.aborted) {
        failure ??= error;
        stop.abort(error);
      }
      await job.moveToWait(token);
      throw new bullmq.WaitingError();
    } finally {
      lost.delete(job.id!);
    }
  };
  const worker = new bullmq.Worker<TrialJob, JobResult>(queue.name, handle, {
    ...{ connection: redis, prefix, concurrency: options.parallel, name: place() },
    ...{ lockDuration, stalledInterval: lookEvery, maxStalledCount: Number.MAX_SAFE_INTEGER },
  });
  worker.on("error", () => {}); // told by its connection, or by the trial
  worker.on("stalled", (id) => say(io, `${id}: its worker is gone; it goes on from its newest checkpoint`));
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) lost.get(id)?.abort(new Error("the trial has been given to another worker"));
  });
  worker.on("completed", (job, result) => {
    if ("abandoned" in result) void job.remove().catch(() => {});
  });
  try {
    await idle(worker, signal, options.untilIdle ? queue : undefined);
  } finally {
    await worker.close();
  }
  io.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

/** Seconds that a queue is empty until it is taken to stay so: halving has its promotions within one. */
const idleFor = 10;

/** Waits for the end: an abort, or an empty queue where one is given. */
async function idle(worker: Worker, signal: AbortSignal, queue: TrialQueue["queue"] | undefined): Promise<void> {
  for (let empty = 0; !signal.aborted && empty < idleFor; ) {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, 1000);
      signal.addEventListener("abort", done, { once: true });
    });
    if (queue === undefined || signal.aborted || !worker.isRunning()) continue;
    const counts = await queue.getJobCounts("waiting", "prioritized", "active", "delayed");
    empty = Object.values(counts).every((count) => count === 0) ? empty + 1 : 0;
  }
}

/** Texts, each taken from the store once; the last few stay in memory. */
function createTexts(store: Store, most = 4): (sha256: string) => Promise<OpenText> {
  const texts = new Map<string, Promise<OpenText>>();
  return (sha256) => {
    const known = texts.get(sha256);
    if (known) return known;
    const text = getText(store, sha256);
    texts.set(sha256, text);
    text.catch(() => texts.delete(sha256));
    if (texts.size > most) texts.delete([...texts.keys()][0]!);
    return text;
  };
}

/** Units and characters from which a network's first weights, or a text's ids, take seconds without a break. */
const wide = 600;
const large = 20_000_000;

/** Keeps a trial for ten minutes that may begin with a long silence; the first renewal of its lock ends that. */
async function allowForSilence(job: Job<TrialJob>, token: string): Promise<void> {
  const { settings, characters } = job.data;
  if (Math.max(...settings.units) > wide || characters > large) await job.extendLock(token, 600_000);
}

/** Milliseconds between two checkpoints of a trial that go to the store: short epochs would fill the wire. */
const saveEvery = 10_000;

interface Surroundings {
  connected: TrialQueue;
  store: Store;
  texts: ReturnType<typeof createTexts>;
  job: Job<TrialJob>;
  token: string;
  /** Aborted when the trial is another worker's. */
  own: AbortController;
}

async function runJob(
  io: Io,
  data: TrialJob,
  { connected, store, texts, job, token, own }: Surroundings,
): Promise<JobResult> {
  const { sweep, trial, epochs, threads, settings, values, preset } = data;
  if (data.version !== versions.charlstm) {
    throw new CliError(
      "QUEUE_VERSION",
      `the queue has trials of charlstm ${data.version}, this is ${versions.charlstm}: run the same version everywhere`,
    );
  }
  const name = `${sweep} trial ${trial}`;
  const text = await texts(data.text);
  const temporary = await mkdtemp(join(tmpdir(), "charlstm-worker-"));
  const folder = join(temporary, "run");
  const abandoned = new AbortController();
  const trialIo = { ...io, signal: AbortSignal.any([io.signal, abandoned.signal]) };
  const { redis, queue } = connected;
  const isWanted = () => redis.hexists(sweepsKey, sweep);
  const lock = queue.toKey(`${job.id}:lock`);
  let saved = Number.NEGATIVE_INFINITY;
  const save = async (isDue = performance.now() - saved > saveEvery || io.signal.aborted) => {
    if (!isDue) return;
    // Who has slept must not put an old checkpoint over a newer one, nor one where the sweep has ended.
    if ((await redis.get(lock)) !== token) own.abort(new Error("the trial has been given to another worker"));
    if (own.signal.aborted) return;
    if (!(await isWanted())) return abandoned.abort();
    await store.put(runName(sweep, trial), await packFolder(folder));
    saved = performance.now();
  };
  const tell = (event: TrainingEvent) => {
    if (event.type !== "epoch-end") return;
    const { epoch, loss, heldOutLoss } = event;
    void job.updateProgress({ epoch, loss, heldOutLoss }).catch(() => {});
  };
  try {
    if (!(await isWanted())) return { abandoned: true };
    const begun = await store.get(runName(sweep, trial));
    if (begun) await unpackFolder(begun, folder);
    say(io, `${name}: ${begun ? "goes on" : "begins"}`);
    if (begun) await sayOtherThreads(io, folder, threads);
    const plan = planTrial(text, { id: trial, text: 0, values, settings }, { preset });
    const outcome = await runTrial(trialIo, folder, {
      plan,
      epochs,
      threads,
      onEvent: tell,
      onSaved: () => save(),
      checkpointMinutes: 1,
    });
    await save(true);
    own.signal.throwIfAborted();
    if (abandoned.signal.aborted) return { abandoned: true };
    say(
      io,
      `${name}: ${outcome.isHeldOut ? "held out" : "loss"} ${outcome.loss?.toFixed(4)} after ${outcome.epochs} epochs`,
    );
    const build = (await readRunRecord(folder)).backend.build;
    return { trial, ...outcome, worker: place(), ...(build === undefined ? {} : { build }) };
  } catch (error) {
    if (abandoned.signal.aborted) return { abandoned: true };
    const failed = failureOf(error);
    if (io.signal.aborted || failed === undefined) throw error;
    say(io, `${name} failed: ${failed.message}`);
    return { trial, epochs, error: failed, worker: place() };
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A trial's threads are its sweep's; a run that began with others goes on with other bits. */
async function sayOtherThreads(io: Io, folder: string, threads: number): Promise<void> {
  const began = (await readRunRecord(folder)).backend.threads;
  if (began !== undefined && began !== threads)
    say(io, `the run began with ${began} threads, ${threads} round differently`);
}

function place(): string {
  return `${hostname()}:${process.pid}`;
}
