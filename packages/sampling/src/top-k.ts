import { checkLength, type MutableLogits, refuseLogit, scratchOf } from "./checks.js";
import { SamplingError } from "./errors.js";
import { selectByMass } from "./select.js";

/**
 * Keeps the k largest logits and sets the others to `-Infinity`, in place. Ids that tie with the k-th stay too, as in
 * Hugging Face's `TopKLogitsWarper`.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param k Integer >= 1; V or more keeps everything.
 * @param scratch At least V numbers, overwritten; a new array when there is none.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `BAD_SCRATCH`.
 * @see Fan, Lewis and Dauphin (2018), Hierarchical neural story generation, https://arxiv.org/abs/1805.04833
 */
export function keepTopK(logits: MutableLogits, k: number, scratch?: Float64Array): void {
  checkTopK(k);
  if (k >= logits.length) return;
  const threshold = kthLargest(logits, k, scratchOf(scratch, logits.length));
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! < threshold) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** Refuses a k that is not an integer >= 1. */
export function checkTopK(k: number): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new SamplingError("BAD_OPTION", `top-k is ${k}: pass an integer >= 1, or leave it out to keep every id`, {
      k,
    });
  }
}

/**
 * The k ids of the largest values, largest first and the lowest id first among equals; `-Infinity` is left out.
 *
 * @param scratch At least V numbers, overwritten.
 */
export function largestIds(values: ArrayLike<number>, k: number, scratch: Float64Array): number[] {
  const count = Math.min(k, values.length);
  const threshold = kthLargest(values, count, scratch);
  const ids: number[] = [];
  for (let id = 0; id < values.length; id++) {
    if (values[id]! >= threshold && values[id]! > Number.NEGATIVE_INFINITY) ids.push(id);
  }
  // The sort is stable, so among ties at the threshold the lowest ids survive the cut.
  return ids.sort((a, b) => values[b]! - values[a]!).slice(0, count);
}

/**
 * The k-th largest value, 1 <= k <= V. Candidates gather in a buffer of 2k; each time it is full, the k largest stay and
 * the smallest of them becomes the bar that the next ones must pass. For a small k almost every value costs one comparison.
 */
function kthLargest(values: ArrayLike<number>, k: number, scratch: Float64Array): number {
  checkLength(values, "the logits");
  const capacity = Math.min(2 * k, values.length);
  let filled = 0;
  let bar = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < values.length; id++) {
    const value = values[id]!;
    if (value > bar) {
      if (filled === capacity) {
        bar = selectByMass(scratch, 0, filled, k);
        filled = k;
        if (value <= bar) continue;
      }
      scratch[filled++] = value;
    } else if (!(value <= bar)) {
      refuseLogit(value, id);
    }
  }
  return filled < k ? Number.NEGATIVE_INFINITY : selectByMass(scratch, 0, filled, k);
}
