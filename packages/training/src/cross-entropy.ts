/** What one prediction cost and whether it was right. */
export interface Prediction {
  /** −log of the probability of the character that came, in nats. */
  loss: number;
  /** Whether the character that came was the most probable one. */
  correct: boolean;
}

/**
 * Scores row `row` of logits `[rows, size]` against the id that came, in float64.
 */
export function scoreLogits(logits: Float32Array, row: number, size: number, target: number): Prediction {
  const start = row * size;
  let largest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < size; id++) largest = Math.max(largest, logits[start + id]!);
  let sum = 0;
  for (let id = 0; id < size; id++) sum += Math.exp(logits[start + id]! - largest);
  const own = logits[start + target]!;
  return { loss: largest + Math.log(sum) - own, correct: own === largest };
}
