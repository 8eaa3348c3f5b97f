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

test("a run cut short warms up in a twentieth of its updates", () => {
  expect(fitWarmup({ ...presets.quick, maxSteps: 300 }, 700_000).warmupSteps).toBe(15);
  expect(fitWarmup(presets.quick, 700_000).warmupSteps).toBe(200);
});
