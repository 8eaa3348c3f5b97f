import { TrainingError } from "./errors.js";
import type { TrainingProgress } from "./progress.js";
import type { Run } from "./run.js";

/** Times a run may go back before it is given up. */
const maximalRollbacks = 3;

/** What the learning rate is multiplied with each time. */
const rateCut = 0.5;

/**
 * Whether an update's loss or gradient is not finite, or the loss lies more than a nat above the last epoch's mean (above a
 * uniform guess in the first epoch), with room for the noise of a small batch: the loss of one prediction scatters by about 1.6
 * nats, so that five standard errors of a batch's mean are `8 / sqrt(predictions)`.
 */
export function hasDiverged(
  { state, vocabulary }: Run,
  { loss, gradientNorm, predictions }: { loss: number; gradientNorm: number; predictions: number },
): boolean {
  const reference = state.history.at(-1)?.loss ?? Math.log(vocabulary.size);
  return !Number.isFinite(loss) || !Number.isFinite(gradientNorm) || loss > reference + 1 + 8 / Math.sqrt(predictions);
}

/**
 * The progress fields to go back with: a lower rate, one more rollback.
 *
 * @throws {TrainingError} `DIVERGED` when the run has gone back too often.
 */
export function lowerRate({ state, settings }: Run, loss: number): Pick<TrainingProgress, "rateFactor" | "rollbacks"> {
  const { rateFactor, rollbacks, step } = state.progress;
  if (rollbacks >= maximalRollbacks) {
    throw new TrainingError(
      "DIVERGED",
      `the loss became ${loss} at step ${step + 1}, after the run had gone back ${rollbacks} times and cut the learning rate ` +
        `to ${settings.learningRate * rateFactor}: start again with a lower learning rate or a smaller clip norm; ` +
        "the last checkpoint is from before the loss diverged",
      { loss, step: step + 1, rollbacks },
    );
  }
  return { rateFactor: rateFactor * rateCut, rollbacks: rollbacks + 1 };
}
