import { checkLength, type MutableLogits } from "./checks.js";
import { largestLogit } from "./draw.js";
import { SamplingError } from "./errors.js";

/**
 * Keeps the ids at least `p` times as probable as the most probable one and sets the other logits to `-Infinity`, in
 * place. Probabilities compare as logits do, so nothing is exponentiated: the bar is the largest logit + log p.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param p In [0, 1]; 0 keeps everything, 1 the most probable id and its ties.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`.
 * @see Nguyen et al. (2024), Turning up the heat: min-p sampling, https://arxiv.org/abs/2407.01082
 */
export function keepMinP(logits: MutableLogits, p: number): void {
  checkMinP(p);
  checkLength(logits, "the logits");
  const threshold = logits[largestLogit(logits)]! + Math.log(p);
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! < threshold) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** Refuses a min-p outside [0, 1]. */
export function checkMinP(p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new SamplingError("BAD_OPTION", `min-p is ${p}: pass a number in [0, 1] (0 keeps every id)`, { p });
  }
}
