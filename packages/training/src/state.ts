import type { Checkpoint } from "@charlstm/model/checkpoint";
import { createRandom, type RandomState } from "@charlstm/sampling";
import { freshWatch } from "./divergence.js";
import { TrainingError } from "./errors.js";
import { type EpochMetrics, noSums, type TrainingProgress } from "./progress.js";
import type { Run, RunState } from "./run.js";
import type { TrainingSettings } from "./settings.js";
import { settingsTable } from "./settings-table.js";

/** Where every run begins. */
export function freshState(settings: TrainingSettings, vocabularySize: number): RunState {
  return {
    progress: {
      epoch: 0,
      step: 0,
      stepInEpoch: 0,
      sums: { ...noSums },
      random: createRandom(settings.seed).state,
      rateFactor: 1,
      rollbacks: 0,
      watch: freshWatch(vocabularySize),
    },
    history: [],
  };
}

/** Folder name of a checkpoint; the order of the names is the order in time. */
export function checkpointName({
  epoch,
  step,
  stepInEpoch,
}: Pick<TrainingProgress, "epoch" | "step" | "stepInEpoch">): string {
  const name = `epoch-${String(epoch).padStart(4, "0")}`;
  return stepInEpoch === 0 ? name : `${name}-step-${String(step).padStart(8, "0")}`;
}

/** Ends the epoch in progress: its figures join the history and the next one begins. */
export function closeEpoch({ progress, history }: RunState, metrics: EpochMetrics, random: RandomState): void {
  const loss = metrics.heldOutLoss ?? metrics.loss;
  history.push(metrics);
  if (!progress.best || loss < progress.best.loss) progress.best = { epoch: metrics.epoch, loss };
  Object.assign(progress, { epoch: metrics.epoch, stepInEpoch: 0, sums: { ...noSums }, random });
}

/** A checkpoint keeps the figures of this many epochs, so that saving the thousandth does not cost more than saving the hundredth … */
const epochsKept = 1000;

/** … the newest ones, and those of the best epoch, by which `loadBest` finds its checkpoint. */
const keptHistory = ({ progress, history }: RunState): EpochMetrics[] =>
  history.filter(({ epoch }, index) => index >= history.length - epochsKept || epoch === progress.best?.epoch);

/** All it takes to go on: a copy of the weights, the optimizer's slots, the carried state, and the run's own records. */
export async function snapshot(
  run: Pick<Run, "backend" | "settings" | "vocabulary" | "state" | "options">,
): Promise<Checkpoint> {
  const { backend, settings, vocabulary, state, options } = run;
  const carried = backend.readState();
  return {
    architecture: backend.options.architecture,
    vocabulary: vocabulary.characters,
    objective: settings.objective,
    weights: await backend.readWeights(),
    optimizer: await backend.readOptimizer(),
    tensors: carried.length > 0 ? [{ name: "carried_state", shape: [carried.length], values: carried }] : [],
    progress: structuredClone(state.progress),
    history: structuredClone(keptHistory(state)),
    settings: structuredClone(settings),
    metadata: structuredClone(options.metadata ?? {}),
  };
}

/**
 * Puts a run where a checkpoint was taken.
 *
 * @throws {TrainingError} `RESUME_MISMATCH`, naming the vocabulary or the setting that differs.
 */
export async function restore(
  run: Pick<Run, "backend" | "settings" | "vocabulary" | "state">,
  checkpoint: Checkpoint,
): Promise<void> {
  const { backend, settings, vocabulary, state } = run;
  if (!checkpoint.progress || !checkpoint.optimizer) {
    throw new TrainingError(
      "RESUME_MISMATCH",
      "this checkpoint holds a model only, no training progress: resume from one that `train` saved",
    );
  }
  const characters = vocabulary.characters.join("");
  if (checkpoint.vocabulary.join("") !== characters) {
    throw mismatch("vocabulary", checkpoint.vocabulary.join(""), characters);
  }
  const saved = checkpoint.settings as Record<string, unknown>;
  for (const [name, { mayChange }] of Object.entries(settingsTable)) {
    const value = settings[name as keyof TrainingSettings];
    if (!mayChange && JSON.stringify(saved[name]) !== JSON.stringify(value)) throw mismatch(name, saved[name], value);
  }
  backend.writeWeights(checkpoint.weights);
  backend.writeOptimizer(checkpoint.optimizer);
  const carried = checkpoint.tensors?.find(({ name }) => name === "carried_state");
  if (carried) backend.writeState(carried.values);
  else backend.resetState();
  const progress = structuredClone(checkpoint.progress) as TrainingProgress;
  progress.watch ??= freshWatch(vocabulary.size); // a checkpoint of an older version has none
  state.progress = progress;
  state.history = structuredClone(checkpoint.history) as EpochMetrics[];
}

function mismatch(name: string, saved: unknown, given: unknown): TrainingError {
  return new TrainingError(
    "RESUME_MISMATCH",
    `the checkpoint's ${name} is ${JSON.stringify(saved)}, this run's is ${JSON.stringify(given)}: ` +
      `go on with the same ${name}, or start a new run`,
    { name, saved, given },
  );
}
