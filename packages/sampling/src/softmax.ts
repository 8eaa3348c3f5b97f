import { checkLength, checkLogits, scratchOf } from "./checks.js";
import { largestLogit, weighLogits } from "./draw.js";
import { checkNames } from "./errors.js";
import { logOfProbabilities } from "./sample.js";

/** Where to write the result. */
export interface OutOptions {
  /** At least V numbers; its first V are written and a view of them returned. A new array when there is none. */
  out?: Float64Array | undefined;
}

const outNames = ["out"];

/**
 * Probabilities of logits, in float64, with the largest subtracted first.
 *
 * @param logits Shape `[V]`; `-Infinity` gives 0. Not modified.
 * @returns Shape `[V]`, sum 1.
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`, `BAD_OPTION`.
 */
export function softmax(logits: ArrayLike<number>, options: OutOptions = {}): Float64Array {
  checkNames(options, outNames, "softmax");
  checkLogits(logits);
  const length = logits.length;
  const out = outOf(options.out, length);
  out.set(logits);
  const total = weighLogits(out, length, out[largestLogit(out)]!, 1);
  for (let id = 0; id < length; id++) out[id]! /= total;
  return out;
}

/**
 * Natural logarithms of the probabilities of logits, in float64: `logit - log(sum(exp(logits)))`.
 *
 * @param logits Shape `[V]`; `-Infinity` stays. Not modified.
 * @returns Shape `[V]`, each <= 0.
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NOT_FINITE`, `ALL_MASKED`, `BAD_SCRATCH`, `BAD_OPTION`.
 */
export function logSoftmax(logits: ArrayLike<number>, options: OutOptions = {}): Float64Array {
  checkNames(options, outNames, "logSoftmax");
  const shift = logSumExp(logits);
  const out = outOf(options.out, logits.length);
  out.set(logits);
  for (let id = 0; id < out.length; id++) out[id]! -= shift;
  return out;
}

/** `log(sum(exp(logits)))` without overflow: what turns a logit into a log-probability. */
export function logSumExp(logits: ArrayLike<number>): number {
  checkLogits(logits);
  const values = new Float64Array(logits.length);
  values.set(logits);
  const largest = values[largestLogit(values)]!;
  return largest + Math.log(weighLogits(values, values.length, largest, 1));
}

/**
 * Logits of probabilities as `sample` takes them: `log(p + 1e-8)`.
 *
 * @param probabilities Shape `[V]`, finite, >= 0, not all zero. Not modified.
 * @returns Shape `[V]`.
 * @throws {SamplingError} `EMPTY_INPUT`, `NOT_A_NUMBER`, `NEGATIVE_PROBABILITY`, `NOT_FINITE`, `ALL_ZERO`,
 *   `BAD_SCRATCH`, `BAD_OPTION`.
 */
export function logitsOfProbabilities(probabilities: ArrayLike<number>, options: OutOptions = {}): Float64Array {
  checkNames(options, outNames, "logitsOfProbabilities");
  checkLength(probabilities, "the probabilities");
  const out = outOf(options.out, probabilities.length);
  logOfProbabilities(probabilities, out);
  return out;
}

function outOf(out: Float64Array | undefined, length: number): Float64Array {
  const array = scratchOf(out, length);
  return array.length === length ? array : array.subarray(0, length);
}
