import { expect, test } from "vitest";
import { checkSettings } from "./check-settings.js";
import { presets } from "./presets.js";

test("every preset is within its own rules", () => {
  for (const preset of Object.values(presets)) expect(checkSettings(preset)).toBe(preset);
});

test("the notebook preset is the notebook", () => {
  expect(presets.notebook).toMatchObject({
    objective: "window",
    units: [128],
    window: 60,
    stride: 3,
    batch: 128,
    epochs: 60,
    learningRate: 0.01,
    optimizer: { name: "rmsprop" },
    temperatures: [0.2, 0.5, 1.0, 1.2],
    sampleLength: 400,
    heldOut: 0,
  });
});

test.each([
  ["objective", "both"],
  ["units", []],
  ["units", [0]],
  ["units", [1, 2, 3, 4, 5]],
  ["dropout", 1],
  ["window", 0],
  ["stride", 1.5],
  ["batch", -1],
  ["epochs", Number.NaN],
  ["maxSteps", 0],
  ["learningRate", 0],
  ["learningRate", Number.POSITIVE_INFINITY],
  ["clipNorm", -1],
  ["clipNorm", Number.NaN],
  ["heldOut", 1],
  ["temperatures", [-1]],
  ["sampleLength", -1],
  ["seed", 0.5],
] as const)("%s %j is refused by name", (name, value) => {
  expect(() => checkSettings({ ...presets.quick, [name]: value })).toThrow(
    expect.objectContaining({ code: "BAD_OPTION", details: expect.objectContaining({ name }) }),
  );
});

test("a setting of another kind is refused by name, whatever it is", () => {
  const { optimizer: _, ...settings } = { ...presets.quick, maxSteps: 5, patience: 2 };
  for (const [name, value] of Object.entries(settings)) {
    for (const strange of [`${value}!`, [`${value}`], {}, null, true, Symbol.iterator, () => 1]) {
      const given = { ...presets.quick, [name]: strange } as never;
      expect(() => checkSettings(given)).toThrow(
        expect.objectContaining({
          code: "BAD_OPTION",
          details: { name, given: strange, expected: expect.any(String) },
        }),
      );
    }
  }
});
