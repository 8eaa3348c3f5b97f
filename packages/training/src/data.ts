import {
  countStreamBatches,
  countWindowBatches,
  countWindows,
  createItemBatches,
  type Ids,
  idArray,
  streamBatches,
  windowBatches,
} from "@charlstm/vectorize";
import type { Batch } from "./backend.js";
import { beginNowAndThen, type TrainingBatch } from "./beginnings.js";
import { TrainingError } from "./errors.js";
import type { SplitText } from "./items.js";
import type { TrainingSettings } from "./settings.js";
import type { TextPlace } from "./texts.js";

/**
 * Holds the end of a text out: its last `share`. Of several texts, one after the other, the end of each.
 *
 * The parts of one text are views of `ids`. Several texts are moved together within `ids`, which afterwards holds what trains and
 * nothing else of use: a gigabyte would not fit twice.
 *
 * @param ids The characters, of several texts joined by `createTextJoiner`.
 * @param share In `[0, 1)`.
 * @param places Where each of several texts stands. Default: one text.
 * @returns Both parts; in each, what is of different texts is separated as it was in `ids`.
 */
export function splitText(ids: Ids, share: number, places: readonly TextPlace[] = []): SplitText {
  if (places.length < 2) {
    const border = ids.length - Math.floor(ids.length * share);
    return { train: ids.subarray(0, border), heldOut: ids.subarray(border) };
  }
  const separator = ids.slice(places[0]!.end, places[1]!.begin);
  const shares = places.map(({ begin, end }) => Math.floor((end - begin) * share)).filter((count) => count > 0);
  const size = shares.reduce((sum, count) => sum + count, Math.max(0, shares.length - 1) * separator.length);
  const heldOut = idArray(2 ** (8 * ids.BYTES_PER_ELEMENT), size);
  let [kept, trained] = [0, 0];
  for (const [text, { begin, end }] of places.entries()) {
    const border = end - Math.floor((end - begin) * share);
    if (border < end && kept > 0) {
      heldOut.set(separator, kept);
      kept += separator.length;
    }
    heldOut.set(ids.subarray(border, end), kept);
    kept += end - border;
    // What moves stays before what is still to be read.
    if (text > 0) {
      ids.set(separator, trained);
      trained += separator.length;
    }
    ids.copyWithin(trained, begin, border);
    trained += border - begin;
  }
  return { train: ids.subarray(0, trained), heldOut };
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
 * The batches of the settings' objective: shuffled windows, or streams read side by side, or items read so.
 *
 * @param ids What trains; items with their marks.
 * @throws {TrainingError} `TEXT_TOO_SHORT` when the text has no whole window, or a stream would have no character to predict.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item.
 */
export function batchSource(ids: Ids, settings: TrainingSettings): BatchSource {
  const { objective, window, stride, batch, seed } = settings;
  if (settings.items !== undefined) {
    const { batches, rows, epoch } = createItemBatches(ids, { batch, length: window, seed });
    return { stepsPerEpoch: batches, rows, batches: epoch };
  }
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
