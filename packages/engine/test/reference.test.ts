import { describe, expect, test } from "vitest";
import { batchLoss, differences, gradient, type Model, type State, step, zeroState } from "./reference.js";
import { randomBatch, randomWeights, relativeError } from "./support.js";

/** What central differences with a step of 1e-5 leave in float64, of gradients that may be small. */
const TOLERANCE = 1e-6;

const shapes = [
  { units: [4], rows: 2, length: 3 },
  { units: [5], rows: 1, length: 1 },
  { units: [3, 4], rows: 2, length: 4 },
  { units: [2, 3, 2], rows: 3, length: 3 },
];

/** States that earlier batches left, so that nothing is tested at zero. */
function carried(model: Model, rows: number): State[] {
  const states = Array.from({ length: rows }, () => zeroState(model.units));
  for (const [row, state] of states.entries()) step(model, row, state);
  return states;
}

describe.each(["window", "sequence"] as const)("with the %s objective", (objective) => {
  test.each(shapes)("the way back gives the slopes of the loss for %o", ({ units, rows, length }) => {
    const isSequence = objective === "sequence";
    const model: Model = { vocabularySize: 6, units, weights: randomWeights(6, units, 1) };
    const batch = randomBatch(6, rows, length, isSequence, 2);
    const states = () => (isSequence ? carried(model, rows) : Array.from({ length: rows }, () => zeroState(units)));
    const start = states();
    const found = gradient(model, batch, isSequence, structuredClone(start));
    expect(found).toHaveLength(model.weights.length);
    for (const [tensor, values] of found.entries()) {
      const loss = () => batchLoss(model, batch, isSequence, structuredClone(start));
      expect(relativeError(values, differences(model, tensor, loss)), `tensor ${tensor}`).toBeLessThan(TOLERANCE);
    }
  });
});
