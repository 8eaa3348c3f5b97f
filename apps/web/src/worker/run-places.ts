import type { Checkpoint } from "@charlstm/model/checkpoint";
import { heldOutLossOf, type TrainingProgress } from "@charlstm/training";
import type { Place, Use } from "../files/records.js";

/** What a run has left so far: its newest checkpoint, and that of the epoch with the lowest held-out loss. */
export interface Left {
  saved: Checkpoint | undefined;
  best: Checkpoint | undefined;
}

/** Takes a checkpoint of the run; one at the end of an epoch may be its best so far. */
export function takeCheckpoint(left: Left, checkpoint: Checkpoint): void {
  left.saved = checkpoint;
  const { best, epoch } = progressOf(checkpoint);
  if (heldOutLossOf(checkpoint) !== undefined && best?.epoch === epoch) left.best = checkpoint;
}

/** Takes what a run that is over has left: of one that ended within an epoch the best may be its last, which then knows its loss. */
export function takeEnd(left: Left, { checkpoint, best }: { checkpoint: Checkpoint; best: Checkpoint }): void {
  left.saved = progressOf(best).step === progressOf(checkpoint).step ? best : checkpoint;
  if (heldOutLossOf(best) !== undefined) left.best = best;
}

/** Where the run's best and its newest checkpoint stand, when they are two. */
export function placesOf({ best, saved }: Left): Record<Use, Place> | undefined {
  if (!best || !saved || progressOf(best).step === progressOf(saved).step) return undefined;
  return { best: placeOf(best), last: placeOf(saved) };
}

function placeOf(checkpoint: Checkpoint): Place {
  const { epoch, step, stepInEpoch } = progressOf(checkpoint);
  const heldOutLoss = heldOutLossOf(checkpoint);
  return { epoch, ...(stepInEpoch > 0 ? { step } : {}), ...(heldOutLoss === undefined ? {} : { heldOutLoss }) };
}

const progressOf = ({ progress }: Checkpoint) => progress as TrainingProgress;
