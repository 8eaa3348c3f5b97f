import { expect, test } from "vitest";
import { presets } from "./presets.js";
import { addStep, epochMetrics } from "./progress.js";
import { closeEpoch, freshState } from "./state.js";

const update = { loss: 2, gradientNorm: 3, seconds: 0.5, learningRate: 0.1, predictions: 10, characters: 60 };

test("an epoch's figures are means and sums of its updates, each loss weighed by its predictions, the rate the last one", () => {
  const state = freshState(presets.quick, 8);
  addStep(state.progress, update);
  addStep(state.progress, {
    ...update,
    loss: 5,
    gradientNorm: 1,
    seconds: 1.5,
    learningRate: 0.2,
    predictions: 5,
    characters: 30,
  });
  expect(state.progress).toMatchObject({ epoch: 0, step: 2, stepInEpoch: 2 });
  expect(epochMetrics(state.progress)).toEqual({
    ...{ epoch: 1, step: 2, loss: 3, learningRate: 0.2, gradientNorm: 2, seconds: 2, charactersPerSecond: 45 },
  });
  expect(epochMetrics(state.progress, 1.25).heldOutLoss).toBe(1.25);
});

test("the next epoch's figures begin anew, and those of the one that ended join the history", () => {
  const state = freshState(presets.quick, 8);
  addStep(state.progress, update);
  const first = epochMetrics(state.progress, 4);
  const random = { ...state.progress.random };
  closeEpoch(state, first, random);
  expect(state.history).toEqual([first]);
  expect(state.progress).toMatchObject({ epoch: 1, step: 1, stepInEpoch: 0, best: { epoch: 1, loss: 4 } });
  expect(state.progress.random).toBe(random);
  addStep(state.progress, { ...update, loss: 1 });
  const second = epochMetrics(state.progress);
  expect(second).toMatchObject({ epoch: 2, step: 2, loss: 1, gradientNorm: 3, seconds: 0.5, charactersPerSecond: 120 });
  // As good as the best is not better; without held-out text the training loss decides.
  closeEpoch(state, { ...second, loss: 4 }, random);
  expect(state.progress.best).toEqual({ epoch: 1, loss: 4 });
  closeEpoch(state, { ...second, epoch: 3, loss: 3.9 }, random);
  expect(state.progress.best).toEqual({ epoch: 3, loss: 3.9 });
});

test("an epoch that a coarse clock does not see pass has no speed", () => {
  const { progress } = freshState(presets.quick, 8);
  addStep(progress, { ...update, seconds: 0 });
  expect(epochMetrics(progress)).toMatchObject({ seconds: 0, charactersPerSecond: 0 });
});
