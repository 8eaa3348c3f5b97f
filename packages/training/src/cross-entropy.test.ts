import { expect, test } from "vitest";
import { scoreLogits } from "./cross-entropy.js";

// Two rows of three: probabilities 1/7, 2/7, 4/7 and 1/3 each.
const logits = Float32Array.from([Math.log(1), Math.log(2), Math.log(4), 5, 5, 5]);

test.each([
  [0, 0, 7, false],
  [0, 1, 7 / 2, false],
  [0, 2, 7 / 4, true],
  [1, 0, 3, true],
  [1, 2, 3, true],
])("row %i, target %i costs the logarithm of %d", (row, target, inverse, correct) => {
  expect(scoreLogits(logits, row, 3, target)).toEqual({ loss: expect.closeTo(Math.log(inverse), 6), correct });
});

test("logits that no exponential holds are scored all the same", () => {
  expect(scoreLogits(Float32Array.of(1000, 999), 0, 2, 1).loss).toBeCloseTo(1 + Math.log(1 + Math.exp(-1)), 6);
  expect(scoreLogits(Float32Array.of(-1000, -1000), 0, 2, 1).loss).toBeCloseTo(Math.LN2, 6);
});
