import fc from "fast-check";
import { expect, test } from "vitest";
import { learningRateAt } from "./schedule.js";

const cosine = { learningRate: 0.01, warmupSteps: 100, decay: "cosine", finalRate: 0.02 } as const;

test("the rate rises linearly to its highest over the warm-up", () => {
  expect(learningRateAt(0, 1000, cosine)).toBeCloseTo(0.0001, 12);
  expect(learningRateAt(49, 1000, cosine)).toBeCloseTo(0.005, 12);
  expect(learningRateAt(99, 1000, cosine)).toBeCloseTo(0.01, 12);
});

test("the cosine ends at the final share of the highest rate, half-way through at their mean", () => {
  expect(learningRateAt(1000, 1000, cosine)).toBeCloseTo(0.0002, 12);
  expect(learningRateAt(550, 1000, cosine)).toBeCloseTo((0.01 + 0.0002) / 2, 12);
});

test("without decay the rate stays", () => {
  expect(learningRateAt(999_999, 1000, { ...cosine, decay: "constant" })).toBe(0.01);
});

test("the rate never leaves its range and never rises after the warm-up", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 5000 }), fc.integer({ min: 101, max: 5000 }), (step, total) => {
      const rate = learningRateAt(step, total, cosine);
      expect(rate).toBeLessThanOrEqual(0.01 + 1e-12);
      expect(rate).toBeGreaterThanOrEqual(0.0002 - 1e-12);
      expect(learningRateAt(step + 1, total, cosine)).toBeLessThanOrEqual(rate + 1e-12);
    }),
  );
});
