import { checkNames, VectorizeError } from "./errors.js";
import { type Ids, sameIdArray } from "./ids.js";
import { checkWhole } from "./options.js";
import { createPermutation } from "./permutation.js";
import type { StreamBatch, StreamShape } from "./stream-batches.js";

/** Items of a text, and how they are read side by side. */
export interface ItemBatchOptions extends StreamShape {
  /** With the epoch, decides the order of the items; a whole number, 0 or more. Default `0`. */
  seed?: number;
}

/** A stretch of an item in every row; rows end where their item does. */
export interface ItemBatch extends StreamBatch {
  /**
   * Characters of each row that count, from its first, up to `length`; what follows only pads. 0 for a row that has read all of its
   * items, never for every row. Shape `[rows]`.
   */
  lengths: readonly number[];
}

/** The batches of every epoch of a text of items. */
export interface ItemBatches {
  /** Items of the text. */
  readonly items: number;
  /** Batches of every epoch. */
  readonly batches: number;
  /** Rows of every batch: as asked, or as many as there are items for. */
  readonly rows: number;
  /**
   * One epoch, from a batch on: counted from 0.
   *
   * @throws {VectorizeError} `BAD_OPTION`, at once.
   */
  epoch(epoch: number, from?: number): Generator<ItemBatch, void, undefined>;
}

/** Stretches up to which an item is read in one piece, however few items there are. */
const wholeUpTo = 16;

/**
 * Reads a text of items: each begins with a mark, and the mark of the next one, or the last of all, ends it. An item of n
 * characters is n + 1 predictions: each character, and then that it is over.
 *
 * An epoch reads every item once, in an order of its own, N side by side, and cuts each, from its mark on, into stretches of up to L characters.
 * Batch `b + 1` goes on in a row where batch `b` ended, or with the row's next item, whose state is zero (`begins` names the row). A stretch never
 * holds parts of two items, so that a state can be zero at each beginning; a batch is as long as the longest of its stretches. Only an item that is
 * longer than 16 stretches and than a row's share of all is read in pieces, each from a state of zero.
 *
 * The rows' shares are as even as whole items allow, and the same in each epoch: what changes is which of the items of as many stretches is
 * read in a place, and the order of the places. So each epoch has as many batches.
 *
 * @param ids Begins and ends with the mark. Not copied.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item; `BAD_OPTION`.
 */
export function createItemBatches(ids: Ids, options: ItemBatchOptions): ItemBatches {
  checkNames(options, ["batch", "length", "seed"], "createItemBatches");
  const { batch, length, seed = 0 } = options;
  checkWhole("batch", batch, 1);
  checkWhole("length", length, 1);
  checkWhole("seed", seed, 0);
  const starts = itemStarts(ids);
  const pieces = cutLong(starts, { batch, length });
  const plan = planRows(pieces, { batch, length });

  function* eachBatch(epoch: number, from: number): Generator<ItemBatch, void, undefined> {
    const rows = plan.rows.map((slots) => new Row(slots, plan, { seed, epoch, from }));
    for (let index = from; index < plan.batches; index++) {
      const spans = rows.map((row) => row.span(length));
      const longest = Math.max(...spans.map(({ count }) => count));
      const inputs = sameIdArray(ids, rows.length * longest).fill(ids[0]!);
      const targets = sameIdArray(ids, rows.length * longest).fill(ids[0]!);
      for (const [row, { start, count }] of spans.entries()) {
        inputs.set(ids.subarray(start, start + count), row * longest);
        targets.set(ids.subarray(start + 1, start + count + 1), row * longest);
      }
      const begins = rows.flatMap((row, place) => (row.isAtBeginning ? [place] : []));
      const lengths = spans.map(({ count }) => count);
      yield { inputs, targets, rows: rows.length, length: longest, begins, lengths };
      for (const row of rows) row.advance();
    }
  }

  return {
    ...{ items: starts.length - 1, batches: plan.batches, rows: plan.rows.length },
    epoch(epoch, from = 0) {
      checkWhole("epoch", epoch, 0);
      checkWhole("from", from, 0, plan.batches);
      return eachBatch(epoch, from);
    },
  };
}

/** Where pieces begin, and behind them where the last one ends: items, but for those that are too long for one row. */
function cutLong(starts: Uint32Array, { batch, length }: StreamShape): Uint32Array {
  let stretches = 0;
  for (let item = 0; item + 1 < starts.length; item++) {
    stretches += Math.ceil((starts[item + 1]! - starts[item]!) / length);
  }
  const most = Math.max(wholeUpTo, Math.ceil(stretches / batch)) * length;
  let count = 0;
  for (let item = 0; item + 1 < starts.length; item++) count += Math.ceil((starts[item + 1]! - starts[item]!) / most);
  if (count + 1 === starts.length) return starts;
  const pieces = new Uint32Array(count + 1);
  let found = 0;
  for (let item = 0; item + 1 < starts.length; item++) {
    for (let start = starts[item]!; start < starts[item + 1]!; start += most) pieces[found++] = start;
  }
  pieces[found] = starts.at(-1)!;
  return pieces;
}

/** Which places of an epoch's order each row reads, and which pieces may come there. */
interface RowPlan {
  /** Where pieces begin, and where the last one ends. */
  pieces: Uint32Array;
  /** Pieces by their stretches, the longest first. */
  sorted: Uint32Array;
  /** Of each number of stretches, where its pieces begin in `sorted`, and how many there are. */
  classes: readonly { from: number; size: number }[];
  /** Of each row, places in `sorted`. */
  rows: readonly Uint32Array[];
  batches: number;
  stretchesOf(piece: number): number;
}

/** Deals the pieces out, the longest first, each to the row that has least (Graham, 1969). */
function planRows(pieces: Uint32Array, { batch, length }: StreamShape): RowPlan {
  const count = pieces.length - 1;
  const stretchesOf = (piece: number) => Math.ceil((pieces[piece + 1]! - pieces[piece]!) / length);
  let most = 0;
  for (let piece = 0; piece < count; piece++) most = Math.max(most, stretchesOf(piece));
  const classes = Array.from({ length: most + 1 }, () => ({ from: 0, size: 0 }));
  for (let piece = 0; piece < count; piece++) classes[stretchesOf(piece)]!.size++;
  for (let stretches = most; stretches > 0; stretches--) {
    const { from, size } = classes[stretches]!;
    classes[stretches - 1]!.from = from + size;
  }
  const filled = classes.map(({ from }) => from);
  const sorted = new Uint32Array(count);
  for (let piece = 0; piece < count; piece++) sorted[filled[stretchesOf(piece)]!++] = piece;

  const loads = new Float64Array(Math.min(batch, count));
  const sizes = new Uint32Array(loads.length);
  const rowOf = new Uint32Array(count);
  for (let slot = 0; slot < count; slot++) {
    let least = 0;
    for (let row = 1; row < loads.length; row++) if (loads[row]! < loads[least]!) least = row;
    rowOf[slot] = least;
    sizes[least]!++;
    loads[least]! += stretchesOf(sorted[slot]!);
  }
  const rows = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (const [slot, row] of rowOf.entries()) rows[row]![sizes[row]!++] = slot;
  return { pieces, sorted, classes, rows, batches: Math.max(...loads), stretchesOf };
}

/** A row on its way through an epoch. */
class Row {
  readonly #slots: Uint32Array;
  readonly #plan: RowPlan;
  readonly #orders = new Map<number, (place: number) => number>();
  readonly #order: (place: number) => number;
  readonly #key: readonly [seed: number, epoch: number];
  #place = 0;
  #stretch = 0;
  #piece: number;

  constructor(slots: Uint32Array, plan: RowPlan, { seed, epoch, from }: { seed: number; epoch: number; from: number }) {
    this.#slots = slots;
    this.#plan = plan;
    this.#key = [seed, epoch];
    this.#order = createPermutation(slots.length, seed, epoch);
    this.#piece = this.#pieceAt(0);
    let left = from;
    while (this.#place < slots.length && left >= plan.stretchesOf(this.#piece)) {
      left -= plan.stretchesOf(this.#piece);
      this.#next();
    }
    this.#stretch = left;
  }

  /** Whether the next stretch is its piece's first. */
  get isAtBeginning(): boolean {
    return this.#place < this.#slots.length && this.#stretch === 0;
  }

  /** The next stretch: characters of `ids`, none when the row has read all that is its. */
  span(length: number): { start: number; count: number } {
    if (this.#place === this.#slots.length) return { start: 0, count: 0 };
    const { pieces } = this.#plan;
    const start = pieces[this.#piece]! + this.#stretch * length;
    return { start, count: Math.min(length, pieces[this.#piece + 1]! - start) };
  }

  advance(): void {
    if (this.#place === this.#slots.length || ++this.#stretch < this.#plan.stretchesOf(this.#piece)) return;
    this.#next();
  }

  #next(): void {
    this.#place++;
    this.#stretch = 0;
    if (this.#place < this.#slots.length) this.#piece = this.#pieceAt(this.#place);
  }

  /** The piece in a place of this epoch: any of as many stretches. */
  #pieceAt(place: number): number {
    const { sorted, classes, stretchesOf } = this.#plan;
    const slot = this.#slots[this.#order(place)]!;
    const stretches = stretchesOf(sorted[slot]!);
    const { from, size } = classes[stretches]!;
    let order = this.#orders.get(stretches);
    if (!order) {
      order = createPermutation(size, ...this.#key);
      this.#orders.set(stretches, order);
    }
    return sorted[from + order(slot - from)]!;
  }
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
