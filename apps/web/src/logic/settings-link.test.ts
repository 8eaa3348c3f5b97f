import fc from "fast-check";
import { expect, test } from "vitest";
import { type Choices, changeSettings, defaultChoices, problemOf, type WebPreset, webPresets } from "./settings.js";
import { choicesFromHash, choicesToHash } from "./settings-link.js";

const presetNames = Object.keys(webPresets) as WebPreset[];

const changes = fc.record(
  {
    units: fc.array(fc.integer({ min: 1, max: 512 }), { minLength: 1, maxLength: 4 }),
    window: fc.integer({ min: 1, max: 200 }),
    epochs: fc.integer({ min: 1, max: 99 }),
    learningRate: fc.double({ min: 1e-5, max: 1, noNaN: true }),
    objective: fc.constantFrom("window" as const, "sequence" as const),
    optimizer: fc.constantFrom({ name: "adam" as const }, { name: "sgd" as const, momentum: 0.9 }),
    clipNorm: fc.constantFrom(undefined, 1, 5),
    items: fc.constantFrom(undefined, "line" as const, "file" as const),
    seed: fc.integer({ min: 0, max: 1e9 }),
  },
  { requiredKeys: [] },
);

const withoutAbsent = (choices: Choices) => JSON.parse(JSON.stringify(choices));

test("a link gives the very settings that it was made of", () => {
  fc.assert(
    fc.property(fc.constantFrom(...presetNames), changes, fc.integer({ min: 0, max: 8 }), (preset, change, threads) => {
      const chosen = changeSettings({ preset, settings: webPresets[preset].settings, threads }, change);
      fc.pre(problemOf(chosen.settings) === undefined);
      const read = choicesFromHash(`#${choicesToHash(chosen)}`) ?? { ...defaultChoices, preset: "custom", threads };
      expect(withoutAbsent(read)).toEqual(withoutAbsent(chosen));
    }),
  );
});

test("a link to a preset with items has both, and gives the preset back", () => {
  const chosen = changeSettings(
    { preset: "quick", settings: webPresets.quick.settings, threads: 0 },
    { items: "paragraph" },
  );
  expect(choicesToHash(chosen)).toBe("preset=quick&items=%22paragraph%22");
  expect(choicesFromHash("#preset=quick&items=%22paragraph%22")).toEqual(chosen);
});

test("a preset's link is its name", () => {
  const { settings } = webPresets.large;
  expect(choicesToHash({ preset: "large", settings, threads: 0 })).toBe("preset=large");
  expect(choicesFromHash("#preset=large")?.settings).toEqual(settings);
});

test.each([
  "#",
  "#top",
  "#preset=huge",
  "#epochs=0",
  "#epochs=%22many%22",
  "#units=[1,2,3,4,5]",
  "#units={",
  "#optimizer={%22name%22:%22magic%22}",
  "#optimizer=null",
  "#items=%22word%22",
  "#preset=notebook&items=%22line%22",
  "#preset=quick&threads=-1",
  "#preset=quick&threads=1000",
  "#preset=__proto__",
])("%s carries no settings", (hash) => {
  expect(choicesFromHash(hash)).toBeUndefined();
});

test("every preset can be trained with", () => {
  for (const name of presetNames) expect(problemOf(webPresets[name].settings)).toBeUndefined();
});

test("what is wrong with settings is said", () => {
  expect(problemOf({ ...defaultChoices.settings, batch: 0 })).toMatch(/batch is 0/);
});
