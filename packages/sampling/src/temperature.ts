import { checkMutable, checkTemperature, type MutableLogits } from "./checks.js";
import { largestLogit } from "./draw.js";

/**
 * Divides the logits by the temperature, in place, after subtracting the largest, which no softmax can see and which
 * keeps the smallest temperatures from overflowing. Temperature 0 leaves the largest logit alone (the lowest id on a tie).
 *
 * @param logits Shape `[V]`; changed in place.
 * @param temperature Finite, >= 0.
 * @throws {SamplingError} `BAD_TEMPERATURE`, `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`.
 * @see Ackley, Hinton and Sejnowski (1985), A learning algorithm for Boltzmann machines
 */
export function applyTemperature(logits: MutableLogits, temperature: number): void {
  checkTemperature(temperature);
  checkMutable(logits);
  const best = largestLogit(logits);
  const largest = logits[best]!;
  if (temperature === 0) {
    logits.fill(Number.NEGATIVE_INFINITY);
    logits[best] = 0;
    return;
  }
  for (let id = 0; id < logits.length; id++) logits[id] = (logits[id]! - largest) / temperature;
}
