import { checkArray, checkId, checkMutable, checkNumber, type MutableLogits, scratchOf } from "./checks.js";
import { checkNames } from "./errors.js";

/** How the ids written lately are made less likely. */
export interface Penalties {
  /** A logit above 0 is divided by it, one below 0 multiplied. > 0; above 1 discourages. Default `1`: no change. */
  repetitionPenalty?: number | undefined;
  /** Subtracted from the logit once for each time the id occurs. Any finite number. Default `0`. */
  frequencyPenalty?: number | undefined;
  /** Subtracted from the logit once if the id occurs at all. Any finite number. Default `0`. */
  presencePenalty?: number | undefined;
}

const penaltyNames = ["repetitionPenalty", "frequencyPenalty", "presencePenalty"];

/**
 * Makes ids that occur in `recent` less likely, in place: first the repetition penalty, then the frequency and presence
 * penalties. Do this before anything that shifts the logits, since the repetition penalty depends on their sign.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param recent The ids that count, in any order: pass the last few hundred for a sliding window.
 * @param scratch At least V numbers, some overwritten; a new array when there is none.
 * @throws {SamplingError} `BAD_OPTION`, `BAD_ID`, `BAD_SCRATCH`.
 * @see Keskar et al. (2019), CTRL, https://arxiv.org/abs/1909.05858: the repetition penalty. The other two are
 *   those of OpenAI's API: logit - count * frequency - (count > 0) * presence.
 */
export function penalize(
  logits: MutableLogits,
  recent: ArrayLike<number>,
  penalties: Penalties,
  scratch?: Float64Array,
): void {
  checkNames(penalties, penaltyNames, "penalize");
  checkPenalties(penalties);
  checkMutable(logits);
  checkArray(recent, "the recent ids");
  penalizeRecent(logits, recent, penalties, scratchOf(scratch, logits.length));
}

/** Refuses penalties that are not finite, and a repetition penalty that is not above 0. */
export function checkPenalties({ repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 }: Penalties): void {
  const finite = "a finite number (0 changes nothing)";
  checkNumber(frequencyPenalty, "the frequency penalty", () => true, finite, "frequencyPenalty");
  checkNumber(presencePenalty, "the presence penalty", () => true, finite, "presencePenalty");
  const above = "a finite number > 0 (1 changes nothing)";
  checkNumber(repetitionPenalty, "the repetition penalty", (x) => x > 0, above, "repetitionPenalty");
}

/** `penalize` without the checks of the options. Time O(ids), whatever V is. */
export function penalizeRecent(
  logits: MutableLogits,
  recent: ArrayLike<number>,
  { repetitionPenalty = 1, frequencyPenalty = 0, presencePenalty = 0 }: Penalties,
  counts: Float64Array,
): void {
  const count = recent.length;
  for (let index = 0; index < count; index++) {
    checkId(recent[index]!, logits.length);
    counts[recent[index]!] = 0;
  }
  for (let index = 0; index < count; index++) counts[recent[index]!]! += 1;
  for (let index = 0; index < count; index++) {
    const id = recent[index]!;
    const occurrences = counts[id]!;
    if (occurrences === 0) continue; // done at an earlier occurrence
    counts[id] = 0;
    const logit = logits[id]!;
    const repeated = logit < 0 ? logit * repetitionPenalty : logit / repetitionPenalty;
    logits[id] = repeated - occurrences * frequencyPenalty - presencePenalty;
  }
}
