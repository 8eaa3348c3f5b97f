import { checkCount, checkMutable, checkShare, type MutableLogits, scratchOf } from "./checks.js";
import { largestLogit } from "./draw.js";
import { roundingOf } from "./rounding.js";
import { nthLargest, selectByMass } from "./select.js";

/**
 * Keeps the nucleus and sets the other logits to `-Infinity`, in place: the fewest ids, the most probable first, whose
 * probabilities together reach p. Of ids that tie at its edge, the lowest stay.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param p In (0, 1]; 1 keeps everything.
 * @param scratch At least 2 V numbers, overwritten; a new array when there is none.
 * @param minKeep Integer >= 1: so many of the most probable stay in any case.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`.
 * @see Holtzman et al. (2020), The curious case of neural text degeneration, https://arxiv.org/abs/1904.09751
 */
export function keepTopP(logits: MutableLogits, p: number, scratch?: Float64Array, minKeep = 1): void {
  checkShare(p, "top-p");
  checkCount(minKeep, 1, "minKeep");
  checkMutable(logits);
  if (p === 1) return;
  const length = logits.length;
  const work = scratchOf(scratch, 2 * length);
  const largest = logits[largestLogit(logits)]!;
  let total = 0;
  for (let id = 0; id < length; id++) {
    const logit = logits[id]!;
    const weight = logit === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logit - largest);
    work[length + id] = weight;
    total += weight;
  }

  // All weights under (1 - p) / V of the total make less than 1 - p together, so none of them is in the nucleus: on the
  // peaked distributions of a trained model, most ids never reach the selection.
  const negligible = ((1 - p) * total) / length;
  let count = 0;
  for (let id = 0; id < length; id++) {
    const weight = work[length + id]!;
    if (weight >= negligible && weight > 0) {
      work[count] = logits[id]!;
      work[length + count] = weight;
      count++;
    }
  }

  const target = p * total * (1 - roundingOf(largest));
  const byMass = selectByMass(work, length, count, target);
  const threshold = minKeep > 1 ? Math.min(byMass, nthLargest(logits, minKeep, work)) : byMass;
  let mass = 0;
  let kept = 0;
  for (let id = 0; id < length; id++) {
    if (logits[id]! <= threshold) continue;
    mass += Math.exp(logits[id]! - largest);
    kept++;
  }
  const tie = Math.exp(threshold - largest);
  for (let id = 0; id < length; id++) {
    const logit = logits[id]!;
    if (logit > threshold) continue;
    if (logit === threshold && (mass < target || kept < minKeep)) {
      mass += tie;
      kept++;
    } else logits[id] = Number.NEGATIVE_INFINITY;
  }
}
