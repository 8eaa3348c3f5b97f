import { expect, test } from "vitest";
import { gradientOf, openEngine, randomBatch, randomWeights } from "../support.js";

const [V, N, T] = [7, 13, 4];

test.each(["window", "sequence"] as const)(
  "with dropout and the %s objective the gradient is still the loss's slope",
  async (objective) => {
    const units = [10, 6];
    const options = {
      vocabularySize: V,
      units,
      rows: N,
      length: T,
      objective,
      threads: 2,
      dropout: 0.4,
      seed: 1,
    } as const;
    const batch = randomBatch(V, N, T, objective === "sequence", 2);
    const weights = randomWeights(V, units, 3);
    const engine = await openEngine({ ...options, optimizer: { name: "sgd" } });
    const lossAt = async (moved: typeof weights) => {
      engine.writeWeights(moved);
      engine.resetState();
      engine.writeOptimizer({ name: "sgd", step: 0, slots: [] }); // the same masks every time
      return (await engine.trainBatch(batch, 0)).loss;
    };
    engine.writeWeights(weights);
    const { loss, gradient } = await gradientOf(engine, batch);
    expect(await lossAt(weights)).toBe(loss);
    for (const [index, { name, values }] of gradient.entries()) {
      // Along the gradient itself the slope is its norm.
      const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
      const move = (distance: number) =>
        weights.map((tensor, at) =>
          at === index
            ? { ...tensor, values: tensor.values.map((w, i) => w + (distance * values[i]!) / norm) }
            : tensor,
        );
      const distance = 0.02;
      const slope = ((await lossAt(move(distance))) - (await lossAt(move(-distance)))) / (2 * distance);
      expect(Math.abs(slope / norm - 1), name).toBeLessThan(5e-3);
    }
  },
);

test("the wanted share is dropped, differently at each step and with each seed", async () => {
  // One LSTM layer whose output is the same everywhere; the head sums it, so a logit tells how much was kept.
  const units = 256;
  const run = async (seed: number, step: number, share: number) => {
    const engine = await openEngine({
      vocabularySize: 2,
      units: [units],
      rows: 1,
      length: 1,
      dropout: share,
      seed,
      optimizer: { name: "sgd" },
    });
    const weights = engine.readWeights();
    weights[2]!.values.fill(1); // all gates the same
    weights[3]!.values.forEach((_, index, values) => {
      values[index] = index % 2 === 0 ? 1 / units : 0;
    });
    engine.writeWeights(weights);
    engine.writeOptimizer({ name: "sgd", step, slots: [] });
    const batch = { inputs: Uint8Array.of(0), targets: Uint8Array.of(0), rows: 1, length: 1 };
    const { loss } = await engine.trainBatch(batch, 0);
    return -Math.log(Math.exp(loss) - 1); // the logit of character 0, as that of character 1 is zero
  };
  const whole = await run(1, 0, 0);
  const kept = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((step) => run(1, step, 0.5)));
  expect(kept.reduce((a, b) => a + b) / kept.length / whole).toBeCloseTo(1, 1);
  expect(new Set(kept).size).toBeGreaterThan(4);
  expect(await run(1, 0, 0.5)).toBe(kept[0]);
  expect(await run(2, 0, 0.5)).not.toBe(kept[0]);
});

test("scoring and streams drop nothing", async () => {
  const units = [6];
  const batch = randomBatch(V, N, T, false, 2);
  const losses = [0, 0.5].map(async (dropout) => {
    const engine = await openEngine({ vocabularySize: V, units, rows: N, length: T, dropout });
    engine.writeWeights(randomWeights(V, units, 3));
    await engine.trainBatch(batch, 0);
    return (await engine.scoreBatch(batch)).loss;
  });
  expect(await losses[0]).toBe(await losses[1]);
});
