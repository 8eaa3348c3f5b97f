import { refuseAllMasked, refuseLogit } from "./checks.js";

/**
 * The id of the largest logit, the lowest id on a tie.
 *
 * Loops like this one read a Float64Array wherever speed matters: a loop that has met several kinds of arrays reads each
 * of them several times slower.
 *
 * @param logits Shape `[V]`; `-Infinity` excludes an id. Not modified.
 * @throws {SamplingError} `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`.
 */
export function largestLogit(logits: ArrayLike<number>, length = logits.length): number {
  let best = -1;
  let largest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < length; id++) {
    const value = logits[id]!;
    if (value > largest) {
      if (value === Number.POSITIVE_INFINITY) refuseLogit(value, id);
      largest = value;
      best = id;
    } else if (!(value <= largest)) {
      refuseLogit(value, id);
    }
  }
  return best < 0 ? refuseAllMasked() : best;
}

/**
 * Turns the first `length` logits, in place, into weights `exp((logit - largest) / temperature)`: not divided by their
 * sum, which is returned. Subtracting first keeps the smallest temperatures from overflowing.
 */
export function weighLogits(values: Float64Array, length: number, largest: number, temperature: number): number {
  let total = 0;
  for (let id = 0; id < length; id++) {
    const value = values[id]!;
    const weight = value === Number.NEGATIVE_INFINITY ? 0 : Math.exp((value - largest) / temperature);
    values[id] = weight;
    total += weight;
  }
  return total;
}

/**
 * The inverse of the cumulative sum, in the order of the ids: the first id whose cumulative weight exceeds
 * `position * total`. One uniform number makes one draw, so the same numbers make the same draws in any language.
 *
 * @param position Uniform in `[0, 1)`.
 */
export function pickByWeight(weights: Float64Array, length: number, total: number, position: number): number {
  const threshold = position * total;
  let cumulative = 0;
  let last = 0;
  for (let id = 0; id < length; id++) {
    const weight = weights[id]!;
    if (weight > 0) {
      cumulative += weight;
      if (cumulative > threshold) return id;
      last = id;
    }
  }
  return last; // `position * total` may round up to `total`
}
