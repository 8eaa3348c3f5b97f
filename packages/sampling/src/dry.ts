import { checkArray, checkCount, checkId, checkMutable, checkNumber, type MutableLogits, scratchOf } from "./checks.js";
import { checkNames } from "./errors.js";

/** Don't repeat yourself (DRY): ids that would go on with a repetition are less likely, the more so the longer it is. */
export interface Dry {
  /** What is subtracted from the logit that would make a repetition longer than allowed. > 0; 0.8 is usual. */
  multiplier: number;
  /** By how much that grows with each id of the repetition. >= 1. Default `1.75`. */
  base?: number | undefined;
  /** Repetitions up to so many ids are free. Integer >= 1. Default `2`, for tokens; characters want about ten times as many. */
  allowedLength?: number | undefined;
  /** How many of the last ids are searched for a repetition. Integer >= 1, or `Infinity`. Default `1024`. */
  window?: number | undefined;
  /** No repetition reaches across these ids, and they are never penalized: line ends, quotation marks. */
  breakerIds?: ArrayLike<number> | undefined;
}

const dryNames = ["multiplier", "base", "allowedLength", "window", "breakerIds"];

/** More than any draw can overcome; without a bound a long loop would take the logits to `-Infinity`, where nothing is left. */
const largestPenalty = 1e6;

/**
 * Makes ids that would prolong a repetition less likely, in place. Where the end of the text stood before, with `id` after
 * it, `multiplier * base ** (length - allowedLength)` is subtracted from that id's logit; `length`, the number of ids in which
 * the two places agree, is that of the longest such place, and at least `allowedLength`.
 *
 * @param logits Shape `[V]`; changed in place.
 * @param text The ids so far, oldest first; the last `window` of them count.
 * @param scratch At least V numbers, overwritten; a new array when there is none.
 * @throws {SamplingError} `BAD_OPTION`, `BAD_ID`, `NOT_AN_ARRAY`, `BAD_SCRATCH`.
 * @see Weidmann (2024), https://github.com/oobabooga/text-generation-webui/pull/5677
 */
export function penalizeRepeats(
  logits: MutableLogits,
  text: ArrayLike<number>,
  options: Dry,
  scratch?: Float64Array,
): void {
  checkDry(options);
  checkMutable(logits);
  checkArray(text, "the ids of the text");
  const { window = 1024 } = options;
  for (let index = 0; index < text.length; index++) checkId(text[index]!, logits.length);
  const ids = Uint32Array.from(text).subarray(Math.max(0, text.length - window));
  penalizeRepetitions(logits, ids, options, scratchOf(scratch, logits.length), new Uint32Array(ids.length));
}

/**
 * `penalizeRepeats` without the checks of the options and for the whole of `text`.
 *
 * Matches  the Z algorithm over the text read backwards: `matches[i]` is the number of ids in which the end of the text agrees
 *          with the place `i` ids before it. Each id is compared a bounded number of times, so no text is a slow one.
 *
 * @param longest Scratch, at least V numbers.
 * @param matches Scratch, at least as long as the text.
 */
export function penalizeRepetitions(
  logits: MutableLogits,
  text: Uint32Array,
  { multiplier, base = 1.75, allowedLength = 2, breakerIds = [] }: Dry,
  longest: Float64Array,
  matches: Uint32Array,
): void {
  longest.fill(0, 0, logits.length);
  const length = text.length;
  const reach = lengthAfterBreakers(text, breakerIds);
  let from = 0;
  let to = 0;
  for (let back = 1; back < length; back++) {
    let match = back < to ? Math.min(to - back, matches[back - from]!) : 0;
    while (back + match < length && text[length - 1 - match] === text[length - 1 - back - match]) match++;
    matches[back] = match;
    if (back + match > to) {
      from = back;
      to = back + match;
    }
    const next = text[length - back]!;
    checkId(next, logits.length); // a sampler observes ids before it knows V
    longest[next] = Math.max(longest[next]!, Math.min(match, reach));
  }
  for (let index = 0; index < breakerIds.length; index++) {
    checkId(breakerIds[index]!, logits.length);
    longest[breakerIds[index]!] = 0;
  }
  for (let id = 0; id < logits.length; id++) {
    if (longest[id]! < allowedLength) continue;
    logits[id]! -= Math.min(multiplier * base ** (longest[id]! - allowedLength), largestPenalty);
  }
}

/** How many ids there are after the last breaker. */
function lengthAfterBreakers(text: Uint32Array, breakerIds: ArrayLike<number>): number {
  for (let back = 0; back < text.length; back++) {
    if (Array.prototype.includes.call(breakerIds, text[text.length - 1 - back])) return back;
  }
  return text.length;
}

/** Refuses options of DRY outside their ranges. */
export function checkDry(options: Dry): void {
  checkNames(options, dryNames, "dry");
  const { multiplier, base = 1.75, allowedLength = 2, window = 1024, breakerIds = [] } = options;
  checkNumber(multiplier, "dry.multiplier", (value) => value > 0, "a number > 0, or leave dry out");
  checkNumber(base, "dry.base", (value) => value >= 1, "a number >= 1");
  checkCount(allowedLength, 1, "dry.allowedLength");
  checkWindow(window, "dry.window");
  checkArray(breakerIds, "dry.breakerIds");
}

/** Refuses a number of ids to look back at that is no integer of at least 1 and not `Infinity`. */
export function checkWindow(window: number, what: string): void {
  if (window !== Number.POSITIVE_INFINITY) checkCount(window, 1, what);
}
