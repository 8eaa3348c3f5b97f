// A sweep in this process: so many trials at a time, each on threads of its own.
import { type Io, say } from "../terminal/io.js";
import { failureOf } from "./failure.js";
import { appendResult, type SweepRecord, type TrialResult, trialFolder, turnsOf } from "./folder.js";
import { createSweepProgress } from "./progress.js";
import { runTrial } from "./run-trial.js";
import { type Assignment, nextAssignments } from "./schedule.js";
import { type OpenText, planTrial } from "./texts.js";

/** A sweep that goes on. */
export interface OpenSweep {
  folder: string;
  record: SweepRecord;
  texts: readonly OpenText[];
  /** Results so far; new ones are added here and to the folder. */
  results: TrialResult[];
}

/**
 * Runs the trials that are left, `parallel` at a time.
 *
 * @throws The reason of `io.signal`, and what is wrong with more than one trial (a full disk), once the trials that run are saved.
 */
export async function runHere(io: Io, sweep: OpenSweep, parallel: number): Promise<void> {
  const { folder, record, results } = sweep;
  const turns = turnsOf(record);
  const progress = createSweepProgress(io, sweep);
  const stop = new AbortController();
  const ownIo = { ...io, signal: AbortSignal.any([io.signal, stop.signal]) };
  const running = new Map<Assignment, Promise<void>>();
  let failure: unknown;
  const start = async (assignment: Assignment) => {
    try {
      const result = await runOne(ownIo, sweep, assignment, progress.show);
      await appendResult(folder, result);
      results.push(result);
      progress.tell(result);
    } catch (error) {
      failure ??= error;
      stop.abort(error);
    } finally {
      running.delete(assignment);
    }
  };
  while (failure === undefined) {
    const reached = results.map(({ trial, epochs, loss = null }) => ({ trial, epochs, loss }));
    const outstanding = [...running.keys()];
    for (const next of nextAssignments({ turns, reached, outstanding }, parallel - running.size))
      running.set(next, start(next));
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  await Promise.all(running.values());
  io.signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

async function runOne(
  io: Io,
  { folder, record, texts }: OpenSweep,
  { trial, epochs }: Assignment,
  show: (trial: number, event: Parameters<ReturnType<typeof createSweepProgress>["show"]>[1]) => void,
): Promise<TrialResult> {
  const own = record.trials[trial - 1]!;
  const place = trialFolder(folder, trial);
  try {
    const plan = planTrial(texts[own.text]!, own, record);
    const onEvent = (event: Parameters<typeof show>[1]) => show(trial, event);
    return { trial, ...(await runTrial(io, place, { plan, epochs, threads: record.threads, onEvent })) };
  } catch (error) {
    const failure = failureOf(error);
    if (io.signal.aborted || failure === undefined) throw error;
    say(io, `${place} failed: ${failure.message}`);
    return { trial, epochs, error: failure };
  }
}
