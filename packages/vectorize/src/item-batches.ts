import { VectorizeError } from "./errors.js";
import { type Ids, sameIdArray } from "./ids.js";
import { checkNames, checkWhole } from "./options.js";
import { createPermutation } from "./permutation.js";
import type { StreamBatch, StreamShape } from "./stream-batches.js";

/** Items of a text, and how they are read side by side. */
export interface ItemBatchOptions extends StreamShape {
  /** With the epoch, decides the order of the items; a whole number, 0 or more. Default `0`. */
  seed?: number;
}

/** A stretch of an item in every row; rows end where their item does. */
export interface ItemBatch extends StreamBatch {
  /** Characters of each row that count, from its first, each 1 to `length`; what follows only pads. Shape `[rows]`. */
  lengths: readonly number[];
}

/** The batches of every epoch of a text of items. */
export interface ItemBatches {
  /** Items of the text. */
  readonly items: number;
  /** Batches of every epoch. */
  readonly batches: number;
  /** Rows of every batch: as asked, or as many stretches as there are. */
  readonly rows: number;
  /**
   * One epoch, from a batch on: counted from 0.
   *
   * @throws {VectorizeError} `BAD_OPTION`, at once.
   */
  epoch(epoch: number, from?: number): Generator<ItemBatch, void, undefined>;
}

/**
 * Reads a text of items: each begins with a mark, and the mark of the next one, or the last of all, ends it. An item of n
 * characters is n + 1 predictions: each character, and then that it is over.
 *
 * An epoch puts the items in another order and cuts each, from its mark on, into stretches of up to L characters. N rows read the stretches
 * side by side, each S one after the other: batch `b + 1` goes on in a row where batch `b` ended, or with the next item, whose state is zero
 * (`begins` names the row). A stretch never holds parts of two items, so that a state can be zero at each beginning; a batch is as long as
 * the longest of its stretches. Fewer than N stretches are left over, other ones in each epoch.
 *
 * @param ids Begins and ends with the mark. Not copied.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item; `BAD_OPTION`.
 */
export function createItemBatches(ids: Ids, options: ItemBatchOptions): ItemBatches {
  checkNames(options, ["batch", "length", "seed"]);
  const { batch, length, seed = 0 } = options;
  checkWhole("batch", batch, 1);
  checkWhole("length", length, 1);
  checkWhole("seed", seed, 0);
  const starts = itemStarts(ids);
  const items = starts.length - 1;
  const stretchesOf = (item: number) => Math.ceil((starts[item + 1]! - starts[item]!) / length);
  let stretches = 0;
  for (let item = 0; item < items; item++) stretches += stretchesOf(item);
  const rows = Math.min(batch, stretches);
  const batches = Math.floor(stretches / rows);

  /** Where each row begins when an epoch is entered at a batch: the place of its item in the order, and the stretch of that. */
  function entries(order: (place: number) => number, from: number): Cursor[] {
    const cursors: Cursor[] = [];
    let passed = 0;
    for (let place = 0; cursors.length < rows; place++) {
      const count = stretchesOf(order(place));
      for (;;) {
        const wanted = cursors.length * batches + from;
        if (cursors.length === rows || wanted >= passed + count) break;
        cursors.push({ place, stretch: wanted - passed });
      }
      passed += count;
    }
    return cursors;
  }

  function* eachBatch(order: (place: number) => number, from: number): Generator<ItemBatch, void, undefined> {
    const cursors = from < batches ? entries(order, from) : [];
    for (let index = from; index < batches; index++) {
      const spans = cursors.map(({ place, stretch }) => {
        const item = order(place);
        const start = starts[item]! + stretch * length;
        return { start, count: Math.min(length, starts[item + 1]! - start) };
      });
      const longest = Math.max(...spans.map(({ count }) => count));
      const inputs = sameIdArray(ids, rows * longest).fill(ids[0]!);
      const targets = sameIdArray(ids, rows * longest).fill(ids[0]!);
      for (const [row, { start, count }] of spans.entries()) {
        inputs.set(ids.subarray(start, start + count), row * longest);
        targets.set(ids.subarray(start + 1, start + count + 1), row * longest);
      }
      const begins = cursors.flatMap(({ stretch }, row) => (index === 0 || stretch === 0 ? [row] : []));
      yield { inputs, targets, rows, length: longest, begins, lengths: spans.map(({ count }) => count) };
      for (const cursor of cursors) {
        if (++cursor.stretch < stretchesOf(order(cursor.place))) continue;
        cursor.place++;
        cursor.stretch = 0;
      }
    }
  }

  return {
    ...{ items, batches, rows },
    epoch(epoch, from = 0) {
      checkWhole("epoch", epoch, 0);
      checkWhole("from", from, 0, batches);
      return eachBatch(createPermutation(items, seed, epoch), from);
    },
  };
}

/** A row's place in an epoch. */
interface Cursor {
  place: number;
  stretch: number;
}

/**
 * Where the items of a text begin, at their marks, and behind them where the last mark stands: item `i` reads from `starts[i]` up to, not
 * including, `starts[i + 1]`.
 *
 * @param ids Begins and ends with the mark.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item.
 */
export function itemStarts(ids: Ids): Uint32Array {
  const [mark] = ids;
  let marks = 0;
  for (let place = 0; place < ids.length; place++) if (ids[place] === mark) marks++;
  if (marks < 2 || ids[ids.length - 1] !== mark) {
    throw new VectorizeError(
      "TEXT_TOO_SHORT",
      `the text has ${marks} ${marks === 1 ? "mark" : "marks"}, an item stands between two: give one item or more, a mark before and after each`,
      { marks },
    );
  }
  const starts = new Uint32Array(marks);
  let found = 0;
  for (let place = 0; place < ids.length; place++) if (ids[place] === mark) starts[found++] = place;
  return starts;
}
