import { type Batch, countPredictions, type StepResult } from "./backend.js";
import { TrainingError } from "./errors.js";
import type { LossWatch, TrainingProgress } from "./progress.js";
import type { Run } from "./run.js";
import type { TrainingSettings } from "./settings.js";

/** Times a run may go back before it is given up. */
const maximalRollbacks = 3;

/** What the learning rate is multiplied with each time. */
const rateCut = 0.5;

/** Updates in a row with a loss far above the level before the weights are looked at. */
const doubtfulUpdates = 20;

/** Nats above a uniform guess that no surprising text explains: its characters would have had a probability of 1e-13 on average. */
const absurdLoss = 30;

/** Nats by which the weights have to have got worse on one and the same batch. */
const worseBy = 0.5;

/** Where every run begins: a uniform guess. */
export function freshWatch(vocabularySize: number): LossWatch {
  return { level: Math.log(vocabularySize), strayed: 0 };
}

/**
 * Whether an update shows that the weights have gone bad.
 *
 * A high loss alone says little: an epoch begins with a state that fits nothing, a text may change from a table to prose, and a
 * network that has learnt its text almost to 0 nats is confidently wrong where it errs. So a loss that stays more than a nat above
 * the level for many updates, or up to the end of an epoch, raises a doubt only; what decides it is whether the weights predict
 * the very same batch worse than those of the last good checkpoint do. Diverged at once is what is not finite, and what is absurd.
 */
export async function hasDiverged(run: Run, batch: Batch, { loss, gradientNorm }: StepResult): Promise<boolean> {
  const { progress } = run.state;
  const { watch } = progress;
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) return true;
  if (loss <= watch.level + 1 + noise(batch)) {
    watch.level += 0.05 * Math.min(0, loss - watch.level);
    watch.strayed = 0;
    run.lastGood = run.newest;
    return false;
  }
  watch.strayed++;
  if (loss > Math.log(run.vocabulary.size) + absurdLoss && !wasAbsurdBefore(progress)) {
    watch.absurdAt = progress.step;
    return true;
  }
  const isLast = progress.stepInEpoch + 1 === run.source.stepsPerEpoch || progress.step + 1 === run.totalSteps;
  if (watch.strayed < doubtfulUpdates && !isLast) return false;
  if (await haveWeightsWorsened(run, batch, loss)) return true;
  Object.assign(watch, { level: loss, strayed: 0 });
  return false;
}

/** Whether the run has gone back for an absurd loss at this place: then it is the text's or the checkpoint's own. */
function wasAbsurdBefore({ step, watch: { absurdAt } }: TrainingProgress): boolean {
  return absurdAt !== undefined && step >= absurdAt && step < absurdAt + doubtfulUpdates;
}

/** The loss of one prediction scatters by about 1.6 nats: five standard errors of a batch's mean. */
function noise(batch: Batch): number {
  return 8 / Math.sqrt(countPredictions(batch));
}

/** Compares the weights with the last good ones on a batch, both from the zero state. */
async function haveWeightsWorsened({ backend, lastGood }: Run, batch: Batch, loss: number): Promise<boolean> {
  const weights = await backend.readWeights();
  const now = await backend.scoreBatch(batch);
  backend.writeWeights(lastGood.weights);
  const before = await backend.scoreBatch(batch);
  backend.writeWeights(weights);
  // The carried state may be what does not fit, and the zero state too: the weights are bad only if they are from both.
  return !(Math.min(loss, now.loss) <= before.loss + worseBy);
}

/**
 * The progress fields to go back with, from those of the run as it went wrong: a lower rate, one more rollback.
 *
 * @throws {TrainingError} `DIVERGED` when the run has gone back too often.
 */
export function lowerRate(
  { rateFactor, rollbacks, step }: TrainingProgress,
  settings: TrainingSettings,
  loss: number,
): Pick<TrainingProgress, "rateFactor" | "rollbacks"> {
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
