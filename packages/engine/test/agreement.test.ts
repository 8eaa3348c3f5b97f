// Native builds against WebAssembly, which was written apart from them: any shape, any optimizer, dropout included.
import { createEngine, type Engine, inspectBuilds, isNativeBuild, type OptimizerConfig } from "@charlstm/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradientOf, randomBatch, randomWeights, relativeError } from "./support.js";

const native = inspectBuilds().builds.filter(isNativeBuild);

const shapes = fc.record({
  vocabularySize: fc.oneof(fc.integer({ min: 2, max: 70 }), fc.integer({ min: 71, max: 5000 })),
  units: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  rows: fc.integer({ min: 1, max: 45 }),
  length: fc.integer({ min: 1, max: 13 }),
  threads: fc.integer({ min: 1, max: 4 }),
  objective: fc.constantFrom("window" as const, "sequence" as const),
  dropout: fc.constantFrom(0, 0.3),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

/** Takes both through the same, and gives both back. */
async function both<Result>(engines: readonly Engine[], call: (engine: Engine) => Promise<Result>) {
  return [await call(engines[0]!), await call(engines[1]!)] as const;
}

describe.each(native)("%s", (build) => {
  test("gradients, losses, hits and states of any shape are WebAssembly's", async () => {
    const property = fc.asyncProperty(shapes, async (shape) => {
      const { vocabularySize, units, rows, length, objective, seed } = shape;
      const isSequence = objective === "sequence";
      const options = { ...shape, optimizer: { name: "sgd" } } as const;
      const engines = [await createEngine({ ...options, build }), await createEngine({ ...options, build: "simd" })];
      const weights = randomWeights(vocabularySize, units, seed);
      for (const engine of engines) engine.writeWeights(weights);
      const [scored, expected] = await both(engines, (engine) =>
        engine.scoreBatch(randomBatch(vocabularySize, rows, length, isSequence, seed + 1)),
      );
      expect(Math.abs(scored.loss - expected.loss)).toBeLessThan(1e-5);
      // A tie within rounding may fall to either side.
      expect(Math.abs(scored.correct - expected.correct)).toBeLessThanOrEqual(1);
      // Fewer rows and characters than the engine was made for, too.
      const smaller = randomBatch(vocabularySize, Math.ceil(rows / 2), Math.ceil(length / 2), isSequence, seed + 2);
      for (const batch of [randomBatch(vocabularySize, rows, length, isSequence, seed), smaller]) {
        const [ours, theirs] = await both(engines, (engine) => gradientOf(engine, batch));
        expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-5);
        for (const [index, { name, values }] of ours.gradient.entries()) {
          expect(relativeError(values, theirs.gradient[index]!.values), name).toBeLessThan(1e-4);
        }
        for (const engine of engines) engine.writeWeights(weights);
        // A row that a batch leaves out keeps its state here, and not in WebAssembly, where it may fill a panel.
        if (batch === smaller) continue;
        const [state, theirState] = engines.map((engine) => engine.readState());
        expect(relativeError(state!, theirState!)).toBeLessThan(1e-4);
      }
      for (const engine of engines) await engine.dispose();
    });
    await fc.assert(property, { numRuns: 40, seed: 16 });
  });

  const optimizers: OptimizerConfig[] = [
    { name: "sgd", momentum: 0.9 },
    { name: "rmsprop" },
    { name: "rmsprop", momentum: 0.5 },
    { name: "adam" },
    { name: "adamw" },
  ];
  test.each(optimizers)("fifty steps lose what WebAssembly loses within 1e-3, with %o", async (optimizer) => {
    const [vocabularySize, units, rows, length] = [59, [48, 20], 19, 11];
    const shape = { vocabularySize, units, rows, length, objective: "sequence", threads: 2 } as const;
    const options = { ...shape, dropout: 0.2, seed: 3, clipNorm: 1, optimizer };
    const engines = [await createEngine({ ...options, build }), await createEngine({ ...options, build: "simd" })];
    for (const engine of engines) engine.writeWeights(randomWeights(vocabularySize, units, 1));
    for (let step = 0; step < 50; step++) {
      const batch = randomBatch(vocabularySize, rows, length, true, step % 4);
      const [ours, theirs] = await both(engines, (engine) => engine.trainBatch(batch, 0.003));
      expect(Math.abs(ours.loss - theirs.loss), `step ${step}`).toBeLessThan(1e-3);
    }
    const [slots, theirSlots] = engines.map((engine) => engine.readOptimizer().slots);
    for (const [index, { name, values }] of slots!.entries()) {
      expect(relativeError(values, theirSlots![index]!.values), name).toBeLessThan(1e-2);
    }
    for (const engine of engines) await engine.dispose();
  });
});

describe.skipIf(native.length < 2)("native builds", () => {
  test("give the same bits, whatever their vectors' width", async () => {
    const [vocabularySize, units, rows, length] = [61, [37, 50], 22, 9];
    const options = { vocabularySize, units, rows, length, objective: "sequence", threads: 3, dropout: 0.1 } as const;
    const results = await Promise.all(
      native.map(async (build) => {
        const engine = await createEngine({ ...options, build, optimizer: { name: "adam" } });
        engine.writeWeights(randomWeights(vocabularySize, units, 5));
        for (let step = 0; step < 10; step++) {
          await engine.trainBatch(randomBatch(vocabularySize, rows, length, true, step), 0.01);
        }
        const result = { weights: engine.readWeights(), state: engine.readState() };
        await engine.dispose();
        return result;
      }),
    );
    for (const result of results.slice(1)) expect(result).toEqual(results[0]);
  });
});
