import { createRandom } from "@charlstm/sampling";
import { describe, expect, test } from "vitest";
import { simulate } from "../queue/simulate.mjs";

const free = { redis: 0, renewal: 0, own: 0, bytes: 0, checkpointEvery: 1e9, wire: 1, gather: 0 };
const run = (workers: number, costs: Partial<typeof free>, lengths = [30], trials = 2000 + 20 * workers) =>
  simulate({ workers, lengths, trials, costs: { ...free, ...costs }, random: createRandom(1) });

describe("a simulated queue", () => {
  test.each([1, 7, 100])("that costs nothing has %i workers' trials", (workers) => {
    const { perHour, busy } = run(workers, {});
    expect(perHour / (workers * 120)).toBeCloseTo(1, 2);
    expect(busy).toBeCloseTo(1, 2);
  });

  test("gives no more trials than Redis has time for, whatever the number of workers", () => {
    expect(run(10, { redis: 0.01 }).perHour / 1200).toBeCloseTo(1, 2);
    const { perHour, redis } = run(10_000, { redis: 0.01 });
    expect(perHour / 360_000).toBeCloseTo(1, 1);
    expect(redis).toBeGreaterThan(0.98);
  });

  test("gives no more than the wire carries", () => {
    // Three checkpoints of 10 MB a trial, of a tenth of a second each.
    const { perHour, wire } = run(1000, { bytes: 1e7, wire: 1e8, checkpointEvery: 10 });
    expect(perHour / (3600 / 0.3)).toBeCloseTo(1, 1);
    expect(wire).toBeGreaterThan(0.98);
  });

  test("loses what workers do beside the training", () => {
    expect(run(5, { own: 10 }).busy).toBeCloseTo(0.75, 2);
  });
});
