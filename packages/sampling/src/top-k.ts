import { checkLogits, checkMutable, checkNumber, type MutableLogits, refuseLogit, scratchOf } from "./checks.js";
import { selectByMass } from "./select.js";

/**
 * Keeps the k largest logits and sets the others to `-Infinity`, in place. Ids that tie with the k-th stay too, as in
 * Hugging Face's `TopKLogitsWarper`.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param k Integer >= 1; V or more keeps everything.
 * @param scratch At least 2 V numbers, overwritten; a new array when there is none.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `BAD_SCRATCH`.
 * @see Fan, Lewis and Dauphin (2018), Hierarchical neural story generation, https://arxiv.org/abs/1805.04833
 */
export function keepTopK(logits: MutableLogits, k: number, scratch?: Float64Array): void {
  checkTopK(k);
  checkMutable(logits);
  const length = logits.length;
  const work = scratchOf(scratch, 2 * length);
  const count = gatherTopK(logits, k, work, work, length);
  let threshold = Number.POSITIVE_INFINITY;
  for (let index = 0; index < count; index++) threshold = Math.min(threshold, logits[work[length + index]!]!);
  for (let id = 0; id < length; id++) {
    if (logits[id]! < threshold) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** Refuses a k that is not an integer >= 1. */
export function checkTopK(k: number): void {
  const expected = "an integer >= 1, or leave it out to keep every id";
  checkNumber(k, "top-k", (value) => Number.isInteger(value) && value >= 1, expected, "k");
}

/**
 * The k ids of the largest values, largest first and the lowest id first among equals; `-Infinity` is left out.
 *
 * @param scratch At least 2 V numbers, overwritten.
 */
export function largestIds(values: Float64Array, k: number, scratch: Float64Array): number[] {
  const count = gatherTopK(values, k, scratch, scratch, values.length);
  const ids = Array.from(scratch.subarray(values.length, values.length + count));
  // The sort is stable, so among ties at the threshold the lowest ids survive the cut.
  return ids.sort((a, b) => values[b]! - values[a]!).slice(0, k);
}

/**
 * Writes the ids of the k largest values and of their ties, without those of `-Infinity`, in their order from
 * `ids[offset]` on, and returns their number.
 *
 * Loop    once over the values. Candidates gather in a buffer of 2k; each time it is full, the k largest stay and the
 *         smallest of them becomes the bar for those that follow. For a small k almost every value costs one comparison,
 *         and the ids that passed the bar are few enough to be looked through again when the last bar is known.
 * Layout  `buffer[0, min(2k, V))` candidates; `ids[offset, offset + V)` at most.
 */
export function gatherTopK(
  values: ArrayLike<number>,
  k: number,
  buffer: Float64Array,
  ids: Float64Array,
  offset: number,
): number {
  checkLogits(values);
  const length = values.length;
  const capacity = Math.min(2 * k, length);
  let bar = Number.NEGATIVE_INFINITY;
  let filled = 0;
  let passed = 0;
  for (let id = 0; id < length; id++) {
    const value = values[id]!;
    if (value >= bar) {
      if (value === Number.NEGATIVE_INFINITY) continue;
      if (filled === capacity) {
        bar = selectByMass(buffer, 0, filled, k);
        filled = k;
        if (value < bar) continue;
      }
      buffer[filled++] = value;
      ids[offset + passed++] = id;
    } else if (!(value < bar)) {
      refuseLogit(value, id);
    }
  }

  if (filled > k) bar = selectByMass(buffer, 0, filled, k);
  let count = 0;
  for (let index = 0; index < passed; index++) {
    const id = ids[offset + index]!;
    if (values[id]! >= bar) ids[offset + count++] = id;
  }
  return count;
}
