import { checkMutable, checkNumber, type MutableLogits } from "./checks.js";
import { largestLogit } from "./draw.js";
import { roundingOf } from "./rounding.js";
import { keepAbove } from "./select.js";

/**
 * Keeps the logits within `n` standard deviations of the largest one and sets the others to `-Infinity`, in place. The
 * deviation is that of all logits that are not masked. No temperature changes what is kept.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param n Above 0, about 1; the noise of a flat distribution lies further off.
 * @param scratch At least 2 V numbers, overwritten where `minKeep` needs it; a new array when there is none.
 * @param minKeep Integer >= 1: so many of the most probable stay in any case, and what ties with the last of them.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`.
 * @see Tang et al. (2024), Top-nσ: not all logits are you need, https://arxiv.org/abs/2411.07641
 */
export function keepTopNSigma(logits: MutableLogits, n: number, scratch?: Float64Array, minKeep = 1): void {
  checkTopNSigma(n);
  checkMutable(logits);
  const largest = logits[largestLogit(logits)]!;
  const average = mean(logits, (logit) => logit);
  const deviation = Math.sqrt(mean(logits, (logit) => (logit - average) ** 2));
  const bar = largest - n * deviation;
  keepAbove(logits, bar - roundingOf(Math.max(Math.abs(largest), Math.abs(bar))), scratch, minKeep);
}

/** Refuses a number of deviations that is not above 0. */
export function checkTopNSigma(n: number): void {
  checkNumber(n, "top-n-sigma", (value) => value > 0, "a number > 0, about 1, or leave it out to keep every id");
}

/** The mean of what is measured at the logits that are not masked. */
function mean(logits: MutableLogits, measure: (logit: number) => number): number {
  let count = 0;
  let sum = 0;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id] === Number.NEGATIVE_INFINITY) continue;
    count++;
    sum += measure(logits[id]!);
  }
  return sum / count;
}
