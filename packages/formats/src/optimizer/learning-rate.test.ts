import { describe, expect, test } from "vitest";
import { learningRateOf } from "./learning-rate.js";

const steps = [0, 50, 100, 250, 1234];
const start = { initial_learning_rate: 0.01 };

/** What Keras 3.15.1's own schedules answer for these steps. */
const schedules: [className: string, config: object, rates: number[]][] = [
  [
    "ExponentialDecay",
    { ...start, decay_steps: 100, decay_rate: 0.5 },
    [0.01, 0.007071068, 0.005, 0.001767767, 1.929e-6],
  ],
  [
    "ExponentialDecay",
    { ...start, decay_steps: 100, decay_rate: 0.5, staircase: true },
    [0.01, 0.01, 0.005, 0.0025, 2.441e-6],
  ],
  [
    "InverseTimeDecay",
    { ...start, decay_steps: 100, decay_rate: 0.5 },
    [0.01, 0.008, 0.006666667, 0.004444444, 0.0013947],
  ],
  ["PolynomialDecay", { ...start, decay_steps: 1000 }, [0.01, 0.009505, 0.00901, 0.007525, 0.0001]],
  [
    "PolynomialDecay",
    { ...start, decay_steps: 100, end_learning_rate: 0.001, power: 2, cycle: true },
    [0.01, 0.00325, 0.001, 0.00125, 0.001023198],
  ],
  ["PiecewiseConstantDecay", { boundaries: [100, 250], values: [0.1, 0.01, 0.001] }, [0.1, 0.1, 0.1, 0.01, 0.001]],
  [
    "CosineDecay",
    { ...start, decay_steps: 1000, alpha: 0.1, warmup_target: null, warmup_steps: 0 },
    [0.01, 0.009944597, 0.009779754, 0.008681981, 0.001],
  ],
  [
    "CosineDecay",
    { initial_learning_rate: 0, decay_steps: 900, warmup_target: 0.01, warmup_steps: 100 },
    [0, 0.005, 0.01, 0.009330127, 0],
  ],
  [
    "CosineDecayRestarts",
    { ...start, first_decay_steps: 100, t_mul: 2, m_mul: 1, alpha: 0 },
    [0.01, 0.005, 0.01, 0.001464466, 0.002488672],
  ],
  [
    "CosineDecayRestarts",
    { ...start, first_decay_steps: 100, t_mul: 1, m_mul: 0.5, alpha: 0.1 },
    [0.01, 0.0055, 0.0055, 0.002125, 0.001001628],
  ],
];

test.each(schedules)("%s %o gives the rates that Keras gives, and says that it stays there", (name, config, rates) => {
  for (const [index, step] of steps.entries()) {
    const warnings: string[] = [];
    const rate = learningRateOf({ learning_rate: { class_name: name, config } }, step, warnings);
    expect(rate).toBeCloseTo(rates[index]!, 8);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`followed ${name}: it stays .* step ${step}, `))]);
  }
});

test("a warm-up goes in a straight line from the first rate to its target", () => {
  const config = { initial_learning_rate: 0.002, decay_steps: 900, warmup_target: 0.01, warmup_steps: 100 };
  const at = (step: number) => learningRateOf({ learning_rate: { class_name: "CosineDecay", config } }, step, []);
  for (const [step, rate] of [
    [0, 0.002],
    [25, 0.004],
    [50, 0.006],
    [100, 0.01],
  ] as const)
    expect(at(step)).toBeCloseTo(rate, 12);
});

test("a rate that is a number stays it, and Keras 2's decay lowers it", () => {
  const warnings: string[] = [];
  expect(learningRateOf({ learning_rate: 0.01 }, 50, warnings)).toBe(0.01);
  expect(learningRateOf({ lr: 0.01, decay: 0 }, 50, warnings)).toBe(0.01);
  expect(learningRateOf({}, 50, warnings)).toBeUndefined();
  expect(warnings).toEqual([]);
  expect(learningRateOf({ lr: 0.01, decay: 0.02 }, 50, warnings)).toBeCloseTo(0.005, 12);
  expect(warnings).toEqual([expect.stringMatching(/followed decay/)]);
});

describe("a schedule that cannot be computed is told in a warning", () => {
  test.each([
    ["of the user's own", { class_name: "MyDecay", config: {} }],
    ["named like a property of every object", { class_name: "constructor", config: {} }],
    ["without a class", {}],
    ["without its numbers", { class_name: "ExponentialDecay", config: { decay_rate: 0.5 } }],
    ["without settings", { class_name: "CosineDecay" }],
    [
      "with lists of other things",
      { class_name: "PiecewiseConstantDecay", config: { boundaries: [{}], values: ["a"] } },
    ],
    [
      "that divides by nothing",
      { class_name: "ExponentialDecay", config: { ...start, decay_steps: 0, decay_rate: 2 } },
    ],
  ])("%s", (_, schedule) => {
    const warnings: string[] = [];
    expect(learningRateOf({ learning_rate: schedule }, 50, warnings)).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/cannot be computed here: set it again/)]);
  });
});
