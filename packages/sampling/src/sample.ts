import { checkLength, checkLogits, checkTemperature, refuseProbability, scratchOf, uniform } from "./checks.js";
import { largestLogit, pickByWeight, weighLogits } from "./draw.js";
import { checkNames, SamplingError } from "./errors.js";

/** What one draw depends on besides the distribution. */
export interface SampleOptions {
  /** Divides the logits: below 1 safer, above 1 wilder. Finite, >= 0; `0` takes the most probable id. Default `1`. */
  temperature?: number | undefined;
  /** Uniform in `[0, 1)`, called once a draw and not at all at temperature 0. Default `Math.random`. */
  random?: (() => number) | undefined;
  /** At least V numbers, overwritten: pass the same array to every draw and nothing is allocated. */
  scratch?: Float64Array | undefined;
}

const optionNames = ["temperature", "random", "scratch"];

/** Added to every probability before its logarithm, as the notebook does, so that zero has one. */
const PROBABILITY_EPSILON = 1e-8;

/**
 * Draws an id from probabilities, as the `sample()` of the Keras notebook does: in float64, `log(p + 1e-8) /
 * temperature`, softmax, one multinomial draw. An id of probability 0 therefore keeps a chance of about 1e-8 at
 * temperature 1; to exclude ids, pass logits to `sampleLogits`.
 *
 * The draw takes the first id, in the order of the ids, whose cumulative probability exceeds one uniform number.
 *
 * @param probabilities Shape `[V]`, finite, >= 0, not all zero, and about 1 in sum. Not modified.
 * @returns Id in `[0, V)`; at temperature 0 the most probable one, the lowest id on a tie.
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NEGATIVE_PROBABILITY`, `NOT_FINITE`, `ALL_ZERO`,
 *   `BAD_TEMPERATURE`, `BAD_RANDOM`, `BAD_SCRATCH`, `BAD_OPTION`.
 * @see Ackley, Hinton and Sejnowski (1985), A learning algorithm for Boltzmann machines: the temperature.
 */
export function sample(probabilities: ArrayLike<number>, options: SampleOptions = {}): number {
  checkNames(options, optionNames, "sample");
  const { temperature = 1, random = Math.random, scratch } = options;
  checkTemperature(temperature);
  checkLength(probabilities, "the probabilities");
  const length = probabilities.length;
  const values = scratchOf(scratch, length);
  const best = logOfProbabilities(probabilities, values);
  if (temperature === 0) return best;
  const total = weighLogits(values, length, values[best]!, temperature);
  return pickByWeight(values, length, total, uniform(random));
}

/**
 * Draws an id from logits: softmax of `logits / temperature` in float64, one multinomial draw. The draw takes the first
 * id, in the order of the ids, whose cumulative probability exceeds one uniform number.
 *
 * @param logits Shape `[V]`, natural-log units; `-Infinity` excludes an id. Log-probabilities will do. Not modified.
 * @returns Id in `[0, V)`; at temperature 0 the largest logit's, the lowest id on a tie.
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_TEMPERATURE`, `BAD_RANDOM`,
 *   `BAD_SCRATCH`, `BAD_OPTION`.
 */
export function sampleLogits(logits: ArrayLike<number>, options: SampleOptions = {}): number {
  checkNames(options, optionNames, "sampleLogits");
  const { temperature = 1, random = Math.random, scratch } = options;
  checkTemperature(temperature);
  checkLogits(logits);
  const length = logits.length;
  const values = scratchOf(scratch, length);
  values.set(logits);
  const best = largestLogit(values, length);
  if (temperature === 0) return best;
  const total = weighLogits(values, length, values[best]!, temperature);
  return pickByWeight(values, length, total, uniform(random));
}

/**
 * Writes `log(p + epsilon)` into `out` and returns the id of the largest probability, the lowest id on a tie.
 *
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NEGATIVE_PROBABILITY`, `NOT_FINITE`, `ALL_ZERO`.
 */
export function logOfProbabilities(
  probabilities: ArrayLike<number>,
  out: Float64Array,
  epsilon = PROBABILITY_EPSILON,
): number {
  let best = 0;
  let largest = 0;
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id]!;
    if (!(Number.isFinite(probability) && probability >= 0)) refuseProbability(probability, id);
    if (probability > largest) {
      largest = probability;
      best = id;
    }
    out[id] = Math.log(probability + epsilon);
  }
  if (largest === 0) {
    throw new SamplingError("ALL_ZERO", "every probability is 0: pass one above 0");
  }
  return best;
}
