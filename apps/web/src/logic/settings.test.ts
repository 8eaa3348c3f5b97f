import { presetFor } from "@charlstm/training";
import { expect, test } from "vitest";
import { changeSettings, defaultChoices, fitChoices, inPage } from "./settings.js";

const seeded = { ...defaultChoices, settings: { ...defaultChoices.settings, seed: 7 } };

test("the first words stay as they are on a book; of a short text they are the quick preset, fitted", () => {
  expect(fitChoices(seeded, 100_000)).toBe(seeded);
  expect(fitChoices(seeded, 99_999)).toEqual({
    ...seeded,
    settings: { ...presetFor("quick", 99_999), ...inPage, seed: 7 },
  });
});

test("another preset is fitted to any text, and settings changed by hand to none", () => {
  const large = { ...seeded, preset: "large" as const, threads: 2 };
  expect(fitChoices(large, 5_000_000)).toEqual({
    ...large,
    settings: { ...presetFor("large", 5_000_000), ...inPage, seed: 7 },
  });
  const own = changeSettings(large, { batch: 5 });
  expect(own).toEqual({ preset: "custom", settings: { ...large.settings, batch: 5 }, threads: 2 });
  expect(fitChoices(own, 1000)).toBe(own);
});
