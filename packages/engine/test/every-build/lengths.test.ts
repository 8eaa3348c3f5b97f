// Rows of different lengths: what follows a row's end only pads.
import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchLoss, zeroState } from "../reference.js";
import { gradientOf, openEngine, randomBatch, randomWeights, relativeError } from "../support.js";

const TOLERANCE = 1e-4;
const sequence = { objective: "sequence", optimizer: { name: "sgd" } } as const;

const shape = fc.record({
  vocabularySize: fc.integer({ min: 2, max: 23 }),
  units: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 2 }),
  rows: fc.integer({ min: 1, max: 19 }),
  length: fc.integer({ min: 1, max: 7 }),
  threads: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
});

test("loss and gradient are those of the rows one by one, each of its own length", async () => {
  const property = fc.asyncProperty(
    shape,
    fc.infiniteStream(fc.nat()),
    async ({ vocabularySize, units, rows, length, threads, seed }, numbers) => {
      const options = { vocabularySize, units, rows, length, threads, ...sequence };
      const weights = randomWeights(vocabularySize, units, seed);
      const batch = randomBatch(vocabularySize, rows, length, true, seed);
      const lengths = Array.from({ length: rows }, () => numbers.next().value % (length + 1));
      lengths[0] = length;
      const engine = await openEngine(options);
      engine.writeWeights(weights);
      const score = await engine.scoreBatch({ ...batch, lengths });
      const together = await gradientOf(engine, { ...batch, lengths });
      const predictions = lengths.reduce((a, b) => a + b);
      const gradient = weights.map(({ values }) => new Float64Array(values.length));
      let loss = 0;
      let expected = 0;
      for (const [row, count] of lengths.entries()) {
        if (count === 0) continue;
        const of = (ids: ArrayLike<number>) => Uint16Array.from(ids).slice(row * length, row * length + count);
        const alone = { inputs: of(batch.inputs), targets: of(batch.targets), rows: 1, length: count };
        engine.resetState();
        engine.writeWeights(weights);
        const result = await gradientOf(engine, alone);
        loss += result.loss * count;
        expected += batchLoss({ vocabularySize, units, weights }, alone, true, [zeroState(units)]) * count;
        result.gradient.forEach(({ values }, index) => {
          for (const [at, value] of values.entries()) gradient[index]![at]! += (value * count) / predictions;
        });
      }
      expect(score.predictions).toBe(predictions);
      expectClose([together.loss, score.loss], [loss / predictions, loss / predictions], 1e-5);
      expectClose([together.loss], [expected / predictions], 1e-5);
      const all = (parts: readonly ArrayLike<number>[]) => parts.flatMap((part) => Array.from(part));
      expect(relativeError(all(together.gradient.map(({ values }) => values)), all(gradient))).toBeLessThan(TOLERANCE);
      await engine.dispose();
    },
  );
  await fc.assert(property, { numRuns: 15, seed: 1 });
});

test("what pads a row changes no loss and no weight", async () => {
  const options = { vocabularySize: 7, units: [5], rows: 9, length: 6, threads: 2, ...sequence };
  const lengths = [1, 2, 3, 4, 5, 6, 0, 6, 2];
  const outcomes = [];
  for (const seed of [1, 2]) {
    const engine = await openEngine(options);
    engine.writeWeights(randomWeights(7, [5], 1));
    const batch = randomBatch(7, 9, 6, true, 1);
    const other = randomBatch(7, 9, 6, true, seed);
    const mixed = (own: ArrayLike<number>, padding: ArrayLike<number>) =>
      Uint16Array.from(own, (id, at) => (at % 6 < lengths[Math.floor(at / 6)]! ? id : padding[at]!));
    const padded = {
      ...batch,
      inputs: mixed(batch.inputs, other.inputs),
      targets: mixed(batch.targets, other.targets),
      lengths,
    };
    outcomes.push([await engine.scoreBatch(padded), await engine.trainBatch(padded, 0.1), engine.readWeights()]);
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test.each([
  ["nothing that counts", { lengths: [0, 0] }],
  ["a length below 0", { lengths: [-1, 2] }],
  ["more than the batch has", { lengths: [1, 4] }],
  ["a part", { lengths: [1.5, 2] }],
  ["too few", { lengths: [3] }],
])("refuses %s", async (_, { lengths }) => {
  const engine = await openEngine({ vocabularySize: 5, units: [3], rows: 2, length: 3, ...sequence });
  const batch = { ...randomBatch(5, 2, 3, true, 1), lengths };
  await expect(engine.scoreBatch(batch)).rejects.toMatchObject({
    code: "BAD_BATCH",
    message: expect.stringContaining(`lengths are [${lengths.join(", ")}], sequences of 2 rows of 3 characters`),
  });
});
