// Native builds against WebAssembly, which was written apart from them: any shape, any optimizer, dropout included.
import {
  createEngine,
  type Engine,
  type EngineOptions,
  inspectBuilds,
  isNativeBuild,
  type Objective,
  type OptimizerConfig,
} from "@charlstm/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradientOf, randomBatch, randomWeights, relativeError } from "./support.js";

const native = inspectBuilds().builds.filter(isNativeBuild);

/** Has WebAssembly do something, then every native build, and compares what they give. */
async function compare(
  options: EngineOptions & { rows: number },
  take: (engine: Engine) => Promise<Taken>,
): Promise<void> {
  let expected: Taken | undefined;
  for (const build of ["simd", ...native] as const) {
    const engine = await createEngine({ ...options, build });
    engine.writeWeights(randomWeights(options.vocabularySize, options.units, options.seed!));
    const taken = await take(engine);
    await engine.dispose();
    if (!expected) {
      expected = taken;
      continue;
    }
    for (const [at, loss] of taken.losses.entries()) {
      expect(Math.abs(loss - expected.losses[at]!), `loss ${at} of ${build}`).toBeLessThan(taken.lossTolerance);
    }
    // A tie within rounding may fall to either side.
    expect(Math.abs(taken.hits - expected.hits)).toBeLessThanOrEqual(1);
    for (const [at, { name, values }] of taken.tensors.entries()) {
      const error = relativeError(values, expected.tensors[at]!.values);
      expect(error, `${name} of ${build}`).toBeLessThan(taken.tolerance);
    }
  }
}

type Taken = {
  losses: number[];
  hits: number;
  tensors: { name: string; values: Float32Array }[];
  lossTolerance: number;
  tolerance: number;
};

const shapes = fc.record({
  vocabularySize: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 2, max: 70 }) },
    { weight: 1, arbitrary: fc.integer({ min: 71, max: 5000 }) },
  ),
  units: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }),
  rows: fc.integer({ min: 1, max: 45 }),
  length: fc.integer({ min: 1, max: 13 }),
  threads: fc.integer({ min: 1, max: 4 }),
  objective: fc.constantFrom("window" as const, "sequence" as const),
  dropout: fc.constantFrom(0, 0.3),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

describe.skipIf(native.length === 0)("every native build", () => {
  test("has WebAssembly's gradients, losses, hits and states of any shape", async () => {
    const property = fc.asyncProperty(shapes, (shape) => {
      const { vocabularySize, units, rows, length, objective, seed } = shape;
      const isSequence = objective === "sequence";
      return compare({ ...shape, optimizer: { name: "sgd" } }, async (engine) => {
        const batch = randomBatch(vocabularySize, rows, length, isSequence, seed);
        const scored = await engine.scoreBatch(randomBatch(vocabularySize, rows, length, isSequence, seed + 1));
        const whole = await gradientOf(engine, batch);
        const state = { name: "state", values: engine.readState() };
        // Fewer rows and characters than the engine was made for, too. Compared without the state: a row that a batch
        // leaves out keeps its own here, and not in WebAssembly, where it may fill a panel.
        engine.writeWeights(randomWeights(vocabularySize, units, seed));
        const fewer = [Math.ceil(rows / 2), Math.ceil(length / 2)] as const;
        const smaller = await gradientOf(engine, randomBatch(vocabularySize, ...fewer, isSequence, seed + 2));
        return {
          losses: [scored.loss, whole.loss, smaller.loss],
          hits: scored.correct,
          tensors: [...whole.gradient, state, ...smaller.gradient],
          ...{ lossTolerance: 1e-5, tolerance: 1e-4 },
        };
      });
    });
    await fc.assert(property, { numRuns: 20, seed: 16 });
  });

  /** Fifty steps of a shape that fills no vector. */
  const takeFiftySteps = (recipe: Recipe) => {
    const shape = { vocabularySize: 59, units: [37, 21], rows: 19, length: 11, threads: 2, seed: 3 };
    return compare({ ...shape, ...recipe }, async (engine) => {
      const losses: number[] = [];
      for (let step = 0; step < 50; step++) {
        const { vocabularySize, rows, length } = shape;
        const batch = randomBatch(vocabularySize, rows, length, recipe.objective === "sequence", step % 4);
        losses.push((await engine.trainBatch(batch, 0.003)).loss);
      }
      const tensors = [...engine.readWeights(), ...engine.readOptimizer().slots];
      return { losses, hits: 0, tensors, lossTolerance: 1e-3, tolerance: 1e-2 };
    });
  };
  type Recipe = { objective: Objective; dropout: number; clipNorm?: number; optimizer: OptimizerConfig };

  const recipes = (["window", "sequence"] as const).flatMap((objective) =>
    [0, 0.2].flatMap((dropout) => [{}, { clipNorm: 0.1 }].map((clip) => ({ objective, dropout, ...clip }))),
  );
  test.each(recipes)("loses what WebAssembly loses within 1e-3 in fifty steps, with %o", (recipe) =>
    takeFiftySteps({ ...recipe, optimizer: { name: "adam" } }),
  );

  const optimizers: OptimizerConfig[] = [
    { name: "sgd", momentum: 0.9 },
    { name: "rmsprop" },
    { name: "rmsprop", momentum: 0.5 },
    { name: "adamw" },
  ];
  test.each(optimizers)("loses what WebAssembly loses within 1e-3 in fifty steps, with %o", (optimizer) =>
    takeFiftySteps({ objective: "sequence", dropout: 0.2, clipNorm: 1, optimizer }),
  );
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
