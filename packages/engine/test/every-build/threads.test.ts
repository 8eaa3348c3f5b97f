import type { Engine } from "@charlstm/engine";
import { expectClose } from "@charlstm/testing";
import { expect, inject, test } from "vitest";
import { openEngine, randomBatch, randomWeights } from "../support.js";

const [V, N, T] = [13, 40, 6];
const units = [12, 9];

/** Twelve steps of a small model. */
async function train(engine: Engine, seed = 3): Promise<{ losses: number[]; weights: Float32Array[] }> {
  engine.writeWeights(randomWeights(V, units, seed));
  const losses: number[] = [];
  for (let step = 0; step < 12; step++) {
    losses.push((await engine.trainBatch(randomBatch(V, N, T, true, step), 0.01)).loss);
  }
  return { losses, weights: engine.readWeights().map(({ values }) => values) };
}

const options = { vocabularySize: V, units, rows: N, length: T, objective: "sequence", dropout: 0.3, seed: 5 } as const;

test.each([1, 2, 3, 4])("with %i threads the same seed gives the same bits", async (threads) => {
  const first = await train(await openEngine({ ...options, threads }));
  const second = await train(await openEngine({ ...options, threads }));
  expect(second).toEqual(first);
});

test("more threads change only the rounding: the same dropout, nearly the same losses", async () => {
  const one = await train(await openEngine({ ...options, threads: 1 }));
  for (const threads of [2, 3, 5]) {
    const engine = await openEngine({ ...options, threads });
    expect(engine.threads).toBe(threads);
    expectClose((await train(engine)).losses, one.losses, 1e-4);
  }
});

test("it learns the same as the plainest build, up to rounding", async () => {
  const plain = await openEngine({ ...options, build: "simd" });
  const tested = await openEngine(options);
  expect([plain.build, tested.build]).toEqual(["simd", inject("build")]);
  expectClose((await train(tested)).losses, (await train(plain)).losses, 1e-4);
});

test("a batch of fewer rows than threads could share is right too", async () => {
  const batch = randomBatch(V, 3, T, true, 8);
  const losses = [1, 4].map(async (threads) => {
    const engine = await openEngine({ ...options, dropout: 0, threads });
    engine.writeWeights(randomWeights(V, units, 1));
    await engine.trainBatch(randomBatch(V, N, T, true, 1), 0.01);
    engine.resetState();
    await engine.trainBatch(batch, 0.01);
    return (await engine.trainBatch(batch, 0.01)).loss;
  });
  expectClose([await losses[1]!], [await losses[0]!], 1e-4);
});

test("threads are never more than groups of rows that fill the vectors", async () => {
  const group = ["simd", "relaxed-simd"].includes(inject("build")) ? 8 : 4;
  expect((await openEngine({ ...options, rows: group + 1, threads: 8 })).threads).toBe(2);
  expect((await openEngine({ ...options, rows: 1, threads: 8 })).threads).toBe(1);
});
