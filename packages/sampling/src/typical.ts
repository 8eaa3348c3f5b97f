import { checkCount, checkMutable, checkShare, type MutableLogits, scratchOf } from "./checks.js";
import { largestLogit } from "./draw.js";
import { roundingOf } from "./rounding.js";
import { selectByMass } from "./select.js";

/**
 * Keeps the locally typical ids and sets the other logits to `-Infinity`, in place: those whose surprise, -log p, lies
 * nearest to the entropy of the distribution, until their probabilities together reach `mass`. The most probable id may
 * go. Ids that tie with the last one stay, as in Hugging Face's `TypicalLogitsWarper`.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param mass In (0, 1]; 1 keeps everything.
 * @param scratch At least 2 V numbers, overwritten; a new array when there is none.
 * @param minKeep Integer >= 1: so many of the most typical stay in any case, and what ties with the last of them.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`.
 * @see Meister et al. (2023), Locally typical sampling, https://arxiv.org/abs/2202.00666
 */
export function keepTypical(logits: MutableLogits, mass: number, scratch?: Float64Array, minKeep = 1): void {
  checkShare(mass, "typical-p");
  checkCount(minKeep, 1, "minKeep");
  checkMutable(logits);
  if (mass === 1) return;
  const length = logits.length;
  const work = scratchOf(scratch, 2 * length);
  const largest = logits[largestLogit(logits)]!;
  let total = 0;
  let weightedLogits = 0;
  let count = 0;
  for (let id = 0; id < length; id++) {
    const logit = logits[id]!;
    if (logit === Number.NEGATIVE_INFINITY) continue;
    const weight = Math.exp(logit - largest);
    total += weight;
    weightedLogits += weight * (logit - largest);
    work[count] = logit;
    work[length + count] = weight;
    count++;
  }

  // surprise = log(total) - (logit - largest) and entropy = its mean, so log(total) cancels in their difference.
  const typicalLogit = largest + weightedLogits / total;
  for (let index = 0; index < count; index++) work[index] = -Math.abs(work[index]! - typicalLogit);
  const byMass = selectByMass(work, length, count, mass * total * (1 - roundingOf(largest)));
  const threshold = minKeep > 1 ? Math.min(byMass, selectByMass(work, 0, count, minKeep)) : byMass;
  for (let id = 0; id < length; id++) {
    if (-Math.abs(logits[id]! - typicalLogit) < threshold) logits[id] = Number.NEGATIVE_INFINITY;
  }
}
