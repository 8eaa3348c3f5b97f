// A network that only ever goes on in training never learns to begin: from the zero state, with which every text is written and scored, an
// unlucky first character may then drive a cell so far that it never comes back. So rows begin too: where their text does, and now and then.
import { createRandom } from "@charlstm/sampling";
import type { Backend, Batch } from "./backend.js";

/** A batch, and the rows of it whose carried state begins at zero. */
export interface TrainingBatch extends Batch {
  begins: readonly number[];
}

/**
 * The chance of a row to begin anew within an epoch, at each update. From 0 to 0.03 the held-out loss differs by less than seeds do; with less than
 * 0.01 some words in capitals still lead into junk (docs/training.md has the comparison).
 */
export const begunAnew = 0.01;

/**
 * Adds rows that begin anew to an epoch's batches: the same ones for the same seed and epoch, wherever it is entered.
 *
 * @param from The batch of the epoch that is the first of `batches`.
 */
export function* beginNowAndThen(
  batches: Iterable<TrainingBatch>,
  { rows, seed, epoch, from }: { rows: number; seed: number; epoch: number; from: number },
): Generator<TrainingBatch, void, void> {
  const random = createRandom((seed + epoch * 0x9e3779b1) % Number.MAX_SAFE_INTEGER);
  for (let passed = 0; passed < from * rows; passed++) random();
  for (const batch of batches) {
    const begins = new Set(batch.begins);
    for (let row = 0; row < rows; row++) if (random() < begunAnew) begins.add(row);
    yield { ...batch, begins: [...begins] };
  }
}

/** Zeroes the carried state of some rows. */
export function beginRows(backend: Backend, rows: readonly number[]): void {
  if (rows.length === 0) return; // no need to read and write what stays
  const { architecture, rows: all } = backend.options;
  const state = backend.readState();
  let offset = 0;
  // [layers][h, c][rows][units]
  for (const width of architecture.units.flatMap((units) => [units, units])) {
    for (const row of rows) state.fill(0, offset + row * width, offset + (row + 1) * width);
    offset += all * width;
  }
  backend.writeState(state);
}
