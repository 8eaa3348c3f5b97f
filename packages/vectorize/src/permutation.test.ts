import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPermutation, drawBelow } from "./permutation.js";

function order(length: number, seed: number, epoch: number): number[] {
  const at = createPermutation(length, seed, epoch);
  return Array.from({ length }, (_, place) => at(place));
}

/** Chi-square of counts against equal expected counts, as a number of standard deviations from its mean. */
function deviation(counts: ArrayLike<number>): number {
  const values = Array.from(counts);
  const expected = values.reduce((sum, count) => sum + count, 0) / values.length;
  const chiSquare = values.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = values.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

/** Seeds are fixed, so a pass stays a pass; a fair shuffle is beyond this once in some thousand seeds. */
const farOff = 3.5;

describe("createPermutation", () => {
  test("every element comes exactly once, for any length, seed and epoch", () => {
    const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), whole, whole, (length, seed, epoch) => {
        const seen = new Set(order(length, seed, epoch));
        expect(seen.size).toBe(length);
        expect(Math.max(...seen)).toBe(length - 1);
        expect(Math.min(...seen)).toBe(0);
      }),
    );
  });

  test("elements of the longest permutation stay in range and differ", () => {
    const at = createPermutation(2 ** 32, 1, 2);
    const seen = new Set(Array.from({ length: 10_000 }, (_, place) => at(2 ** 32 - 1 - place)));
    expect(seen.size).toBe(10_000);
    for (const element of seen) expect(element >= 0 && element < 2 ** 32).toBe(true);
  });

  test("seed and epoch each change the order, in all their 53 bits, and do not stand in for each other", () => {
    const orders = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
      [2 ** 32, 0],
      [0, 2 ** 32],
      [2 ** 52, 0],
    ].map(([seed, epoch]) => order(100, seed!, epoch!).join());
    expect(new Set(orders).size).toBe(orders.length);
    expect(order(100, 7, 3)).toEqual(order(100, 7, 3));
  });

  test.each([5, 64, 1000])("over epochs each of %i elements is equally often at each place", (length) => {
    const epochs = 100 * Math.min(length, 64);
    for (const place of [0, 1, length - 1]) {
      const counts = new Uint32Array(Math.min(length, 64));
      for (let epoch = 0; epoch < epochs; epoch++) {
        counts[Math.floor((createPermutation(length, 11, epoch)(place) * counts.length) / length)]!++;
      }
      // 1000 elements fall into 64 bins of 15 or 16, which adds less than 1 to the deviation.
      expect(Math.abs(deviation(counts))).toBeLessThan(farOff + (length === 1000 ? 1 : 0));
    }
  });

  test("all orders of four elements are about equally likely", () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 24_000; epoch++) {
      const key = order(4, 5, epoch).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(count / 1000).toBeGreaterThan(0.85);
    for (const count of counts.values()) expect(count / 1000).toBeLessThan(1.15);
  });

  test.each([4096, 237_363])("neighbours among %i places hold unrelated elements", (length) => {
    const elements = order(length, 1, 1);
    const middle = (length - 1) / 2;
    const variance = (length ** 2 - 1) / 12;
    for (const lag of [1, 2, 3, 64]) {
      let sum = 0;
      for (let place = lag; place < length; place++)
        sum += (elements[place]! - middle) * (elements[place - lag]! - middle);
      const correlation = sum / (length - lag) / variance;
      expect(Math.abs(correlation) * Math.sqrt(length)).toBeLessThan(farOff);
    }
    const steps = new Uint32Array(64);
    for (let place = 1; place < length; place++) {
      steps[Math.floor((((elements[place]! - elements[place - 1]! + length) % length) * 64) / length)]!++;
    }
    expect(Math.abs(deviation(steps))).toBeLessThan(farOff);
  });

  test("each tenth of an epoch draws from all of the text alike", () => {
    const length = 237_363;
    const elements = order(length, 3, 0);
    for (let tenth = 0; tenth < 10; tenth++) {
      const counts = new Uint32Array(100);
      for (const element of elements.slice((tenth * length) / 10, ((tenth + 1) * length) / 10)) {
        counts[Math.floor((element * 100) / length)]!++;
      }
      expect(deviation(counts)).toBeLessThan(farOff);
    }
  });
});

test("numbers drawn below a bound are evenly spread over epochs", () => {
  const counts = new Uint32Array(20);
  for (let epoch = 0; epoch < 20_000; epoch++) counts[drawBelow(20, 9, epoch)]!++;
  expect(Math.abs(deviation(counts))).toBeLessThan(farOff);
  expect(drawBelow(1, 9, 1)).toBe(0);
});
