import { type Checkpoint, type CheckpointStore, isModelError, loadNewest } from "@charlstm/model/checkpoint";
import type { EpochMetrics, TrainingProgress } from "./progress.js";
import { checkpointName } from "./state.js";

/** The held-out loss of a checkpoint's very weights; `undefined` when it was saved within an epoch, or nothing was held out. */
export function heldOutLossOf({ history, progress }: Checkpoint): number | undefined {
  const last = history.at(-1) as EpochMetrics | undefined;
  return last && last.step === (progress as Partial<TrainingProgress> | undefined)?.step ? last.heldOutLoss : undefined;
}

/** Whether a checkpoint is better on the held-out text than another; one whose loss is not known is better than none. */
export function isBetter(checkpoint: Checkpoint, than: Checkpoint | undefined): boolean {
  if (!than) return true;
  const [loss, other] = [heldOutLossOf(checkpoint), heldOutLossOf(than)];
  return loss !== undefined && (other === undefined || loss < other);
}

/**
 * The checkpoint that a run does best with, of those in a store: that of the epoch with the lowest held-out loss; the newest one
 * when nothing was held out, no epoch has ended yet, or that one can't be read.
 *
 * @param newest The newest checkpoint of the run. Default: the store's newest whole one.
 * @throws {ModelError} `NOT_FOUND` when there is none, or the newest one's error when none is whole.
 */
export async function loadBest(store: CheckpointStore, newest?: Checkpoint): Promise<Checkpoint> {
  const last = newest ?? (await loadNewest(store)).checkpoint;
  const best = (last.progress as Partial<TrainingProgress> | undefined)?.best;
  const metrics = (last.history as readonly EpochMetrics[]).find(({ epoch }) => epoch === best?.epoch);
  if (metrics?.heldOutLoss === undefined || metrics.heldOutLoss === heldOutLossOf(last)) return last;
  try {
    return await store.load(checkpointName({ ...metrics, stepInEpoch: 0 }));
  } catch (error) {
    if (isModelError(error)) return last;
    throw error;
  }
}
