import {
  countStreamBatches,
  countWindowBatches,
  countWindows,
  type Ids,
  streamBatches,
  windowBatches,
} from "@charlstm/vectorize";
import type { Batch } from "./backend.js";
import { beginNowAndThen, type TrainingBatch } from "./beginnings.js";
import { TrainingError } from "./errors.js";
import type { TrainingSettings } from "./settings.js";

/** The two parts of a text: what trains, and what only measures. */
export interface SplitText {
  train: Ids;
  heldOut: Ids;
}

/** Holds the last `share` of the text out; the two parts are views of `ids`, in one piece each. */
export function splitText(ids: Ids, share: number): SplitText {
  const border = ids.length - Math.floor(ids.length * share);
  return { train: ids.subarray(0, border), heldOut: ids.subarray(border) };
}

/** The batches of every epoch of a run; any of them can be reached without going through those before it. */
export interface BatchSource {
  readonly stepsPerEpoch: number;
  /** Rows of every batch: the setting, or less when the text has no more. */
  readonly rows: number;
  /** Batches `from`, `from + 1`, … of an epoch, counted from 0. A batch is valid until the next pull. */
  batches(epoch: number, from: number): Iterable<TrainingBatch>;
}

/**
 * The batches of the settings' objective: shuffled windows, or streams read side by side.
 *
 * @throws {TrainingError} `TEXT_TOO_SHORT` when the text has no whole window, or a stream would have no character to predict.
 */
export function batchSource(ids: Ids, settings: TrainingSettings): BatchSource {
  const { objective, window, stride, batch, seed } = settings;
  if (ids.length <= window) {
    throw new TrainingError(
      "TEXT_TOO_SHORT",
      `the text to train on has ${ids.length} characters, a window of ${window} needs at least ${window + 1}: ` +
        "use a longer text, a smaller window, or hold less of it out",
      { characters: ids.length, window },
    );
  }
  if (objective === "window") {
    const rows = Math.min(batch, countWindows(ids.length, { window, stride }));
    const options = { window, stride, batch: rows, seed };
    return {
      stepsPerEpoch: countWindowBatches(ids.length, options),
      rows,
      batches: (epoch, from) => withoutState(windowBatches(ids, { ...options, epoch, from })),
    };
  }
  const shape = { batch: Math.min(batch, Math.floor((ids.length - 1) / window)), length: window };
  return {
    stepsPerEpoch: countStreamBatches(ids.length, shape),
    rows: shape.batch,
    batches: (epoch, from) =>
      beginNowAndThen(streamBatches(ids, { ...shape, seed, epoch, from, reuse: true }), {
        rows: shape.batch,
        ...{ seed, epoch, from },
      }),
  };
}

/** Windows carry nothing from batch to batch. */
function* withoutState(batches: Iterable<Batch>): Generator<TrainingBatch, void, void> {
  for (const batch of batches) yield { ...batch, begins: [] };
}
