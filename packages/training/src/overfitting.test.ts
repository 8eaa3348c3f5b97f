import { expect, test } from "vitest";
import { hasBegunToRise, lowestOf } from "./overfitting.js";
import type { EpochMetrics } from "./progress.js";

const historyOf = (losses: readonly (number | undefined)[]): EpochMetrics[] =>
  losses.map((heldOutLoss, index) => ({
    ...{ epoch: index + 1, step: index, loss: 0, learningRate: 1, gradientNorm: 1, seconds: 1, charactersPerSecond: 1 },
    ...(heldOutLoss === undefined ? {} : { heldOutLoss }),
  }));

test("the lowest is the first of equals, and there is none where nothing is held out", () => {
  expect(lowestOf(historyOf([3, 2, 2, 2.5]))).toEqual({ epoch: 2, loss: 2 });
  expect(lowestOf(historyOf([3, 2, 1]))).toEqual({ epoch: 3, loss: 1 });
  expect(lowestOf(historyOf([undefined, 2]))).toEqual({ epoch: 2, loss: 2 });
  expect(lowestOf(historyOf([undefined]))).toBeUndefined();
  expect(lowestOf([])).toBeUndefined();
});

test.each([
  ["three epochs above the lowest by more than chance", [2, 2.1, 2.2, 2.3], true],
  ["two such epochs", [2, 2.1, 2.2], false],
  ["three of which one is as good", [2, 2.1, 2, 2.3], false],
  ["three of which one is a hundredth above", [2, 2.1, 2.01, 2.3], false],
  ["three a little more than that above", [2, 2.011, 2.011, 2.011], true],
  ["three that fall, but from above the lowest", [2, 2.5, 2.4, 2.3], true],
  ["a new lowest among them", [2, 2.1, 1.9, 2.3], false],
  ["three before the lowest", [3, 3, 3, 2], false],
  ["no held-out text", [undefined, undefined, undefined, undefined], false],
])("told is: %s", (_, losses, isTold) => {
  expect(hasBegunToRise(historyOf(losses))).toBe(isTold);
});

test("it is told once", () => {
  const losses = [2, 2.1, 2.2, 2.3, 2.4, 1.9, 2, 2, 2];
  const told = losses.map((_, index) => hasBegunToRise(historyOf(losses.slice(0, index + 1))));
  expect(told).toEqual([false, false, false, true, false, false, false, false, false]);
});
