// One trial up to so many epochs: a run as `train` makes it, which goes on from its newest checkpoint.
import { existsSync } from "node:fs";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { type EpochMetrics, type TrainingEvent, type TrainingProgress, train } from "@charlstm/training";
import { createBackend } from "../backends/backends.js";
import { chooseBuild } from "../backends/choose-build.js";
import { type ClaimedRun, checkpointsOf, claimNewRun, claimRun } from "../run/claim.js";
import { readRunRecord, runPaths } from "../run/folder.js";
import { newestCheckpoint } from "../run/newest-checkpoint.js";
import type { Io } from "../terminal/io.js";
import type { TrainPlan } from "../train/plan.js";
import { openRunWriter } from "../train/run-writer.js";
import type { TrialResult } from "./folder.js";

export interface TrialOptions {
  plan: TrainPlan;
  /** Where this turn of it ends; at the settings' epochs the run ends too, and writes its model. */
  epochs: number;
  threads: number;
  onEvent?(event: TrainingEvent): void;
  /** Called when a checkpoint is in the folder, and awaited. */
  onSaved?(): Promise<void>;
  checkpointMinutes?: number;
}

/** What a trial has come to, but for its number. */
export type Outcome = Omit<TrialResult, "trial" | "error">;

/**
 * Trains a trial in a folder: begins it, or goes on from where the folder stands, to the same bits.
 *
 * @throws {TrainingError} `DIVERGED`, `TEXT_TOO_SHORT` and others; the reason of `io.signal`, once a checkpoint is saved.
 */
export async function runTrial(io: Io, folder: string, options: TrialOptions): Promise<Outcome> {
  const { plan, epochs, threads } = options;
  const isBegun = existsSync(runPaths(folder).record);
  const record = isBegun ? await readRunRecord(folder) : undefined;
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = plan.settings;
  const backend = await createBackend("engine", {
    architecture: { vocabularySize: plan.vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, rows: plan.rows, seed, threads },
    build: chooseBuild(io, undefined, record?.backend.build),
  });
  try {
    const facts = { name: backend.name, ...backend.facts };
    const claimed = isBegun
      ? await claimRun(io, folder)
      : await claimNewRun(io, folder, { ...plan.record, backend: facts });
    try {
      const resume = isBegun ? (await newestCheckpoint(io, folder))?.checkpoint : undefined;
      const reached = (resume?.progress as TrainingProgress | undefined)?.epoch ?? 0;
      if (resume && reached >= epochs && epochs < plan.settings.epochs)
        return outcomeOf(resume.history as EpochMetrics[], epochs);
      return await trainOn(io, claimed, { ...options, backend, resume });
    } finally {
      await claimed.release();
    }
  } finally {
    await backend.dispose();
  }
}

interface StartedTrial extends TrialOptions {
  backend: Awaited<ReturnType<typeof createBackend>>;
  resume: Checkpoint | undefined;
}

async function trainOn(io: Io, claimed: ClaimedRun, trial: StartedTrial): Promise<Outcome> {
  const { plan, epochs, backend, resume, onEvent, onSaved, checkpointMinutes } = trial;
  const history = (resume?.history ?? []) as readonly EpochMetrics[];
  const { folder, check } = claimed;
  const writer = await openRunWriter(folder, { history, tensorboard: false, use: "best", check });
  const events = train(backend, plan, {
    settings: plan.settings,
    store: checkpointsOf(claimed),
    resume,
    metadata: plan.metadata,
    keep: 1,
    ...(checkpointMinutes === undefined ? {} : { checkpointMinutes }),
    signal: io.signal,
  });
  for await (const event of events) {
    onEvent?.(event);
    await writer.record(event);
    if (event.type !== "checkpoint-saved") continue;
    await onSaved?.();
    // The run is saved as it stands, and goes on should the trial be promoted.
    if (event.epoch >= epochs && epochs < plan.settings.epochs) break;
  }
  return outcomeOf(writer.history(), epochs);
}

/** The best of the epochs up to so many. */
function outcomeOf(history: readonly EpochMetrics[], epochs: number): Outcome {
  const seen = history.filter(({ epoch }) => epoch <= epochs);
  const isHeldOut = seen.some(({ heldOutLoss }) => heldOutLoss !== undefined);
  const judged = ({ loss, heldOutLoss }: EpochMetrics) => (isHeldOut ? (heldOutLoss ?? Number.NaN) : loss);
  const best = seen.reduce((lowest, each) => (judged(each) < judged(lowest) ? each : lowest));
  const seconds = seen.reduce((sum, each) => sum + each.seconds, 0);
  return { epochs, loss: judged(best), isHeldOut, best: best.epoch, seconds };
}
