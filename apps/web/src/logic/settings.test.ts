import { presetFor } from "@charlstm/training";
import { expect, test } from "vitest";
import { changeSettings, defaultChoices, fitChoices, inPage, takePreset, webPresets } from "./settings.js";

const seeded = { ...defaultChoices, settings: { ...defaultChoices.settings, seed: 7 } };

/** A text of so many characters, as ids. */
const text = (characters: number) => new Uint8Array(characters);

test("the first words stay as they are on a book; of a short text they are the quick preset, fitted", () => {
  expect(fitChoices(seeded, text(100_000))).toBe(seeded);
  expect(fitChoices(seeded, text(99_999))).toEqual({
    ...seeded,
    settings: { ...presetFor("quick", 99_999), ...inPage, seed: 7 },
  });
});

test("another preset is fitted to any text, and settings changed by hand to none", () => {
  const large = { ...seeded, preset: "large" as const, threads: 2 };
  expect(fitChoices(large, text(5_000_000))).toEqual({
    ...large,
    settings: { ...presetFor("large", 5_000_000), ...inPage, seed: 7 },
  });
  const own = changeSettings(large, { batch: 5 });
  expect(own).toEqual({ preset: "custom", settings: { ...large.settings, batch: 5 }, threads: 2 });
  expect(fitChoices(own, text(1000))).toBe(own);
});

test("of items every preset reads as many characters an update as of a text, in a window no longer than the longest item", () => {
  // Names of seven letters, each behind its mark.
  const names = Uint8Array.from({ length: 120_001 }, (_, place) => (place % 8 === 0 ? 1 : 0));
  for (const preset of ["first-words", "quick", "large"] as const) {
    const chosen = changeSettings(takePreset(seeded, preset), { items: "line" });
    expect(chosen.preset).toBe(preset);
    const plain = fitChoices(takePreset(seeded, preset), names).settings;
    const { settings } = fitChoices(chosen, names);
    expect(settings).toMatchObject({ items: "line", window: 8, units: plain.units, epochs: plain.epochs });
    expect(settings.batch * 8).toBe(plain.batch * plain.window);
  }
});

test("items stay items with another preset, but for the notebook's, which learns windows", () => {
  const names = changeSettings(seeded, { items: "line" });
  expect(takePreset(names, "large").settings).toEqual({ ...webPresets.large.settings, items: "line" });
  expect(takePreset(names, "notebook").settings).toEqual(webPresets.notebook.settings);
});
