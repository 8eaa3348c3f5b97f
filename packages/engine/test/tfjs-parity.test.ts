// The build that is taken by default against TensorFlow.js; the others are held to the float64 reference, and native ones to WebAssembly.
import type { Objective, OptimizerConfig } from "@charlstm/engine";
import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gradientOf, openEngine, randomBatch, randomWeights, relativeError } from "./support.js";
import { Rival, tf } from "./tfjs.js";

const LOGITS_TOLERANCE = 1e-5;
const GRADIENT_TOLERANCE = 1e-4;
const LOSS_TOLERANCE = 1e-3;

const shape = fc.record({
  vocabularySize: fc.integer({ min: 2, max: 23 }),
  units: fc.array(fc.integer({ min: 1, max: 19 }), { minLength: 1, maxLength: 3 }),
  rows: fc.integer({ min: 1, max: 35 }),
  length: fc.integer({ min: 1, max: 9 }),
  threads: fc.integer({ min: 1, max: 4 }),
  objective: fc.constantFrom<Objective>("window", "sequence"),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

test("logits are those of TensorFlow.js on random shapes", async () => {
  const property = fc.asyncProperty(shape, async ({ vocabularySize, units, rows, length, seed }) => {
    const weights = randomWeights(vocabularySize, units, seed);
    const batch = randomBatch(vocabularySize, rows, length, false, seed);
    const rival = new Rival(vocabularySize, units, false, weights);
    const engine = await openEngine({ vocabularySize, units, purpose: "streams" });
    engine.writeWeights(weights);
    const stream = engine.openStream(rows);
    let logits = new Float32Array();
    for (let time = 0; time < length; time++) {
      logits = stream.step(
        Array.from({ length: rows }, (_, row) => batch.inputs[row * length + time]!),
      ) as typeof logits;
    }
    expectClose(
      logits,
      tf.tidy(() => rival.logits(batch).dataSync()),
      LOGITS_TOLERANCE,
    );
    rival.dispose();
    await engine.dispose();
  });
  await fc.assert(property, { numRuns: 10, seed: 4 });
});

test("losses and gradients are those of TensorFlow.js on random shapes and threads", async () => {
  const property = fc.asyncProperty(
    shape,
    async ({ vocabularySize, units, rows, length, threads, objective, seed }) => {
      const isSequence = objective === "sequence";
      const weights = randomWeights(vocabularySize, units, seed);
      const batch = randomBatch(vocabularySize, rows, length, isSequence, seed);
      const rival = new Rival(vocabularySize, units, isSequence, weights);
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
      const theirs = rival.gradient(batch);
      expect(Math.abs(ours.loss - theirs.loss)).toBeLessThan(1e-5);
      for (const [index, { name, values }] of ours.gradient.entries()) {
        expect(relativeError(values, theirs.gradient[index]!), name).toBeLessThan(GRADIENT_TOLERANCE);
      }
      rival.dispose();
      await engine.dispose();
    },
  );
  await fc.assert(property, { numRuns: 12, seed: 5 });
});

describe("fifty steps lose as much as TensorFlow.js", () => {
  const cases: { optimizer: OptimizerConfig; rate: number; clipNorm?: number; theirs: () => tf.Optimizer }[] = [
    { optimizer: { name: "rmsprop" }, rate: 0.01, theirs: () => tf.train.rmsprop(0.01, 0.9, 0, 1e-7) },
    {
      optimizer: { name: "rmsprop", rho: 0.95, momentum: 0.5 },
      rate: 0.003,
      clipNorm: 0.3,
      theirs: () => tf.train.rmsprop(0.003, 0.95, 0.5, 1e-7),
    },
    { optimizer: { name: "adam" }, rate: 0.003, theirs: () => tf.train.adam(0.003, 0.9, 0.999, 1e-7) },
    {
      optimizer: { name: "adamw", weightDecay: 0.1 },
      rate: 0.003,
      clipNorm: 1,
      theirs: () => tf.train.adam(0.003, 0.9, 0.999, 1e-7),
    },
    { optimizer: { name: "sgd" }, rate: 0.5, theirs: () => tf.train.sgd(0.5) },
    { optimizer: { name: "sgd", momentum: 0.9 }, rate: 0.1, theirs: () => tf.train.momentum(0.1, 0.9) },
  ];
  test.each(cases.map((each, seed) => ({ ...each, seed })))("with $optimizer", async (each) => {
    const { optimizer, rate, clipNorm = 0, theirs } = each;
    // TensorFlow.js fails on the gradient of some models over one time step.
    const longer = shape.filter(({ length }) => length > 1);
    for (const drawn of fc.sample(longer, { numRuns: 1, seed: each.seed })) {
      const { vocabularySize, units, rows, length, threads, objective } = drawn;
      const isSequence = objective === "sequence";
      const weights = randomWeights(vocabularySize, units, 7);
      const rival = new Rival(vocabularySize, units, isSequence, weights);
      const engine = await openEngine({ vocabularySize, units, rows, length, objective, optimizer, clipNorm, threads });
      engine.writeWeights(weights);
      const theirOptimizer = theirs();
      const decay = optimizer.name === "adamw" ? rate * optimizer.weightDecay! : 0;
      for (let step = 0; step < 50; step++) {
        const batch = randomBatch(vocabularySize, rows, length, isSequence, step % 4);
        engine.resetState();
        const { loss } = await engine.trainBatch(batch, rate);
        expect(Math.abs(loss - rival.train(batch, theirOptimizer, { clipNorm, decay })), `step ${step}`).toBeLessThan(
          LOSS_TOLERANCE,
        );
      }
      theirOptimizer.dispose();
      rival.dispose();
    }
  });
});
