import { checkNames, VectorizeError } from "./errors.js";
import { type Ids, sameIdArray } from "./ids.js";
import { checkBoolean, checkWhole } from "./options.js";
import { drawBelow } from "./permutation.js";

/** The shape of a batch of streams. */
export interface StreamShape {
  /** Streams read side by side, N, 1 or more. */
  batch: number;
  /** Characters of each stream in a batch, L, 1 or more. */
  length: number;
}

/** How a text is cut into streams, and where an epoch begins. */
export interface StreamBatchOptions extends StreamShape {
  /** The batch to begin with. Default `0`. */
  from?: number;
  /**
   * Lets each epoch cut the text elsewhere: it begins at an offset drawn from `seed` and `epoch`, so that it is not always the end of the
   * text that is left over, and its rows begin a sixteenth of a row further than the epoch before. Default `true`; `false` begins at
   * the first character.
   */
  shift?: boolean;
  /** With `epoch`, decides the offset; whole numbers, 0 or more. Default `0`. */
  seed?: number;
  epoch?: number;
  /** Fills the same arrays again: a batch is then valid until the next pull. Default `false`: each has its own. */
  reuse?: boolean;
}

/** A stretch of every stream, and the characters one further. */
export interface StreamBatch {
  /** Shape `[rows, length]`. */
  inputs: Ids;
  /** Shape `[rows, length]`: what follows each character of `inputs`. */
  targets: Ids;
  rows: number;
  length: number;
  /**
   * Rows that do not go on where the batch before ended: all of an epoch's first batch, and later the row that comes from the end
   * of the text to its beginning. A state that is carried from batch to batch is zero there.
   */
  begins: readonly number[];
}

/** In how many epochs the beginnings of the rows go once round a row: each is then read as a beginning, and all text at even distances. */
const beginningsOfARow = 16;

/**
 * Batches of an epoch: `floor((characters - 1) / (batch · length))`, 0 when the text is too short for one.
 *
 * @param characters Characters of the text.
 * @throws {VectorizeError} `BAD_OPTION`.
 */
export function countStreamBatches(characters: number, options: StreamShape): number {
  checkNames(options, ["batch", "length"], "countStreamBatches");
  const { batch, length } = options;
  checkWhole("characters", characters, 0);
  checkWhole("batch", batch, 1);
  checkWhole("length", length, 1);
  return Math.max(0, Math.floor((characters - 1) / (batch * length)));
}

/**
 * One epoch of a text read as `batch` streams side by side, for training that carries its state from batch to batch.
 *
 * With S batches an epoch, the text from `offset` on is N · S stretches of L characters, in a circle. Row `r` reads the S of them that begin
 * with stretch `first + r · S`; batch `b + 1` goes on in every row where batch `b` ended, but for the row that comes round to the text's
 * beginning (`begins` names it). So an epoch predicts each of N · S · L characters in one piece exactly once. Fewer than N · L characters are left
 * over, `offset` of them before that piece and the rest after.
 *
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is not one batch, `BAD_OPTION`; both at once, not at the first pull.
 */
export function streamBatches(ids: Ids, options: StreamBatchOptions): Generator<StreamBatch, void, undefined> {
  checkNames(options, ["batch", "length", "from", "shift", "seed", "epoch", "reuse"], "streamBatches");
  const { batch, length, from = 0, shift = true, seed = 0, epoch = 0, reuse = false } = options;
  checkBoolean("shift", shift);
  checkBoolean("reuse", reuse);
  checkWhole("seed", seed, 0);
  checkWhole("epoch", epoch, 0);
  const batches = countStreamBatches(ids.length, { batch, length });
  if (batches === 0) {
    const needed = batch * length + 1;
    throw new VectorizeError(
      "TEXT_TOO_SHORT",
      `the text has ${ids.length} characters, ${batch} streams of ${length} need at least ${needed}: ` +
        "use a longer text, fewer streams or shorter ones",
      { characters: ids.length, batch, length, needed },
    );
  }
  checkWhole("from", from, 0, batches);
  const leftOver = ids.length - 1 - batch * batches * length;
  const offset = shift ? drawBelow(leftOver + 1, seed, epoch) : 0;
  const first = shift ? (epoch * Math.ceil(batches / beginningsOfARow)) % (batch * batches) : 0;
  return eachBatch(ids, { batch, length, from, reuse, batches, offset, first });
}

interface StreamPlan extends Required<Pick<StreamBatchOptions, "batch" | "length" | "from" | "reuse">> {
  batches: number;
  /** Where the first stretch begins, in characters. */
  offset: number;
  /** The stretch with which the first row begins. */
  first: number;
}

function* eachBatch(ids: Ids, plan: StreamPlan): Generator<StreamBatch, void, undefined> {
  const { batch: rows, length, from, reuse, batches, offset, first } = plan;
  let inputs = sameIdArray(ids, 0);
  let targets = sameIdArray(ids, 0);
  for (let index = from; index < batches; index++) {
    if (!reuse || inputs.length === 0) {
      inputs = sameIdArray(ids, rows * length);
      targets = sameIdArray(ids, rows * length);
    }
    const begins: number[] = [];
    for (let row = 0; row < rows; row++) {
      const stretch = (first + row * batches + index) % (rows * batches);
      if (index === 0 || stretch === 0) begins.push(row);
      const start = offset + stretch * length;
      inputs.set(ids.subarray(start, start + length), row * length);
      targets.set(ids.subarray(start + 1, start + length + 1), row * length);
    }
    yield { inputs, targets, rows, length, begins };
  }
}
