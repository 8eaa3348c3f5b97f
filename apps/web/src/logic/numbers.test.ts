import fc from "fast-check";
import { expect, test } from "vitest";
import { createMeter } from "../worker/meter.js";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  nameCharacter,
  showCharacter,
} from "./format.js";
import { addPoint, inUnit, type LossPoint, mergeSeries } from "./loss-series.js";
import { activationShade, shadeOf } from "./shades.js";
import { shareOfWords, wordsOf } from "./words.js";

test("a loss curve of any length keeps its end, its order and its mean", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
      let points: LossPoint[] = [];
      for (let step = 1; step <= count; step++) points = addPoint(points, { step, loss: 2 });
      expect(points.length).toBeLessThanOrEqual(1200);
      expect(points.at(-1)!.step).toBe(count);
      expect(points.every(({ step, loss }, index) => loss === 2 && step > (points[index - 1]?.step ?? 0))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("of 1,201 points each two become their mean, the last one stays", () => {
  const points = Array.from({ length: 1200 }, (_, index) => ({ step: index + 1, loss: index }));
  const halved = addPoint(points, { step: 2000, loss: 7 });
  expect(halved).toHaveLength(601);
  expect(halved.slice(0, 2)).toEqual([
    { step: 2, loss: 0.5 },
    { step: 4, loss: 2.5 },
  ]);
  expect(halved.at(-1)).toEqual({ step: 2000, loss: 7 });
  expect(addPoint(points.slice(1), { step: 2000, loss: 7 })).toHaveLength(1200);
});

test("two curves share one axis of steps, with gaps where one of them has no point", () => {
  const train = [
    { step: 1, loss: 3 },
    { step: 4, loss: 2 },
  ];
  const heldOut = [
    { step: 2, loss: 5 },
    { step: 4, loss: 4 },
  ];
  expect(mergeSeries(train, heldOut, (loss) => 10 * loss)).toEqual([
    [1, 2, 4],
    [30, null, 20],
    [null, 50, 40],
  ]);
});

test("a nat is 1.44 bits", () => {
  expect(inUnit(1, "bits")).toBeCloseTo(Math.LOG2E, 12);
  expect(inUnit(1, "nats")).toBe(1);
});

test.each([
  [formatCount(712148), "712,148"],
  [formatBytes(999), "999 B"],
  [formatBytes(4_200_000), "4.2 MB"],
  [formatBytes(12e9), "12 GB"],
  [formatDuration(59.4), "59 s"],
  [formatDuration(200), "3 min 20 s"],
  [formatDuration(3900), "1 h 05 min"],
  [formatDuration(Number.POSITIVE_INFINITY), "…"],
  [formatBytes(1000), "1.0 kB"],
  [formatBytes(9_949), "9.9 kB"],
  [formatBytes(999_000), "999 kB"],
  [formatBytes(1e6), "1.0 MB"],
  [formatBytes(1e9), "1.0 GB"],
  [formatDuration(-3), "0 s"],
  [formatDuration(59.6), "1 min 00 s"],
  [formatDuration(3599), "59 min 59 s"],
  [formatDuration(3600), "1 h 00 min"],
  [formatNumber(0.0085), "0.0085"],
  [formatNumber(1000.5), "1,000.5"],
  [formatShare(0.01), "1 %"],
  [nameCharacter(" "), "space"],
  [nameCharacter("\t"), "tab"],
  [nameCharacter("\u00a0"), "no-break space"],
  [showCharacter("\n"), "↵"],
  [showCharacter("\t"), "⇥"],
  [showCharacter("\u00a0"), "⍽"],
  [showCharacter("a"), "a"],
  [nameCharacter("a"), "a"],
  [formatShare(0.004), "< 1 %"],
  [formatShare(0), "0 %"],
  [formatShare(0.375), "38 %"],
  [nameCharacter("\n"), "line break"],
  [nameCharacter("é"), "é"],
  [showCharacter(" "), "␣"],
])("%s is written as %s", (shown, expected) => {
  expect(shown).toBe(expected);
});

test("the less likely a character was, the warmer its shade", () => {
  expect([1, 0.5, 0.25, 0.1, 0.01, 0].map(shadeOf)).toEqual([0, 1, 2, 3, 6, 6]);
});

test("an activation is coloured by its sign and its size", () => {
  expect([-1, -0.5, 0.02, 0.4, 1].map(activationShade)).toEqual(["minus-5", "minus-3", "", "plus-2", "plus-5"]);
});

test("real words are those of the text, and the last one, which may be cut off, does not count", () => {
  const words = wordsOf("The cat sat. A cat ran!");
  expect([...words]).toEqual(["the", "cat", "sat", "ran"]);
  expect(shareOfWords("the cat sut on c", words)).toBeCloseTo(2 / 3, 12);
  expect(shareOfWords("th", words)).toBe(0);
});

test("a meter gives the mean loss, and rates by the clock and by the work", () => {
  let now = 0;
  const meter = createMeter(() => now);
  meter.add({ loss: 3, characters: 100, seconds: 0.1 });
  meter.add({ loss: 1, characters: 100, seconds: 0.1 });
  now = 500;
  expect(meter.age).toBe(500);
  expect(meter.read()).toEqual({ loss: 2, charactersPerSecond: 1000, stepsPerSecond: 4 });
  meter.add({ loss: 1, characters: 100, seconds: 0.1 });
  now = 600;
  expect(meter.read()).toMatchObject({ loss: 1, stepsPerSecond: 4 + 0.25 * 6 });
});
