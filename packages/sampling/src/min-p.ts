import { checkMutable, checkNumber, type MutableLogits } from "./checks.js";
import { largestLogit } from "./draw.js";
import { roundingOf } from "./rounding.js";
import { keepAbove } from "./select.js";

/**
 * Keeps the ids at least `p` times as probable as the most probable one and sets the other logits to `-Infinity`, in
 * place. Probabilities compare as logits do, so nothing is exponentiated: the bar is the largest logit + log p.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param p In [0, 1]; 0 keeps everything, 1 the most probable id and its ties.
 * @param scratch At least 2 V numbers, overwritten where `minKeep` needs it; a new array when there is none.
 * @param minKeep Integer >= 1: so many of the most probable stay in any case, and what ties with the last of them.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`.
 * @see Nguyen et al. (2024), Turning up the heat: min-p sampling, https://arxiv.org/abs/2407.01082
 */
export function keepMinP(logits: MutableLogits, p: number, scratch?: Float64Array, minKeep = 1): void {
  checkMinP(p);
  checkMutable(logits);
  const largest = logits[largestLogit(logits)]!;
  const bar = largest + Math.log(p);
  keepAbove(logits, bar - roundingOf(Math.max(Math.abs(largest), Math.abs(bar))), scratch, minKeep);
}

/** Refuses a min-p outside [0, 1]. */
export function checkMinP(p: number): void {
  checkNumber(p, "min-p", (value) => value >= 0 && value <= 1, "a number in [0, 1] (0 keeps every id)", "p");
}
