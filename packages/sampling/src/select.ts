import { checkCount, type MutableLogits, scratchOf } from "./checks.js";

/**
 * Sets the logits below `bar` to `-Infinity`, in place, but leaves the `minKeep` largest and what ties with the last of them.
 *
 * @param scratch At least V numbers, overwritten where `minKeep` is above 1.
 */
export function keepAbove(
  logits: MutableLogits,
  bar: number,
  scratch: Float64Array | undefined,
  minKeep: number,
): void {
  checkCount(minKeep, 1, "minKeep");
  const threshold = minKeep > 1 ? Math.min(bar, nthLargest(logits, minKeep, scratchOf(scratch, logits.length))) : bar;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! < threshold) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** The n-th largest of the values, the smallest where there are fewer; `-Infinity` does not count. */
export function nthLargest(values: ArrayLike<number>, n: number, scratch: Float64Array): number {
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    if (values[index]! > Number.NEGATIVE_INFINITY) scratch[count++] = values[index]!;
  }
  return selectByMass(scratch, 0, count, n);
}

/**
 * The key at which the running mass, taken from the largest key down, first reaches `target`; the smallest key when it
 * never does. Everything above the answer ends up before everything equal to it, and that before the rest.
 *
 * Layout  `work[0, count)` keys, no NaN; `work[massOffset, massOffset + count)` their masses, >= 0. With `massOffset` 0
 *         every key has mass 1, so the answer is the `target`-th largest key. Both are reordered.
 * Loop    quickselect: only the side that holds the answer is split again, so O(count) on average, without the full sort
 *         that costs most of the time at V = 50,000. Three ways, so that equal keys (masked ids, ties) go at once.
 * Pivots  the median of three pseudo-random places: no order of the input is a slow one by nature.
 */
export function selectByMass(work: Float64Array, massOffset: number, count: number, target: number): number {
  let from = 0;
  let to = count;
  let above = 0;
  let place = count;
  let pivot = Number.NEGATIVE_INFINITY;
  while (from < to) {
    const width = to - from;
    place = nextPlace(place);
    const first = work[from + (place % width)]!;
    place = nextPlace(place);
    const second = work[from + (place % width)]!;
    place = nextPlace(place);
    const third = work[from + (place % width)]!;
    pivot = Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));

    let greater = from;
    let less = to;
    let massAbove = 0;
    let massAt = 0;
    for (let index = from; index < less; ) {
      const key = work[index]!;
      const mass = massOffset === 0 ? 1 : work[massOffset + index]!;
      if (key > pivot) {
        massAbove += mass;
        swap(work, massOffset, greater++, index++);
      } else if (key < pivot) {
        swap(work, massOffset, --less, index);
      } else {
        massAt += mass;
        index++;
      }
    }

    if (above + massAbove >= target) to = greater;
    else if (above + massAbove + massAt >= target) return pivot;
    else {
      above += massAbove + massAt;
      from = less;
    }
  }
  // Rounding kept the sum just under the target: the last pivot is the smallest key that belongs to it.
  return pivot;
}

function nextPlace(place: number): number {
  return (Math.imul(place, 1664525) + 1013904223) >>> 0;
}

function swap(work: Float64Array, massOffset: number, a: number, b: number): void {
  const key = work[a]!;
  work[a] = work[b]!;
  work[b] = key;
  if (massOffset > 0) {
    const mass = work[massOffset + a]!;
    work[massOffset + a] = work[massOffset + b]!;
    work[massOffset + b] = mass;
  }
}
