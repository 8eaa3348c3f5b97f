import { type Checkpoint, type CheckpointStore, isModelError } from "@charlstm/model/checkpoint";
import type { Ids } from "@charlstm/vectorize";
import type { Backend, BackendOptions } from "./backend.js";
import { loadBest } from "./best.js";
import { checkSettings } from "./check-settings.js";
import { batchSource, splitText } from "./data.js";
import { TrainingError } from "./errors.js";
import { itemMark, reserved, type SplitText, splitItems } from "./items.js";
import { countLongestRuns } from "./longest-runs.js";
import type { TrainingProgress } from "./progress.js";
import type { Run, TrainingText, TrainOptions } from "./run.js";
import type { TrainingSettings } from "./settings.js";
import { checkpointName, freshState, restore, snapshot } from "./state.js";

function split(ids: Ids, { heldOut, items }: TrainingSettings): SplitText {
  // The caller's ids stay as they are.
  return items === undefined ? splitText(ids, heldOut) : splitItems(ids.slice(), heldOut);
}

/** Checks the settings against the text, and puts the backend where the run begins or goes on. */
export async function openRun(
  backend: Backend,
  { ids, vocabulary, heldOut }: TrainingText,
  options: TrainOptions,
): Promise<Run> {
  const settings = checkSettings(options.settings);
  checkSaving(options);
  const text = heldOut ? { train: ids, heldOut } : split(ids, settings);
  const mark = vocabulary.idOf(itemMark);
  if (settings.items === undefined && mark !== undefined && ids.includes(mark)) throw reserved();
  const source = batchSource(text.train, settings);
  checkBackend(backend.options, settings, source.rows);
  const weights = await backend.readWeights();
  const now = options.now ?? (() => performance.now());
  const run: Omit<Run, "best" | "newest" | "lastGood"> = {
    backend,
    options,
    settings,
    vocabulary,
    text,
    source,
    parameters: weights.reduce((sum, { values }) => sum + values.length, 0),
    totalSteps: Math.min(settings.maxSteps ?? Number.POSITIVE_INFINITY, settings.epochs * source.stepsPerEpoch),
    state: freshState(settings, vocabulary.size),
    now,
    lastSaved: now(),
  };
  if (options.resume) await restore(run, options.resume);
  else backend.resetState();
  run.state.progress.longestRuns ??= await countLongestRuns(text.train, vocabulary.size);
  const newest = options.resume ?? (await snapshot(run));
  const best = options.resume && options.store ? await loadBest(options.store, options.resume) : options.resume;
  return Object.assign(run, { best, newest, lastGood: newest });
}

/**
 * Refuses a backend that would train something else than the settings say, which every checkpoint records.
 *
 * @throws {TrainingError} `BACKEND_MISMATCH`, naming the option.
 */
function checkBackend(options: BackendOptions, settings: TrainingSettings, rows: number): void {
  const { units, window, dropout } = options.architecture;
  const { objective, optimizer, seed, clipNorm = 0 } = options;
  const own = { units, window, dropout, objective, optimizer, seed, clipNorm };
  for (const [name, given] of Object.entries(own)) {
    const expected = settings[name as keyof typeof own] ?? 0;
    if (JSON.stringify(given) !== JSON.stringify(expected)) throw backendMismatch(name, given, expected);
  }
  if (options.rows < rows) throw backendMismatch("rows", options.rows, rows);
}

function backendMismatch(name: string, given: unknown, expected: unknown): TrainingError {
  const message = `the backend was made with the ${name} ${JSON.stringify(given)}, this run has ${JSON.stringify(expected)}: make the backend of the run's settings`;
  return new TrainingError("BACKEND_MISMATCH", message, { name, given, expected });
}

/** @throws {TrainingError} `BAD_OPTION`. */
function checkSaving({ keep, checkpointMinutes }: TrainOptions): void {
  const refuse = (name: string, given: unknown, expected: string) => {
    throw new TrainingError("BAD_OPTION", `${name} is ${given}, it has to be ${expected}`, { name, given, expected });
  };
  if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 1)) {
    refuse("keep", keep, "a whole number above 0");
  }
  if (checkpointMinutes !== undefined && !(checkpointMinutes > 0)) {
    refuse("checkpointMinutes", checkpointMinutes, "a number above 0");
  }
}

/** Whether `patience` epochs have gone by without a new lowest loss. */
export function isOutOfPatience({ settings: { patience = 0 }, state }: Run): boolean {
  const { best, epoch } = state.progress;
  return patience > 0 && best !== undefined && epoch - best.epoch >= patience;
}

/** Removes the checkpoints that are neither among the newest `keep` nor the best. */
export async function pruneCheckpoints({ options, state }: Run, store: CheckpointStore): Promise<void> {
  const best = state.progress.best;
  const bestName = best && checkpointName({ epoch: best.epoch, stepInEpoch: 0, step: 0 });
  const names = await store.list();
  for (const name of names.slice(0, -(options.keep ?? 3))) {
    if (name === bestName) continue;
    await store.remove(name).catch((error: unknown) => {
      if (!isModelError(error) || error.code !== "OCCUPIED") throw error; // somebody keeps files of their own in it
    });
  }
}

/** Makes a checkpoint the newest of a store: those after it are of a run that went wrong. */
export async function removeNewerThan(checkpoint: Checkpoint, store: CheckpointStore): Promise<void> {
  const progress = checkpoint.progress as TrainingProgress;
  const name = checkpointName(progress);
  // Where the run began there is none; any other may have been pruned already.
  if (progress.step > 0 && !(await store.list()).includes(name)) await store.save(name, checkpoint);
  const names = await store.list();
  for (const newer of names.slice(names.indexOf(name) + 1)) await store.remove(newer);
}
