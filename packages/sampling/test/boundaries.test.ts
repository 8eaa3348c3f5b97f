// Bars that a distribution meets exactly on paper. The truth is counted in whole numbers: weights that sum to a whole number, and
// shares of it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSampler, dropTopChoices, keepMinP, keepTopNSigma, keepTopP, type SamplerOptions } from "../src/index.js";

const weights = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 30 });
/** Log-probabilities up to a constant, which no sampler may notice. */
const shift = fc.oneof(fc.constant(0), fc.double({ min: -100, max: 100, noNaN: true }));

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function kept(filter: (logits: Float64Array) => void, given: readonly number[], by = 0): number[] {
  const logits = Float64Array.from(given, (weight) => Math.log(weight / sum(given)) + by);
  filter(logits);
  return Array.from(logits).flatMap((logit, id) => (logit > Number.NEGATIVE_INFINITY ? [id] : []));
}

function possible(options: SamplerOptions, probabilities: readonly number[]): number[] {
  const distribution = createSampler(options).distribution(probabilities.map(Math.log));
  return Array.from(distribution).flatMap((p, id) => (p > 0 ? [id] : []));
}

test("top-p keeps the fewest ids that together reach p, to the last whole number", () => {
  fc.assert(
    fc.property(weights, fc.nat(1199), shift, (given, number, by) => {
      const part = 1 + (number % (sum(given) - 1));
      const order = given.map((_, id) => id).sort((a, b) => given[b]! - given[a]! || a - b);
      const needed = order.findIndex((_, last) => sum(order.slice(0, last + 1).map((id) => given[id]!)) >= part) + 1;
      const expected = order.slice(0, needed).sort((a, b) => a - b);
      expect(kept((logits) => keepTopP(logits, part / sum(given)), given, by)).toEqual(expected);
    }),
  );
});

test("min-p keeps the ids that are exactly p times as probable as the first", () => {
  fc.assert(
    fc.property(weights, fc.nat(29), shift, (given, number, by) => {
      const bar = given[number % given.length]!;
      const expected = given.flatMap((weight, id) => (weight >= bar ? [id] : []));
      expect(kept((logits) => keepMinP(logits, bar / Math.max(...given)), given, by)).toEqual(expected);
    }),
  );
});

test("XTC counts the ids that have exactly the threshold's probability", () => {
  fc.assert(
    fc.property(weights, fc.nat(29), shift, (given, number, by) => {
      const bar = given[number % given.length]!;
      fc.pre(2 * bar <= sum(given));
      const top = given.flatMap((weight, id) => (weight >= bar ? [id] : []));
      const last = top.reduce((best, id) => (given[id]! <= given[best]! ? id : best), top[0]!);
      const expected = given.flatMap((_, id) => (!top.includes(id) || id === last ? [id] : []));
      expect(kept((logits) => dropTopChoices(logits, bar / sum(given)), given, by)).toEqual(expected);
    }),
  );
});

describe("the boundaries that people reported", () => {
  test.each<[SamplerOptions, number[], number[]]>([
    [{ topP: 0.8 }, [0.3, 0.1, 0.1, 0.5], [0, 3]],
    [{ topP: 0.7 }, [0.1, 0.2, 0.3, 0.4], [2, 3]],
    [{ minP: 0.75 }, [0.1, 0.2, 0.3, 0.4], [2, 3]],
    [{ typicalP: 0.6 }, [0.4, 0.2, 0.2, 0.2], [1, 2, 3]],
  ])("%o of %o", (options, probabilities, expected) => {
    expect(possible(options, probabilities)).toEqual(expected);
  });

  test("top-n-sigma keeps a logit that lies exactly n deviations below the largest", () => {
    expect(kept((logits) => keepTopNSigma(logits, 2), [1, 3])).toEqual([0, 1]); // mean and deviation are half the distance
    expect(kept((logits) => keepTopNSigma(logits, 1.99), [1, 3])).toEqual([1]);
    expect(kept((logits) => keepTopNSigma(logits, 0.1), [2, 2, 2])).toEqual([0, 1, 2]);
  });
});
