// When a run goes back, in figures: V = 8, so that a uniform guess costs ln 8 = 2.079 nats, and batches of 16 predictions, whose means
// scatter by up to 8 / √16 = 2 nats.
import type { NamedTensor } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import type { Backend, Batch } from "./backend.js";
import { freshWatch, hasDiverged, lowerRate } from "./divergence.js";
import { presets } from "./presets.js";
import type { LossWatch } from "./progress.js";
import type { Run } from "./run.js";

const batch: Batch = { inputs: new Uint8Array(16), targets: new Uint8Array(16), rows: 2, length: 8 };
const guess = Math.log(8);
const weightsOf = (value: number): NamedTensor[] => [{ name: "w", shape: [1], values: Float32Array.of(value) }];

interface Standing {
  watch?: Partial<LossWatch>;
  step?: number;
  stepInEpoch?: number;
  /** The loss of a batch with the weights as they are, 1, and with those of the last good checkpoint, 2. */
  scores?: readonly [now: number, before: number];
}

/** A run of four epochs of 100 updates, and what its backend's weights are. */
function standing({ watch = {}, step = 150, stepInEpoch = 50, scores = [0, 0] }: Standing = {}) {
  let weights = weightsOf(1);
  const scored: number[] = [];
  const backend = {
    readWeights: async () => weights,
    writeWeights: (given: NamedTensor[]) => {
      weights = given;
    },
    scoreBatch: async () => {
      const which = weights[0]!.values[0]!;
      scored.push(which);
      return { loss: scores[which - 1]!, correct: 0, predictions: 16 };
    },
  } as unknown as Backend;
  const newest = { weights: weightsOf(3) };
  const run = {
    backend,
    vocabulary: { size: 8 },
    source: { stepsPerEpoch: 100 },
    totalSteps: 400,
    state: { progress: { step, stepInEpoch, watch: { ...freshWatch(8), ...watch } } },
    newest,
    lastGood: { weights: weightsOf(2) },
  } as unknown as Run;
  return { run, newest, scored, watch: run.state.progress.watch, weights: () => weights[0]!.values[0]! };
}

const update = (loss: number, gradientNorm = 1) => ({ loss, gradientNorm });

test("a run begins at the level of a uniform guess", () => {
  expect(freshWatch(8)).toEqual({ level: guess, strayed: 0 });
});

test.each([
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1],
  [1, Number.NaN],
  [1, Number.POSITIVE_INFINITY],
])("a loss of %d with a gradient of %d has diverged at once", async (loss, gradientNorm) => {
  expect(await hasDiverged(standing().run, batch, update(loss, gradientNorm))).toBe(true);
});

test("the level follows a lower loss by a twentieth of the way, and a higher one not at all", async () => {
  const { run, watch } = standing({ watch: { level: 2, strayed: 5 } });
  expect(await hasDiverged(run, batch, update(1))).toBe(false);
  expect(watch).toEqual({ level: 1.95, strayed: 0 });
  expect(await hasDiverged(run, batch, update(3))).toBe(false);
  expect(watch).toEqual({ level: 1.95, strayed: 0 });
});

test("a loss strays when it is a nat and five standard errors above the level; as long as it does not, the newest checkpoint is good", async () => {
  const near = standing({ watch: { level: 1 } });
  expect(await hasDiverged(near.run, batch, update(4))).toBe(false);
  expect(near.watch.strayed).toBe(0);
  expect(near.run.lastGood).toBe(near.newest);
  const far = standing({ watch: { level: 1 } });
  expect(await hasDiverged(far.run, batch, update(4.001))).toBe(false);
  expect(far.watch).toEqual({ level: 1, strayed: 1 });
  expect(far.run.lastGood).not.toBe(far.newest);
  expect(far.scored).toEqual([]);
});

test.each([
  ["the twentieth in a row", { watch: { level: 1, strayed: 19 } }, { watch: { level: 1, strayed: 18 } }],
  ["an epoch's last update", { stepInEpoch: 99 }, { stepInEpoch: 98 }],
  ["the run's last update", { step: 399 }, { step: 398 }],
])("a loss that strays has the weights looked at in %s", async (_, looked, before) => {
  const level = { level: 1, strayed: 0 };
  const early = standing({ watch: level, ...before });
  expect(await hasDiverged(early.run, batch, update(6))).toBe(false);
  expect(early.scored).toEqual([]);
  const due = standing({ watch: level, ...looked, scores: [6, 5.5] });
  expect(await hasDiverged(due.run, batch, update(6))).toBe(false);
  expect(due.scored).toEqual([1, 2]);
  // Here the text is what has changed: the level is the new one, and the weights are as they were.
  expect(due.watch).toEqual({ level: 6, strayed: 0 });
  expect(due.weights()).toBe(1);
});

test("the weights have gone bad when they predict the same batch half a nat worse than the last good ones", async () => {
  const bad = standing({ watch: { level: 1, strayed: 19 }, scores: [6, 5.49] });
  expect(await hasDiverged(bad.run, batch, update(6))).toBe(true);
  // The update's own loss, from the carried state, may be the lower one.
  const carried = standing({ watch: { level: 1, strayed: 19 }, scores: [6, 4.7] });
  expect(await hasDiverged(carried.run, batch, update(5.1))).toBe(false);
  const unknown = standing({ watch: { level: 1, strayed: 19 }, scores: [Number.NaN, 5.9] });
  expect(await hasDiverged(unknown.run, batch, update(6))).toBe(true);
});

describe("a loss that no text explains", () => {
  test("sends the run back at once when it is 30 nats above a guess", async () => {
    const below = standing();
    expect(await hasDiverged(below.run, batch, update(guess + 29.99))).toBe(false);
    const above = standing();
    expect(await hasDiverged(above.run, batch, update(guess + 30.01))).toBe(true);
    expect(above.watch.absurdAt).toBe(150);
    expect(above.scored).toEqual([]);
  });

  test.each([
    ["within 20 updates of the place where it did so before", 131, false],
    ["20 updates after that place", 130, true],
    ["before that place", 151, true],
  ])("%s, it does so: %s", async (_, absurdAt, isBack) => {
    const { run } = standing({ watch: { absurdAt } });
    expect(await hasDiverged(run, batch, update(guess + 40))).toBe(isBack);
  });
});

test("each going back halves the rate, the third is the last", () => {
  const progress = { ...standing().run.state.progress, rateFactor: 0.25, rollbacks: 2 };
  expect(lowerRate(progress, presets.quick, 50)).toEqual({ rateFactor: 0.125, rollbacks: 3 });
  expect(() => lowerRate({ ...progress, rollbacks: 3 }, { ...presets.quick, learningRate: 0.5 }, 50)).toThrow(
    expect.objectContaining({
      code: "DIVERGED",
      details: { loss: 50, step: 151, rollbacks: 3 },
      message:
        "the loss became 50 at step 151, after the run had gone back 3 times and cut the learning rate to 0.125: start again with " +
        "a lower learning rate or a smaller clip norm; the last checkpoint is from before the loss diverged",
    }),
  );
});
