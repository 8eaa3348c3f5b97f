import { type Backend, countPredictions } from "./backend.js";
import { beginRows } from "./beginnings.js";
import { isBetter } from "./best.js";
import { hasDiverged, lowerRate } from "./divergence.js";
import { evaluateHeldOut } from "./evaluate.js";
import type { TrainingEvent } from "./events.js";
import { turnNowAndThen } from "./next-turn.js";
import { isOutOfPatience, openRun, pruneCheckpoints, removeNewerThan } from "./open-run.js";
import { hasBegunToRise, lowestOf } from "./overfitting.js";
import { addStep, type EpochMetrics, epochMetrics } from "./progress.js";
import type { Run, TrainingText, TrainOptions } from "./run.js";
import { writeSamples } from "./samples.js";
import { learningRateAt } from "./schedule.js";
import { checkpointName, closeEpoch, restore, snapshot } from "./state.js";

/**
 * Trains a backend on a text, as a stream of events.
 *
 * The backend decides where the arithmetic runs; the order of the batches, the learning rates and the samples follow from
 * the settings alone, so that an interrupted run, resumed from its last checkpoint, goes on as if nothing had been.
 * Leaving the loop early ends the run without a checkpoint; aborting the signal saves one first.
 *
 * @throws {TrainingError} `BAD_OPTION`, `TEXT_TOO_SHORT`, `RESUME_MISMATCH`, `DIVERGED`.
 */
export async function* train(
  backend: Backend,
  text: TrainingText,
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const run = await openRun(backend, text, options);
  const { settings, state } = run;
  const turn = turnNowAndThen();
  yield runStart(run);
  try {
    if (isOutOfPatience(run)) return yield await runEnd(run, "early-stop"); // a run that had ended so goes on with more patience only
    while (state.progress.epoch < settings.epochs && state.progress.step < run.totalSteps) {
      yield* trainEpoch(run, turn);
      if (state.progress.stepInEpoch === run.source.stepsPerEpoch) {
        yield* finishEpoch(run);
        if (isOutOfPatience(run)) return yield await runEnd(run, "early-stop");
      }
    }
    // One that stops within an epoch, or was killed between its last update and its end.
    if (state.progress.stepInEpoch > 0) return yield* finishPartialEpoch(run);
    yield await runEnd(run, state.progress.epoch < settings.epochs ? "max-steps" : "finished");
  } catch (error) {
    if (options.signal?.aborted) yield* saveCheckpoint(run);
    throw error;
  }
}

/** Updates until the epoch or the run ends, or the loss diverges and the run goes back. */
async function* trainEpoch(run: Run, turn: () => Promise<void> | undefined): AsyncGenerator<TrainingEvent, void, void> {
  const { backend, settings, source, state, options } = run;
  const epoch = state.progress.epoch + 1;
  for (const batch of source.batches(epoch, state.progress.stepInEpoch)) {
    const { progress } = state;
    if (progress.step === run.totalSteps) return;
    await turn(); // a backend that never waits would keep Ctrl-C from reaching the signal
    options.signal?.throwIfAborted();
    const learningRate = progress.rateFactor * learningRateAt(progress.step, run.totalSteps, settings);
    const characters = batch.lengths ? countPredictions(batch) : batch.inputs.length;
    const started = run.now();
    beginRows(backend, batch.begins);
    const { loss, gradientNorm } = await backend.trainBatch(batch, learningRate);
    const seconds = (run.now() - started) / 1000;
    if (await hasDiverged(run, batch, { loss, gradientNorm })) return yield await goBack(run, loss);
    addStep(progress, {
      loss,
      gradientNorm,
      seconds,
      learningRate,
      predictions: countPredictions(batch),
      characters,
    });
    const meanLoss = progress.sums.loss / progress.sums.predictions;
    const { step, stepInEpoch } = progress;
    yield {
      type: "step-end",
      epoch,
      step,
      stepInEpoch,
      loss,
      meanLoss,
      gradientNorm,
      learningRate,
      characters,
      seconds,
    };
    const minutes = (run.now() - run.lastSaved) / 60_000;
    const isDue = minutes >= (options.checkpointMinutes ?? 10) && progress.watch.strayed === 0;
    if (stepInEpoch < source.stepsPerEpoch && isDue) yield* saveCheckpoint(run);
  }
}

/** Scores, writes the samples, and saves: only then is the epoch over. */
async function* finishEpoch(run: Run): AsyncGenerator<TrainingEvent, void, void> {
  const metrics = await measureEpoch(run);
  const samples = await writeSamples(run);
  closeEpoch(run.state, metrics, samples.random);
  yield { type: "sample-written", epoch: metrics.epoch, prompt: samples.prompt, samples: samples.samples };
  yield { type: "epoch-end", partial: false, ...metrics };
  const { history } = run.state;
  if (hasBegunToRise(history))
    yield {
      type: "held-out-rising",
      epoch: metrics.epoch,
      loss: metrics.heldOutLoss!,
      lowest: lowestOf(history)!,
    };
  yield* saveCheckpoint(run);
}

/** A run that stops within an epoch still shows where it stands; what it saves goes on with that epoch. */
async function* finishPartialEpoch(run: Run): AsyncGenerator<TrainingEvent, void, void> {
  yield* saveCheckpoint(run);
  const metrics = await measureEpoch(run);
  const samples = await writeSamples(run);
  yield { type: "sample-written", epoch: metrics.epoch, prompt: samples.prompt, samples: samples.samples };
  yield { type: "epoch-end", partial: true, ...metrics };
  yield await runEnd(run, "max-steps", metrics);
}

async function measureEpoch(run: Run): Promise<EpochMetrics> {
  const heldOut = await evaluateHeldOut(run);
  return epochMetrics(run.state.progress, heldOut?.loss);
}

async function* saveCheckpoint(run: Run): AsyncGenerator<TrainingEvent, void, void> {
  const { options, state } = run;
  const checkpoint = await snapshot(run);
  run.newest = checkpoint;
  if (run.state.progress.stepInEpoch === 0 && isBetter(checkpoint, run.best)) run.best = checkpoint;
  run.lastSaved = run.now();
  if (!options.store) return;
  const name = checkpointName(state.progress);
  await options.store.save(name, checkpoint);
  await pruneCheckpoints(run, options.store);
  yield { type: "checkpoint-saved", name, epoch: state.progress.epoch, step: state.progress.step };
}

async function goBack(run: Run, loss: number): Promise<TrainingEvent> {
  const left = run.state.progress;
  await restore(run, run.lastGood);
  run.newest = run.lastGood;
  if (run.options.store) await removeNewerThan(run.lastGood, run.options.store);
  const lowered = lowerRate(left, run.settings, loss);
  Object.assign(run.state.progress, lowered);
  run.state.progress.watch.absurdAt = left.watch.absurdAt;
  const backToStep = run.state.progress.step;
  const learningRate = lowered.rateFactor * learningRateAt(backToStep, run.totalSteps, run.settings);
  return { type: "loss-diverged", step: left.step + 1, loss, backToStep, learningRate };
}

function runStart({ backend, text, vocabulary, source, totalSteps, state, parameters }: Run): TrainingEvent {
  return {
    type: "run-start",
    backend: backend.name,
    characters: text.train.length,
    heldOutCharacters: text.heldOut.length,
    vocabulary: vocabulary.size,
    parameters,
    stepsPerEpoch: source.stepsPerEpoch,
    totalSteps,
    epoch: state.progress.epoch,
    step: state.progress.step,
  };
}

async function runEnd(
  run: Run,
  reason: "finished" | "max-steps" | "early-stop",
  partial?: EpochMetrics,
): Promise<TrainingEvent> {
  const history = partial ? [...run.state.history, partial] : run.state.history;
  const checkpoint = await snapshot(run);
  // Only the model to use knows of the epoch that was not ended: the other one goes on with it.
  const last = partial ? { ...checkpoint, history } : checkpoint;
  return { type: "run-end", reason, history, checkpoint, best: run.best && isBetter(run.best, last) ? run.best : last };
}
