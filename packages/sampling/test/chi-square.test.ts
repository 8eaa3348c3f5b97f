import { describe, expect, test } from "vitest";
import { createRandom, sample, sampleLogits } from "../src/index.js";
import notebook from "./fixtures/notebook.json" with { type: "json" };

const DRAWS = 100_000;
/** Cells that expect fewer draws are counted together, as the test's approximation asks. */
const SMALLEST_CELL = 5;

const flat = notebook.cases.filter((row) => row.name === "flat, 59 characters");
const peaked = notebook.cases.filter((row) => row.name === "peaked, 59 characters");

describe.each([...flat, ...peaked])("100,000 draws from $name at temperature $temperature", (row) => {
  test("from probabilities follow the notebook's distribution", () => {
    const random = createRandom(11);
    const scratch = new Float64Array(row.probabilities.length);
    const { temperature } = row;
    expectDistribution(() => sample(row.probabilities, { temperature, random, scratch }), row.expected);
  });

  test("from logits follow the notebook's distribution", () => {
    const random = createRandom(12);
    const logits = row.probabilities.map((p) => Math.log(p + 1e-8));
    expectDistribution(() => sampleLogits(logits, { temperature: row.temperature, random }), row.expected);
  });
});

test("a generator that is off by a little fails the test, so the test can fail", () => {
  const random = createRandom(11);
  const row = flat[2]!;
  const biased = () => random() * 0.97;
  expect(() => expectDistribution(() => sample(row.probabilities, { random: biased }), row.expected)).toThrow();
});

/** Pearson's chi-square against the 99.99 % point, by Wilson and Hilferty's approximation. */
function expectDistribution(draw: () => number, expected: readonly number[]): void {
  const counts = new Float64Array(expected.length);
  for (let index = 0; index < DRAWS; index++) counts[draw()]! += 1;
  let statistic = 0;
  let cells = 0;
  let restExpected = 0;
  let restCount = 0;
  for (const [id, probability] of expected.entries()) {
    const mean = probability * DRAWS;
    if (mean < SMALLEST_CELL) {
      restExpected += mean;
      restCount += counts[id]!;
    } else {
      statistic += (counts[id]! - mean) ** 2 / mean;
      cells++;
    }
  }
  if (restExpected >= SMALLEST_CELL) {
    statistic += (restCount - restExpected) ** 2 / restExpected;
    cells++;
  } else {
    expect(restCount).toBeLessThan(30);
  }
  const freedom = Math.max(1, cells - 1);
  const spread = 2 / (9 * freedom);
  const limit = freedom * (1 - spread + 3.719 * Math.sqrt(spread)) ** 3;
  expect(statistic).toBeLessThan(limit);
}
