import { isEngineError, type NamedTensor } from "@charlstm/engine";
import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchLoss, crossEntropy, step as referenceStep, zeroState } from "../reference.js";
import { openEngine, randomBatch, randomWeights } from "../support.js";

const shape = fc.record({
  vocabularySize: fc.integer({ min: 1, max: 40 }),
  units: fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 1, maxLength: 4 }),
  count: fc.integer({ min: 2, max: 20 }),
  length: fc.integer({ min: 1, max: 12 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

async function openStreams(vocabularySize: number, units: number[], weights: NamedTensor[]) {
  const engine = await openEngine({ vocabularySize, units, purpose: "streams" });
  engine.writeWeights(weights);
  return engine;
}

test("parallel streams give the bits of as many single ones", async () => {
  const property = fc.asyncProperty(shape, async ({ vocabularySize, units, count, length, seed }) => {
    const engine = await openStreams(vocabularySize, units, randomWeights(vocabularySize, units, seed));
    const { inputs } = randomBatch(vocabularySize, count, length, true, seed);
    const together = engine.openStream(count);
    const single = Array.from({ length: count }, () => engine.openStream());
    for (let time = 0; time < length; time++) {
      const ids = Array.from({ length: count }, (_, row) => inputs[row * length + time]!);
      const logits = together.step(ids);
      for (const [row, stream] of single.entries()) {
        const start = row * vocabularySize;
        expect([...stream.step([ids[row]!])]).toEqual([...logits.subarray(start, start + vocabularySize)]);
      }
    }
    const width = units.reduce((a, b) => a + b);
    const state = together.readState();
    expect(state.length).toBe(2 * count * width);
    await engine.dispose();
  });
  await fc.assert(property, { numRuns: 25, seed: 1 });
});

test("a stream over a text gives the logits of the reference", async () => {
  const [vocabularySize, units] = [17, [9, 6]];
  const weights = randomWeights(vocabularySize, units, 2);
  const stream = (await openStreams(vocabularySize, units, weights)).openStream();
  const state = zeroState(units);
  for (const id of randomBatch(vocabularySize, 1, 30, false, 3).inputs) {
    expectClose(stream.step([id]), referenceStep({ vocabularySize, units, weights }, id, state), 1e-5);
  }
});

test("a stream over a text loses what scoring it as one sequence loses", async () => {
  const property = fc.asyncProperty(shape, async ({ vocabularySize, units, length, seed }) => {
    const weights = randomWeights(vocabularySize, units, seed);
    const batch = randomBatch(vocabularySize, 1, length, true, seed);
    const engine = await openEngine({ vocabularySize, units, length, objective: "sequence", purpose: "scoring" });
    engine.writeWeights(weights);
    const stream = engine.openStream();
    let sum = 0;
    let correct = 0;
    for (const [time, id] of batch.inputs.entries()) {
      const logits = [...stream.step([id])];
      sum += crossEntropy(logits, batch.targets[time]!);
      if (logits.indexOf(Math.max(...logits)) === batch.targets[time]) correct++;
    }
    const score = await engine.scoreBatch(batch);
    expect(Math.abs(score.loss - sum / length)).toBeLessThan(1e-5);
    expect(score).toMatchObject({ correct, predictions: length });
    const model = { vocabularySize, units, weights };
    expect(Math.abs(score.loss - batchLoss(model, batch, true, [zeroState(units)]))).toBeLessThan(1e-5);
    await engine.dispose();
  });
  await fc.assert(property, { numRuns: 25, seed: 2 });
});

test.each([1, 5])("a stream of %i goes on from a saved state", async (count) => {
  const [vocabularySize, units] = [11, [7, 6]];
  const engine = await openStreams(vocabularySize, units, randomWeights(vocabularySize, units, 4));
  const { inputs } = randomBatch(vocabularySize, 10, count, false, 5);
  const ids = (time: number) => inputs.subarray(time * count, (time + 1) * count);
  const stream = engine.openStream(count);
  for (let time = 0; time < 5; time++) stream.step(ids(time));
  const saved = stream.readState();
  const expected = [...stream.step(ids(5))];
  stream.writeState(saved);
  expect([...stream.readState()]).toEqual([...saved]);
  expect([...stream.step(ids(5))]).toEqual(expected);
});

test("a new stream starts from zero, also in memory that another one used", async () => {
  const [vocabularySize, units] = [6, [5]];
  const engine = await openStreams(vocabularySize, units, randomWeights(vocabularySize, units, 6));
  const first = engine.openStream(3);
  const expected = [...first.step([1, 2, 3])];
  for (let index = 0; index < 2000; index++) {
    first.dispose();
    const stream = engine.openStream(3);
    expect([...stream.step([1, 2, 3])]).toEqual(expected);
    stream.dispose();
  }
});

test("opening and closing streams takes no more memory than one of them", async () => {
  const engine = await openStreams(6, [64], randomWeights(6, [64], 6));
  engine.openStream(100).dispose();
  const { bytes } = engine;
  for (let index = 0; index < 500; index++) engine.openStream(100).dispose();
  expect(engine.bytes).toBe(bytes);
});

test("many streams can be open at once, and each keeps its state when memory grows", async () => {
  const engine = await openStreams(6, [64], randomWeights(6, [64], 6));
  const first = engine.openStream(2);
  first.step([1, 2]);
  const twin = engine.openStream(2);
  twin.writeState(first.readState());
  const expected = [...first.step([3, 4])];
  const others = Array.from({ length: 60 }, () => engine.openStream(64));
  expect([...twin.step([3, 4])]).toEqual(expected);
  for (const stream of others) stream.dispose();
});

test("a stream refuses wrong ids and states, and everything once it is disposed of", async () => {
  const engine = await openStreams(6, [5], randomWeights(6, [5], 6));
  const stream = engine.openStream(2);
  const code = (call: () => unknown) => {
    try {
      return call();
    } catch (error) {
      return isEngineError(error) ? error.code : error;
    }
  };
  expect(code(() => stream.step([1]))).toBe("BAD_BATCH");
  expect(code(() => stream.step([1, 6]))).toBe("BAD_BATCH");
  expect(code(() => stream.step([1, -1]))).toBe("BAD_BATCH");
  expect(code(() => stream.step([1, 0.5]))).toBe("BAD_BATCH");
  expect(code(() => stream.writeState(new Float32Array(3)))).toBe("BAD_WEIGHTS");
  expect(code(() => stream.writeState(new Float32Array(20).fill(Number.NaN)))).toBe("BAD_WEIGHTS");
  expect(code(() => engine.openStream(0))).toBe("BAD_OPTION");
  expect(code(() => engine.openStream(65_537))).toBe("BAD_OPTION");
  stream.dispose();
  stream.dispose();
  expect(code(() => stream.step([1, 2]))).toBe("CLOSED");
  const open = engine.openStream();
  await engine.dispose();
  expect(code(() => open.step([1]))).toBe("CLOSED");
});
