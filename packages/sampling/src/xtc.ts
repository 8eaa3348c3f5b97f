import { checkMutable, checkNumber, type MutableLogits } from "./checks.js";
import { largestLogit } from "./draw.js";
import { checkNames } from "./errors.js";
import { roundingOf } from "./rounding.js";

/** Excluding the top choices (XTC): now and then the obvious ids step back, for the sake of the next best. */
export interface Xtc {
  /** How often, in [0, 1]. */
  probability: number;
  /** What makes an id a top choice: its probability, in (0, 0.5]. */
  threshold: number;
}

const xtcNames = ["probability", "threshold"];

/**
 * Sets all ids whose probability reaches the threshold to `-Infinity`, in place, except the least probable of them (the
 * highest id of those that tie). Nothing changes where fewer than two ids reach it, or fewer than `minKeep` would stay.
 * XTC does this before some of the draws, at random.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param threshold In (0, 0.5]; two ids cannot reach more.
 * @param minKeep Integer >= 1.
 * @throws {SamplingError} `BAD_OPTION`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`.
 * @see Weidmann (2024), https://github.com/oobabooga/text-generation-webui/pull/6335
 */
export function dropTopChoices(logits: MutableLogits, threshold: number, minKeep = 1): void {
  checkThreshold(threshold);
  checkMutable(logits);
  const largest = logits[largestLogit(logits)]!;
  let total = 0;
  let left = 0;
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp(logits[id]! - largest);
    total += weight;
    if (weight > 0) left++;
  }
  const bar = threshold * total * (1 - roundingOf(largest));
  let last = -1;
  for (let id = 0; id < logits.length; id++) {
    if (Math.exp(logits[id]! - largest) < bar) continue;
    left--;
    if (last < 0 || logits[id]! <= logits[last]!) last = id;
  }
  if (left + 1 < minKeep) return;
  for (let id = 0; id < logits.length; id++) {
    if (id !== last && Math.exp(logits[id]! - largest) >= bar) logits[id] = Number.NEGATIVE_INFINITY;
  }
}

/** Refuses a probability outside [0, 1] and a threshold outside (0, 0.5]. */
export function checkXtc(options: Xtc): void {
  checkNames(options, xtcNames, "xtc");
  const { probability, threshold } = options;
  checkNumber(probability, "xtc.probability", (value) => value >= 0 && value <= 1, "a number in [0, 1]");
  checkThreshold(threshold);
}

function checkThreshold(threshold: number): void {
  const expected = "a number in (0, 0.5]: no two ids reach more";
  checkNumber(threshold, "the threshold of XTC", (value) => value > 0 && value <= 0.5, expected);
}
