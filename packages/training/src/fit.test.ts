import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSettings } from "./check-settings.js";
import { fitWarmup, presetFor } from "./fit.js";
import { presets } from "./presets.js";

const sizes = fc.double({ min: 0, max: 8, noNaN: true }).map((exponent) => Math.round(10 ** exponent));
const fitted = fc.constantFrom("quick" as const, "large" as const);

function updatesOf(settings: ReturnType<typeof presetFor>, characters: number): number {
  const { batch, window, epochs, heldOut, maxSteps = Number.POSITIVE_INFINITY } = settings;
  return Math.min(maxSteps, epochs * Math.max(1, Math.floor((characters * (1 - heldOut)) / (batch * window))));
}

describe("presetFor", () => {
  test("the notebook's preset is the reference on any text", () => {
    fc.assert(
      fc.property(sizes, (characters) => {
        expect(presetFor("notebook", characters)).toBe(presets.notebook);
      }),
    );
  });

  test("a novel gets the presets' own figures but for the length of quick's updates", () => {
    for (const characters of [675_000, 712_148, 1_200_000]) {
      expect(presetFor("quick", characters)).toEqual({ ...presets.quick, window: 32 });
      expect(presetFor("large", characters)).toEqual(presets.large);
    }
  });

  test("every size gets settings that can be used, and no more than 50,000 updates", () => {
    fc.assert(
      fc.property(fitted, sizes, (name, characters) => {
        const settings = presetFor(name, characters);
        expect(checkSettings(settings)).toBe(settings);
        expect(updatesOf(settings, characters)).toBeLessThanOrEqual(50_000);
      }),
    );
  });

  test("a text from 1 kB on gets hundreds of updates, of which the warm-up takes a twentieth at the most", () => {
    fc.assert(
      fc.property(fitted, sizes, (name, characters) => {
        fc.pre(characters >= 1_000);
        const settings = presetFor(name, characters);
        const updates = updatesOf(settings, characters);
        expect(updates).toBeGreaterThan(250);
        expect(settings.warmupSteps).toBeLessThanOrEqual(Math.ceil(updates / 20));
      }),
    );
  });

  test("from 1 kB on, what is held out is longer than a window", () => {
    fc.assert(
      fc.property(fitted, sizes, (name, characters) => {
        fc.pre(characters >= 1_000);
        const { heldOut, window } = presetFor(name, characters);
        expect(Math.floor(characters * heldOut)).toBeGreaterThan(window);
      }),
    );
  });

  test("an update of quick reads about the square root of the text's characters, until it is a whole book", () => {
    for (const characters of [1_000, 4_000, 10_000, 30_000, 60_000, 200_000, 700_000]) {
      const { batch, window } = presetFor("quick", characters);
      const share = (batch * window) / Math.sqrt(characters);
      expect(share).toBeGreaterThan(0.6);
      expect(share).toBeLessThan(2.1);
    }
  });
});

// From these sizes on, and one character below: rows, window, units, dropout, epochs, learning rate; 8 and 9 epochs are the presets' own.
test.each([
  [1_500_000, [16, 64, 192, 0, 8, 0.007], [32, 64, 384, 0.2, 9, 0.006]],
  [1_499_999, [16, 32, 192, 0.1, 8, 0.01], [16, 64, 512, 0.4, 9, 0.005]],
  [600_000, [16, 32, 192, 0.1, 8, 0.01], [16, 64, 512, 0.4, 9, 0.005]],
  [599_999, [16, 32, 192, 0.2, 10, 0.01], [16, 64, 384, 0.5, 12, 0.006]],
  [100_000, [16, 32, 192, 0.2, 10, 0.01], [16, 64, 384, 0.5, 12, 0.006]],
  [99_999, [8, 32, 128, 0.4, 24, 0.007], [8, 64, 192, 0.4, 24, 0.006]],
  [29_999, [4, 32, 128, 0.4, 12, 0.007], [4, 32, 192, 0.5, 12, 0.006]],
  [7_999, [4, 16, 64, 0.4, 12, 0.007], [4, 16, 128, 0.5, 12, 0.006]],
  [2_499, [4, 16, 64, 0.4, 20, 0.007], [4, 16, 64, 0.4, 20, 0.006]],
  [1, [4, 16, 64, 0.4, 20, 0.007], [4, 16, 64, 0.4, 20, 0.006]],
])("a text of %i characters gets the figures that were measured for its size", (characters, quick, large) => {
  for (const [name, expected] of [
    ["quick", quick],
    ["large", large],
  ] as const) {
    const { batch, window, units, dropout, epochs, learningRate } = presetFor(name, characters);
    expect([batch, window, ...units, dropout, epochs, learningRate]).toEqual(expected);
  }
});

test("of a short text a larger share is held out", () => {
  expect(presetFor("quick", 39_999).heldOut).toBe(0.1);
  expect(presetFor("quick", 40_000).heldOut).toBe(0.05);
});

test("a long text is read fewer times, and one of 100 MB not to its end", () => {
  // 16 rows of 64 characters: 9,765 updates read 10 million, so that five times are just below 50,000.
  const lengthOf = (characters: number) => {
    const { epochs, maxSteps } = presetFor("quick", characters);
    return [epochs, maxSteps];
  };
  expect(lengthOf(10_000_000)).toEqual([5, undefined]);
  expect(lengthOf(10_250_000)).toEqual([4, undefined]);
  expect(lengthOf(51_200_000)).toEqual([1, undefined]);
  expect(lengthOf(100_000_000)).toEqual([1, 50_000]);
});

test("the warm-up follows from the updates: of windows from their stride, of sequences from their length", () => {
  const run = { ...presets.quick, heldOut: 0, epochs: 2, batch: 10, window: 20, stride: 5, warmupSteps: 1000 };
  expect(fitWarmup(run, 80_000).warmupSteps).toBe(40); // 2 · 80,000 / 200 updates
  expect(fitWarmup({ ...run, objective: "window" }, 80_000).warmupSteps).toBe(160); // 2 · 80,000 / 50
  expect(fitWarmup({ ...run, heldOut: 0.5 }, 80_000).warmupSteps).toBe(20);
  expect(fitWarmup(run, 1).warmupSteps).toBe(1); // an update an epoch
  expect(fitWarmup({ ...run, warmupSteps: 0 }, 80_000).warmupSteps).toBe(0);
});

test("a run cut short warms up in a twentieth of its updates", () => {
  expect(fitWarmup({ ...presets.quick, maxSteps: 300 }, 700_000).warmupSteps).toBe(15);
  expect(fitWarmup(presets.quick, 700_000).warmupSteps).toBe(200);
});
