import { expect, test } from "vitest";
import { checkSettings } from "./check-settings.js";
import { presets } from "./presets.js";
import { expectedOf, isInRange, settingsTable } from "./settings-table.js";

// Of each setting the outermost values that it may have, those next to them that it may not, and how a refusal puts it.
const edges: Readonly<Record<keyof typeof settingsTable, [taken: unknown[], refused: unknown[], expected: string]>> = {
  epochs: [[1, 2 ** 53 - 1], [0, 2 ** 53, 1.5, "1"], "a whole number, 1 or more"],
  maxSteps: [[1, undefined], [0, null], "a whole number, 1 or more"],
  units: [
    [[1], [1, 2, 3, 4]],
    [[], [1, 2, 3, 4, 5], [0], [8, 1.5], 8],
    "a list, 1 to 4 of them, each a whole number, 1 or more",
  ],
  dropout: [[0, 0.999], [-0.001, 1, Number.NaN, "0"], "a number from 0 up to, not including, 1"],
  window: [[1], [0], "a whole number, 1 or more"],
  stride: [[1], [0], "a whole number, 1 or more"],
  batch: [[1], [0], "a whole number, 1 or more"],
  objective: [["window", "sequence"], ["Window", undefined], '"window" or "sequence"'],
  optimizer: [
    [{ name: "sgd" }, { name: "adamw" }],
    [{ name: "lion" }, null, "sgd", {}],
    'an object with the name "rmsprop", "adam", "adamw" or "sgd"',
  ],
  learningRate: [[1e-300, 1000], [0, -1, Number.POSITIVE_INFINITY, Number.NaN], "a number above 0"],
  warmupSteps: [[0], [-1, 0.5], "a whole number, 0 or more"],
  decay: [["constant", "cosine"], ["linear"], '"constant" or "cosine"'],
  finalRate: [[0, 1], [-0.001, 1.001], "a number from 0 to 1"],
  clipNorm: [[0, 1e300, undefined], [-0.001, Number.POSITIVE_INFINITY], "a number, 0 or more"],
  items: [["line", "paragraph", "file", undefined], ["word", null], '"line", "paragraph" or "file"'],
  heldOut: [[0, 0.999], [-0.001, 1], "a number from 0 up to, not including, 1"],
  temperatures: [[[], [0], [1, 0.5, 2, 3, 4, 5]], [[-0.001], 1, [Number.NaN]], "a list, each a number, 0 or more"],
  sampleLength: [[0], [-1], "a whole number, 0 or more"],
  patience: [[0, undefined], [-1, null], "a whole number, 0 or more"],
  seed: [[0, 2 ** 53 - 1], [-1, 2 ** 53], "a whole number, 0 or more"],
};

test.each(Object.entries(edges))("%s has these limits, and says so", (name, [taken, refused, expected]) => {
  for (const given of taken) checkSettings({ ...presets.quick, [name]: given });
  for (const given of refused) {
    expect(() => checkSettings({ ...presets.quick, [name]: given })).toThrow(
      expect.objectContaining({
        code: "BAD_OPTION",
        message: `${name} is ${JSON.stringify(given)}, it has to be ${expected}`,
        details: { name, given, expected },
      }),
    );
  }
});

test("every setting is in the table, and may be left out only where it says so", () => {
  expect(Object.keys(edges)).toEqual(Object.keys(settingsTable));
  for (const [name, { optional = false }] of Object.entries(settingsTable)) {
    const without = { ...presets.quick, [name]: undefined };
    if (optional) checkSettings(without);
    else expect(() => checkSettings(without)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  }
});

test("a run that goes on may change what does not change the network, the batches or the random numbers", () => {
  const fixed = Object.entries(settingsTable).flatMap(([name, { mayChange }]) => (mayChange ? [] : [name]));
  expect(fixed).toEqual([
    "units",
    "dropout",
    "window",
    "stride",
    "batch",
    "objective",
    "optimizer",
    "items",
    "heldOut",
    "seed",
  ]);
});

test("a form offers what the setting may be", () => {
  for (const { range, form, optional = false } of Object.values(settingsTable)) {
    if (!form) continue;
    const { min, max, titles, none } = form;
    const isOne = (value: unknown) => isInRange(range, range.kind === "list" ? [value] : value);
    if (min !== undefined) expect([isOne(min), isOne(max)]).toEqual([true, true]);
    if (range.kind === "choice") {
      expect(Object.keys(titles!).sort()).toEqual([...range.of].sort());
      expect(none !== undefined).toBe(optional);
    }
    if (range.kind === "optimizer") expect(Object.keys(titles!).sort()).toEqual([...range.of].sort());
  }
});

test("items are not learnt in windows", () => {
  expect(() => checkSettings({ ...presets.quick, objective: "window", items: "line" })).toThrow(
    expect.objectContaining({
      code: "BAD_OPTION",
      message:
        'items have no windows of one length: train them with the objective "sequence", as the presets quick and large do',
      details: { name: "items", given: "line", objective: "window" },
    }),
  );
  checkSettings({ ...presets.quick, objective: "sequence", items: "line" });
  expect(expectedOf({ kind: "choice", of: ["a"] })).toBe('"a"');
});
