import type { Engine, OptimizerConfig } from "@charlstm/engine";
import { expect, test } from "vitest";
import { openEngine, randomBatch, randomWeights } from "../support.js";

const [V, N, T] = [9, 11, 5];
const units = [7, 6];
const options = { vocabularySize: V, units, rows: N, length: T, objective: "sequence", threads: 2 } as const;

test("scoring begins each row anew, whatever was scored or trained before", async () => {
  const engine = await openEngine(options);
  const other = await openEngine({ ...options, purpose: "scoring" });
  for (const each of [engine, other]) each.writeWeights(randomWeights(V, units, 1));
  const batch = randomBatch(V, N, T, true, 2);
  const alone = await other.scoreBatch(batch);
  await engine.trainBatch(randomBatch(V, N, T, true, 3), 0);
  expect(await engine.scoreBatch(batch)).toEqual(alone);
  await other.scoreBatch(randomBatch(V, N, T, true, 4));
  expect(await other.scoreBatch(batch)).toEqual(alone);
});

test("scoring neither learns nor moves the training's state", async () => {
  const engine = await openEngine(options);
  engine.writeWeights(randomWeights(V, units, 1));
  await engine.trainBatch(randomBatch(V, N, T, true, 1), 0.01);
  const before = { state: engine.readState(), weights: engine.readWeights(), optimizer: engine.readOptimizer() };
  await engine.scoreBatch(randomBatch(V, N, T, true, 2));
  expect({ state: engine.readState(), weights: engine.readWeights(), optimizer: engine.readOptimizer() }).toEqual(
    before,
  );
  engine.resetState();
  expect(engine.readState().every((value) => value === 0)).toBe(true);
});

test("the window objective has no state, and forgets one batch before the next", async () => {
  const engine = await openEngine({ ...options, objective: "window" });
  engine.writeWeights(randomWeights(V, units, 1));
  const batch = randomBatch(V, N, T, false, 3);
  const { loss } = await engine.scoreBatch(batch);
  await engine.scoreBatch(randomBatch(V, 2, 3, false, 4));
  expect((await engine.scoreBatch(batch)).loss).toBe(loss);
  expect(engine.readState().length).toBe(0);
});

test("a written state is read back, row by row", async () => {
  const engine = await openEngine(options);
  const state = Float32Array.from({ length: 2 * N * 13 }, (_, index) => Math.sin(index));
  engine.writeState(state);
  expect(engine.readState()).toEqual(state);
});

const optimizers: OptimizerConfig[] = [
  { name: "rmsprop" },
  { name: "rmsprop", momentum: 0.9 },
  { name: "adam" },
  { name: "adamw" },
  { name: "sgd", momentum: 0.5 },
  { name: "sgd" },
];

test.each(optimizers)(
  "ten steps equal four, a save, a load into another engine and six, bit for bit, with %o",
  async (optimizer) => {
    const settings = { ...options, optimizer, dropout: 0.25, seed: 9, clipNorm: 1 };
    const train = async (engine: Engine, from: number, to: number) => {
      for (let step = from; step < to; step++) await engine.trainBatch(randomBatch(V, N, T, true, step), 0.01);
    };
    const straight = await openEngine(settings);
    straight.writeWeights(randomWeights(V, units, 1));
    await train(straight, 0, 10);
    const early = await openEngine(settings);
    early.writeWeights(randomWeights(V, units, 1));
    await train(early, 0, 4);
    const late = await openEngine(settings);
    late.writeWeights(early.readWeights());
    late.writeOptimizer(early.readOptimizer());
    late.writeState(early.readState());
    await train(late, 4, 10);
    expect(late.readWeights()).toEqual(straight.readWeights());
    expect(late.readOptimizer()).toEqual(straight.readOptimizer());
    expect(late.readState()).toEqual(straight.readState());
  },
);

test("weights come back as they were written", async () => {
  const engine = await openEngine(options);
  const weights = randomWeights(V, units, 8);
  engine.writeWeights(weights);
  expect(engine.readWeights()).toEqual(weights);
  expect(engine.parameters).toBe(weights.reduce((sum, { values }) => sum + values.length, 0));
});
