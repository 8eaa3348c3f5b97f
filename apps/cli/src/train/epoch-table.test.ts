import type { EpochMetrics } from "@charlstm/training";
import { expect, test } from "vitest";
import { epochTable } from "./epoch-table.js";

/** Epochs with these losses, and held-out losses where there are any. */
const epochs = (losses: readonly number[], heldOut: readonly (number | undefined)[] = []) =>
  losses.map((loss, index) => ({
    ...{ epoch: index + 1, loss, learningRate: 0.00123, charactersPerSecond: 12_345.6, seconds: 2.04 },
    ...(heldOut[index] === undefined ? {} : { heldOutLoss: heldOut[index] }),
  })) as unknown as EpochMetrics[];

/** Columns of ten characters. */
const cellsOf = (table: string) => table.split("\n").map((line) => line.match(/.{1,10}/g)!.map((cell) => cell.trim()));

test("an epoch's bits are those of the held-out loss where there is one; the lowest is the best", () => {
  const table = epochTable(epochs([2, 1, 0.5], [2, Math.LN2, 1]));
  expect(cellsOf(table)).toEqual([
    ["epoch", "loss", "held out", "bits/char", "rate", "char/s", "seconds"],
    ["1", "2.0000", "2.0000", "2.8854", "0.0012", "12,346", "2.0"],
    ["2", "1.0000", "0.6931", "1.0000", "0.0012", "12,346", "2.0", "best"],
    ["3", "0.5000", "1.0000", "1.4427", "0.0012", "12,346", "2.0"],
  ]);
  for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("without held-out text the loss itself is in bits, and none is the best", () => {
  expect(cellsOf(epochTable(epochs([Math.LN2])))).toEqual([
    ["epoch", "loss", "bits/char", "rate", "char/s", "seconds"],
    ["1", "0.6931", "1.0000", "0.0012", "12,346", "2.0"],
  ]);
  // Held-out text from the second epoch on, as of a run that was resumed with some.
  const [, first, second] = epochTable(epochs([2, 1], [undefined, 1.5])).split("\n");
  expect(first).not.toContain("best");
  expect(first!.indexOf("2.8854")).toBe(second!.indexOf("2.1640"));
});

test("of a long run every n-th epoch is shown, the last and the best", () => {
  const losses = Array.from({ length: 50 }, (_, index) => 5 - index / 100);
  const heldOut = losses.map((_, index) => (index === 33 ? 1 : 2));
  const shown = epochTable(epochs(losses, heldOut), 10).split("\n").slice(1);
  const numbers = shown.map((line) => Number(line.trim().split(" ")[0]));
  expect(numbers).toEqual([1, 6, 11, 16, 21, 26, 31, 34, 36, 41, 46, 50]);
  expect(shown[numbers.indexOf(34)]).toMatch(/ best$/);
  expect(epochTable(epochs(losses.slice(0, 20))).split("\n")).toHaveLength(21);
});
