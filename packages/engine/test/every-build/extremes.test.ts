// The ends of what an engine takes: one unit and thousands, two characters and thousands, any learning rate.
import type { OptimizerConfig } from "@charlstm/engine";
import { isExhaustive } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { batchLoss, zeroState } from "../reference.js";
import { openEngine, randomBatch, randomWeights } from "../support.js";

const LOSS_TOLERANCE = 1e-4;

test.each([
  { objective: "window", vocabularySize: 1, units: [1], rows: 1, length: 1 },
  { objective: "window", vocabularySize: 2, units: [1], rows: 9, length: 7 },
  { objective: "sequence", vocabularySize: 2, units: [1, 1, 1, 1], rows: 3, length: 5 },
  { objective: "sequence", vocabularySize: 3, units: [isExhaustive ? 2048 : 1100], rows: 1, length: 2 },
  { objective: "window", vocabularySize: 5000, units: [7], rows: 9, length: 3 },
  { objective: "sequence", vocabularySize: 7, units: [5], rows: 300, length: 2 },
] as const)("the loss is the reference's, and training lowers it, for %o", async (shape) => {
  const { objective, vocabularySize, rows, length } = shape;
  const units = [...shape.units];
  const isSequence = objective === "sequence";
  const weights = randomWeights(vocabularySize, units, 1);
  const batch = randomBatch(vocabularySize, rows, length, isSequence, 2);
  const engine = await openEngine({ ...shape, units, threads: 2, optimizer: { name: "sgd" } });
  engine.writeWeights(weights);
  const states = Array.from({ length: rows }, () => zeroState(units));
  const expected = batchLoss({ vocabularySize, units, weights }, batch, isSequence, states);
  const { loss } = await engine.trainBatch(batch, 0.01);
  expect(Math.abs(loss - expected)).toBeLessThan(LOSS_TOLERANCE);
  engine.resetState();
  const after = (await engine.trainBatch(batch, 0.01)).loss;
  if (vocabularySize === 1) expect(after).toBe(0);
  else expect(after).toBeLessThan(loss);
});

describe("with a learning rate of any size", () => {
  const optimizers: OptimizerConfig[] = [
    { name: "sgd" },
    { name: "sgd", momentum: 0.9 },
    { name: "rmsprop" },
    { name: "rmsprop", momentum: 0.9 },
    { name: "adam" },
    { name: "adamw" },
  ];
  test.each(optimizers)("no weight and no slot of %o becomes NaN or infinite", async (optimizer) => {
    for (const rate of [0, 1e-45, 10, 1e10, 1e30, 3.4e38]) {
      const engine = await openEngine({ vocabularySize: 5, units: [6, 3], rows: 9, length: 4, threads: 1, optimizer });
      const weights = randomWeights(5, [6, 3], 3);
      engine.writeWeights(weights);
      for (let step = 0; step < 8; step++) await engine.trainBatch(randomBatch(5, 9, 4, false, step), rate);
      const tensors = [...engine.readWeights(), ...engine.readOptimizer().slots];
      for (const { name, values } of tensors) {
        expect(values.every(Number.isFinite), `${name} at ${rate}`).toBe(true);
      }
      if (rate === 0) expect(engine.readWeights()).toEqual(weights);
      await engine.dispose();
    }
  });
});
