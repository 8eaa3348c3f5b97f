import { checkNumber } from "./checks.js";
import { checkNames } from "./errors.js";
import { roundingOf } from "./rounding.js";

/** Mirostat 2: cuts off surprising ids, more or fewer of them, so that the text is as surprising as asked for. */
export interface Mirostat {
  /** The surprise to hold, in bits for each id. > 0. */
  target: number;
  /** How fast the limit follows, > 0. Default `0.1`. */
  rate?: number | undefined;
  /** Where the limit starts, in bits: a sampler's `surpriseLimit`, to go on from there. Default `2 * target`. */
  limit?: number | undefined;
}

const mirostatNames = ["target", "rate", "limit"];

/**
 * Cuts off, in place, the ids whose surprise, -log2 p, is above the limit; the most probable one stays.
 *
 * @param weights The first `count` are weights of a draw, of the given sum.
 * @returns The sum of those that are left.
 */
export function cutSurprising(weights: Float64Array, count: number, total: number, limit: number): number {
  let largest = 0;
  for (let index = 0; index < count; index++) largest = Math.max(largest, weights[index]!);
  const bar = Math.min(largest, total * 2 ** -limit * (1 - roundingOf(1)));
  let left = 0;
  for (let index = 0; index < count; index++) {
    if (weights[index]! < bar) weights[index] = 0;
    left += weights[index]!;
  }
  return left;
}

/**
 * The next limit: lower after an id that surprised more than the target, higher after one that surprised less. The surprise
 * is that of the distribution before the cut, as in the paper's own program (llama.cpp takes the one after it).
 *
 * @see Basu et al. (2021), Mirostat, https://arxiv.org/abs/2007.14966
 */
export function nextLimit(limit: number, probability: number, { target, rate = 0.1 }: Mirostat): number {
  return limit - rate * (-Math.log2(probability) - target);
}

/** Refuses options of Mirostat outside their ranges. */
export function checkMirostat(options: Mirostat): void {
  checkNames(options, mirostatNames, "mirostat");
  const { target, rate = 0.1, limit = 2 * target } = options;
  checkNumber(target, "mirostat.target", (value) => value > 0, "a number of bits > 0");
  checkNumber(rate, "mirostat.rate", (value) => value > 0, "a number > 0");
  checkNumber(limit, "mirostat.limit", () => true, "a number of bits");
}
