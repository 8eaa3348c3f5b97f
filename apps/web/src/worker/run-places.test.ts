import type { Checkpoint } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { type Left, placesOf, takeCheckpoint, takeEnd } from "./run-places.js";

/** A checkpoint of a run with four steps an epoch and these held-out losses. */
function after(losses: readonly number[], stepInEpoch = 0): Checkpoint {
  const epoch = losses.length;
  const history = losses.map((heldOutLoss, index) => ({ epoch: index + 1, step: 4 * (index + 1), heldOutLoss }));
  const best = { epoch: losses.indexOf(Math.min(...losses)) + 1, loss: Math.min(...losses) };
  return { history, progress: { epoch, step: 4 * epoch + stepInEpoch, stepInEpoch, best } } as unknown as Checkpoint;
}

const run = (): Left => ({ best: undefined, saved: undefined });

test("the best of a run is the epoch with the lowest held-out loss, whatever comes after it", () => {
  const own = run();
  for (const checkpoint of [after([], 2), after([3]), after([3, 2]), after([3, 2, 2.5]), after([3, 2, 2.5], 1)])
    takeCheckpoint(own, checkpoint);
  expect(placesOf(own)).toEqual({ best: { epoch: 2, heldOutLoss: 2 }, last: { epoch: 3, step: 13 } });
  takeCheckpoint(own, after([3, 2, 2.5, 1.9]));
  expect(placesOf(own)).toBeUndefined();
});

test("a run without held-out text has one model, its last", () => {
  const own = run();
  const unscored = { history: [{ epoch: 1, step: 4 }], progress: { epoch: 1, step: 4, stepInEpoch: 0 } };
  for (const checkpoint of [unscored, { ...unscored, progress: { epoch: 1, step: 6, stepInEpoch: 2 } }])
    takeCheckpoint(own, checkpoint as unknown as Checkpoint);
  expect(placesOf(own)).toBeUndefined();
});

test("a run whose last model is not its best has left both", () => {
  const own = run();
  const [best, last] = [after([3]), after([3, 3.5])];
  takeEnd(own, { checkpoint: last, best });
  expect(own).toEqual({ best, saved: last });
  expect(placesOf(own)).toEqual({ best: { epoch: 1, heldOutLoss: 3 }, last: { epoch: 2, heldOutLoss: 3.5 } });
});

test("a run that ends within an epoch keeps its last model as the best where that is better", () => {
  const own = run();
  takeCheckpoint(own, after([3]));
  const last = after([3], 2);
  takeCheckpoint(own, last);
  const scored = { ...last, history: [...last.history, { epoch: 2, step: 6, heldOutLoss: 2.8 }] };
  takeEnd(own, { checkpoint: last, best: scored });
  expect(own).toEqual({ best: scored, saved: scored });
  expect(placesOf(own)).toBeUndefined();
});
