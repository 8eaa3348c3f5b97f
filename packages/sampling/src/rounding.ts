/**
 * How far rounding may have moved the probabilities of logits, as a share of them: a few units in the last place of the
 * largest logit, which is about what computing a logarithm and its exponential again costs. Filters with a bar give way by
 * it, so that `[.3, .1, .1, .5].map(Math.log)` reaches top-p .8 with its first two, as it does on paper.
 *
 * @param largest The largest logit.
 */
export function roundingOf(largest: number): number {
  return 8 * Number.EPSILON * Math.max(1, Math.abs(largest));
}
