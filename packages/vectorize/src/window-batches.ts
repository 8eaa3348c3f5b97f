import { checkNames, VectorizeError } from "./errors.js";
import { type Ids, sameIdArray } from "./ids.js";
import { checkBoolean, checkWhole } from "./options.js";
import { createPermutation, largestPermutation } from "./permutation.js";
import { requireWindows, type WindowOptions } from "./windows.js";

/** How windows are put into batches. */
export interface WindowBatchOptions extends WindowOptions {
  /** Windows of a batch, 1 or more; the last batch of an epoch has what is left. */
  batch: number;
  /** Whether the windows come in random order, each once an epoch. Default `true`. */
  shuffle?: boolean;
  /** With `epoch`, decides the order; whole numbers, 0 or more. Default `0`. */
  seed?: number;
  /** Counted from anywhere; each epoch has an order of its own. Default `0`. */
  epoch?: number;
  /** The batch to begin with, to resume an epoch without going through those before. Default `0`. */
  from?: number;
  /** Leaves out a last batch of fewer than `batch` windows. Default `false`. */
  dropLast?: boolean;
  /** Fills the same arrays again: a batch is then valid until the next pull. Default `false`: each has its own. */
  reuse?: boolean;
}

/** Ids, as networks with an embedding or a look-up take them. */
export interface WindowBatch {
  /** Shape `[rows, length]`. */
  inputs: Ids;
  /** Shape `[rows]`: the character after each window. */
  targets: Ids;
  rows: number;
  /** The window. */
  length: number;
}

const optionNames = ["window", "stride", "batch", "shuffle", "seed", "epoch", "from", "dropLast", "reuse"];

/**
 * Batches of an epoch: `ceil(windows / batch)`, or `floor` with `dropLast`.
 *
 * @param length Characters of the text.
 * @throws {VectorizeError} `TEXT_TOO_SHORT`, `BAD_OPTION`.
 */
export function countWindowBatches(length: number, options: WindowBatchOptions): number {
  return planWindowBatches(length, options).batches;
}

/**
 * One epoch of windows as ids, in random order.
 *
 * The order is computed, not stored, so it takes no memory a window, and any batch is reached at once.
 *
 * @throws {VectorizeError} `TEXT_TOO_SHORT`, `BAD_OPTION`; both at once, not at the first pull.
 */
export function windowBatches(ids: Ids, options: WindowBatchOptions): Generator<WindowBatch, void, undefined> {
  return eachBatch(ids, planWindowBatches(ids.length, options));
}

/** What an epoch of windows consists of. */
export interface WindowBatchPlan {
  windows: number;
  batches: number;
  window: number;
  batch: number;
  from: number;
  reuse: boolean;
  /** Characters before the window at a place in the epoch's order. */
  startAt(place: number): number;
}

/** Checks the options; both kinds of window batches are made by it. */
export function planWindowBatches(length: number, options: WindowBatchOptions): WindowBatchPlan {
  checkNames(options, optionNames, "windowBatches");
  const { window, stride = 1, batch, seed = 0, epoch = 0, from = 0 } = options;
  const { shuffle = true, dropLast = false, reuse = false } = options;
  for (const [name, value] of Object.entries({ shuffle, dropLast, reuse })) checkBoolean(name, value);
  checkWhole("batch", batch, 1);
  checkWhole("seed", seed, 0);
  checkWhole("epoch", epoch, 0);
  const windows = requireWindows(length, { window, stride });
  const batches = dropLast ? Math.floor(windows / batch) : Math.ceil(windows / batch);
  checkWhole("from", from, 0, batches);
  if (shuffle && windows > largestPermutation) {
    throw new VectorizeError(
      "BAD_OPTION",
      `${windows} windows are too many to shuffle, at most ${largestPermutation}: use a larger stride, or shuffle: false`,
      { windows, most: largestPermutation },
    );
  }
  const order = shuffle ? createPermutation(windows, seed, epoch) : (place: number) => place;
  return { windows, batches, window, batch, from, reuse, startAt: (place) => order(place) * stride };
}

function* eachBatch(ids: Ids, plan: WindowBatchPlan): Generator<WindowBatch, void, undefined> {
  const { windows, batches, window, batch, from, reuse, startAt } = plan;
  const widest = Math.min(batch, windows);
  let inputs = sameIdArray(ids, 0);
  let targets = sameIdArray(ids, 0);
  for (let index = from; index < batches; index++) {
    const first = index * batch;
    const rows = Math.min(batch, windows - first);
    if (!reuse || inputs.length === 0) {
      inputs = sameIdArray(ids, (reuse ? widest : rows) * window);
      targets = sameIdArray(ids, reuse ? widest : rows);
    }
    for (let row = 0; row < rows; row++) {
      const start = startAt(first + row);
      inputs.set(ids.subarray(start, start + window), row * window);
      targets[row] = ids[start + window]!;
    }
    yield { inputs: inputs.subarray(0, rows * window), targets: targets.subarray(0, rows), rows, length: window };
  }
}
