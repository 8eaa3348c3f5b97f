import { describe, expect, test } from "vitest";
import { batchLoss, gradient, type Model, zeroState } from "../reference.js";
import { gradientOf, openEngine, randomBatch, randomWeights, relativeError } from "../support.js";

/** What float32 sums of a few hundred terms and activations good to 2e-7 leave of a gradient. */
const GRADIENT_TOLERANCE = 2e-5;
const LOSS_TOLERANCE = 2e-6;

const shapes = [
  { vocabularySize: 7, units: [4], rows: 2, length: 3, threads: 1 },
  { vocabularySize: 5, units: [5], rows: 1, length: 1, threads: 1 },
  { vocabularySize: 9, units: [3], rows: 11, length: 4, threads: 2 },
  { vocabularySize: 6, units: [4, 7], rows: 9, length: 3, threads: 2 },
  { vocabularySize: 8, units: [6, 3, 5], rows: 3, length: 3, threads: 1 },
  { vocabularySize: 4, units: [2, 3, 2, 4], rows: 10, length: 2, threads: 2 },
];

describe.each(["window", "sequence"] as const)("with the %s objective", (objective) => {
  test.each(shapes)("the gradient is that of the reference's loss for %o", async (shape) => {
    const { vocabularySize, units, rows, length, threads } = shape;
    const isSequence = objective === "sequence";
    const weights = randomWeights(vocabularySize, units, 1);
    const batch = randomBatch(vocabularySize, rows, length, isSequence, 2);
    const engine = await openEngine({
      vocabularySize,
      units,
      rows,
      length,
      objective,
      threads,
      optimizer: { name: "sgd" },
    });
    engine.writeWeights(weights);
    const ours = await gradientOf(engine, batch);
    const model: Model = { vocabularySize, units, weights: [...weights] };
    const states = () => Array.from({ length: rows }, () => zeroState(units));
    expect(Math.abs(ours.loss - batchLoss(model, batch, isSequence, states()))).toBeLessThan(LOSS_TOLERANCE);
    // Whose way back is that of numeric differences: ../reference.test.ts
    const slopes = gradient(model, batch, isSequence, states());
    for (const [index, { name, values }] of ours.gradient.entries()) {
      expect(relativeError(values, slopes[index]!), name).toBeLessThan(GRADIENT_TOLERANCE);
    }
  });
});
