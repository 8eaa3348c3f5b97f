// Whole steps, forward to update, against the same steps in float64.
import type { OptimizerConfig } from "@charlstm/engine";
import { describe, expect, test } from "vitest";
import { batchLoss, gradient, type Memory, type Tensor, update, zeroState } from "../reference.js";
import { openEngine, randomBatch, randomWeights, relativeError } from "../support.js";

/** Of losses and weights after eight steps in float32. */
const TOLERANCE = 1e-4;

const [V, N, T] = [7, 5, 4];
const units = [6, 4];

const recipes: { optimizer: OptimizerConfig; rate: number }[] = [
  { optimizer: { name: "sgd" }, rate: 0.5 },
  { optimizer: { name: "sgd", momentum: 0.9 }, rate: 0.1 },
  { optimizer: { name: "rmsprop" }, rate: 0.01 },
  { optimizer: { name: "rmsprop", rho: 0.8, momentum: 0.5, epsilon: 1e-5 }, rate: 0.01 },
  { optimizer: { name: "adam" }, rate: 0.01 },
  { optimizer: { name: "adam", beta1: 0.8, beta2: 0.95, epsilon: 1e-4 }, rate: 0.02 },
  { optimizer: { name: "adamw" }, rate: 0.01 },
  { optimizer: { name: "adamw", weightDecay: 0.3 }, rate: 0.01 },
];

describe.each(["window", "sequence"] as const)("with the %s objective", (objective) => {
  test.each(recipes)(
    "eight steps of $optimizer, some of them clipped, are the reference's",
    async ({ optimizer, rate }) => {
      const isSequence = objective === "sequence";
      const options = { vocabularySize: V, units, rows: N, length: T, objective, threads: 2, optimizer, clipNorm: 0.3 };
      const engine = await openEngine(options);
      const first = randomWeights(V, units, 1);
      engine.writeWeights(first);
      let weights: Tensor[] = first;
      const memory = first.map(({ values }) => Array.from(values, (): Memory => ({ m: 0, v: 0 })));
      const states = Array.from({ length: N }, () => zeroState(units));
      const norms: number[] = [];
      for (let count = 1; count <= 8; count++) {
        const batch = randomBatch(V, N, T, isSequence, count);
        const model = { vocabularySize: V, units, weights };
        const before = isSequence ? states : states.map(() => zeroState(units));
        const expected = batchLoss(model, batch, isSequence, structuredClone(before));
        const slopes = gradient(model, batch, isSequence, before);
        weights = update(weights, slopes, memory, { optimizer, rate, clipNorm: options.clipNorm, count });
        const { loss, gradientNorm } = await engine.trainBatch(batch, rate);
        norms.push(Math.hypot(...slopes.flat()));
        expect(Math.abs(loss - expected), `loss of step ${count}`).toBeLessThan(TOLERANCE);
        expect(Math.abs(gradientNorm - norms.at(-1)!), `norm of step ${count}`).toBeLessThan(TOLERANCE);
      }
      expect(norms.some((norm) => norm > options.clipNorm)).toBe(true);
      for (const [index, { name, values }] of engine.readWeights().entries()) {
        expect(relativeError(values, weights[index]!.values), name).toBeLessThan(TOLERANCE);
      }
    },
  );
});
