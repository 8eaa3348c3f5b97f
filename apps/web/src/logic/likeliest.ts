import { softmax } from "@charlstm/sampling";

/** How likely a character is to come next. */
export interface LikelyCharacter {
  character: string;
  /** As the network has it. */
  probability: number;
  /** As it is drawn at the temperature. */
  drawn: number;
}

/**
 * The characters that most likely come next, before and after a temperature; the likeliest first, which no temperature changes.
 *
 * @param logits One for each of `characters`.
 * @param temperature Above 0.
 */
export function likeliest(
  logits: Float32Array,
  characters: readonly string[],
  temperature: number,
  count: number,
): LikelyCharacter[] {
  const probabilities = softmax(logits);
  const drawn = softmax(logits.map((logit) => logit / temperature));
  return characters
    .map((character, id) => ({ character, probability: probabilities[id]!, drawn: drawn[id]! }))
    .sort((one, other) => other.probability - one.probability)
    .slice(0, count);
}
