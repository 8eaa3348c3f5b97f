import { type Checkpoint, type CheckpointStore, ModelError } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { heldOutLossOf, isBetter, loadBest } from "./best.js";

/** A checkpoint after epochs of four updates with these held-out losses, and some updates of the next. */
function after(losses: readonly (number | undefined)[], stepInEpoch = 0): Checkpoint {
  const history = losses.map((heldOutLoss, index) => ({ epoch: index + 1, step: 4 * (index + 1), heldOutLoss }));
  const lowest = Math.min(...losses.map((loss) => loss ?? Number.POSITIVE_INFINITY));
  const best = losses.length > 0 ? { best: { epoch: losses.indexOf(lowest) + 1, loss: lowest } } : {};
  const progress = { epoch: losses.length, step: 4 * losses.length + stepInEpoch, stepInEpoch, ...best };
  return { history, progress } as unknown as Checkpoint;
}

test("a checkpoint's held-out loss is that of its very weights", () => {
  expect(heldOutLossOf(after([3, 2]))).toBe(2);
  expect(heldOutLossOf(after([3, 2], 1))).toBeUndefined();
  expect(heldOutLossOf(after([3, undefined]))).toBeUndefined();
  expect(heldOutLossOf(after([]))).toBeUndefined();
  expect(heldOutLossOf({ history: [{ step: 4, heldOutLoss: 3 }] } as unknown as Checkpoint)).toBeUndefined();
});

test("better is a lower held-out loss; a known one is better than none, and anything better than nothing", () => {
  const [three, two, unknown] = [after([3]), after([2]), after([2], 1)];
  expect([isBetter(two, three), isBetter(three, two), isBetter(two, two)]).toEqual([true, false, false]);
  expect([isBetter(two, unknown), isBetter(unknown, two), isBetter(unknown, unknown)]).toEqual([true, false, false]);
  expect(isBetter(unknown, undefined)).toBe(true);
});

/** A store that has one checkpoint, and says which names it was asked for. */
function storeOf(name: string, checkpoint: Checkpoint) {
  const asked: string[] = [];
  const load = async (given: string) => {
    asked.push(given);
    if (given === name) return checkpoint;
    throw new ModelError("NOT_FOUND", "none", {});
  };
  return { asked, store: { load, list: async () => [name] } as unknown as CheckpointStore };
}

test("the best checkpoint is that of the epoch with the lowest held-out loss, under that epoch's name", async () => {
  const best = after([2]);
  const { store, asked } = storeOf("epoch-0001", best);
  expect(await loadBest(store, after([2, 3], 1))).toBe(best);
  expect(asked).toEqual(["epoch-0001"]);
});

test("it is the newest where that is the best itself, nothing was held out, no epoch has ended or the best is gone", async () => {
  const { store, asked } = storeOf("epoch-0009", after([2]));
  for (const newest of [after([3, 2]), after([undefined, undefined]), after([], 2), after([])]) {
    expect(await loadBest(store, newest)).toBe(newest);
  }
  expect(asked).toEqual([]);
  const newest = after([2, 3]);
  expect(await loadBest(store, newest)).toBe(newest);
  expect(asked).toEqual(["epoch-0001"]);
});

test("an error of the disk passes through", async () => {
  const load = async () => {
    throw new Error("EIO");
  };
  await expect(loadBest({ load } as unknown as CheckpointStore, after([2, 3]))).rejects.toThrow("EIO");
});
