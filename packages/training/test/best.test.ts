import { createMemoryStore, loadNewest } from "@charlstm/model/checkpoint";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import type { EpochMetrics, TrainingEvent, TrainingSettings, TrainOptions } from "../src/index.js";
import { heldOutLossOf, loadBest, lowestOf, presets } from "../src/index.js";
import { endOf, runAll, tinyBackend } from "./helpers.js";

// Words in a random order: they can be learnt by heart, not foreseen.
const words = ["cat", "dog", "mat", "log", "sun", "hat", "pig", "rat"];
let state = 3;
const text = Array.from({ length: 300 }, () => {
  state = (state * 16_807) % 2_147_483_647;
  return words[state % words.length]!;
}).join(" ");
const vocabulary = createVocabulary(text);
const source = { ids: encode(text, vocabulary), vocabulary };

const settings: TrainingSettings = {
  ...presets.quick,
  patience: 0,
  ...{ units: [48], window: 16, batch: 4, epochs: 14, warmupSteps: 5, decay: "constant", learningRate: 0.02 },
  ...{ temperatures: [], heldOut: 0.2 },
};

async function runOf(change: Partial<TrainingSettings> = {}, options: Partial<TrainOptions> = {}) {
  const backend = await tinyBackend({ ...settings, ...change }, source, "engine");
  try {
    return await runAll(backend, { settings: { ...settings, ...change }, ...options }, source);
  } finally {
    await backend.dispose();
  }
}

const lowest = (history: readonly EpochMetrics[]) =>
  history.reduce((best, metrics) => (metrics.heldOutLoss! < best.heldOutLoss! ? metrics : best));
const told = (events: readonly TrainingEvent[]) => events.filter((event) => event.type === "held-out-rising");

test("a run ends with the model of its best epoch, and with the last one to go on from", async () => {
  const store = createMemoryStore();
  const { best, checkpoint, history } = endOf(await runOf({}, { store, keep: 1 }));
  const epoch = lowest(history);
  expect(epoch.epoch).toBeLessThan(settings.epochs);
  expect(best.progress).toMatchObject({ epoch: epoch.epoch, step: epoch.step });
  expect(heldOutLossOf(best)).toBe(epoch.heldOutLoss);
  expect(checkpoint.progress).toMatchObject({ epoch: settings.epochs });
  expect((await loadBest(store)).weights).toEqual(best.weights);
  expect((await loadNewest(store)).checkpoint.weights).toEqual(checkpoint.weights);
});

test("a resumed run goes on from the last epoch and still ends with the best one", async () => {
  const whole = endOf(await runOf());
  const store = createMemoryStore();
  await runOf({ epochs: settings.epochs - 1 }, { store, keep: 1 });
  const { checkpoint: resume } = await loadNewest(store);
  expect(resume.progress).toMatchObject({ epoch: settings.epochs - 1 });
  const rest = endOf(await runOf({}, { store, keep: 1, resume }));
  expect(rest.checkpoint.weights).toEqual(whole.checkpoint.weights);
  expect(rest.best.weights).toEqual(whole.best.weights);
});

test("when nothing is held out the last model is the one to use", async () => {
  const { best, checkpoint } = endOf(await runOf({ heldOut: 0, epochs: 3 }));
  expect(best).toBe(checkpoint);
});

test("when the best checkpoint is gone, the newest stands in", async () => {
  const store = createMemoryStore();
  const { best } = endOf(await runOf({}, { store }));
  await store.remove(`epoch-${String((best.progress as { epoch: number }).epoch).padStart(4, "0")}`);
  expect((await loadBest(store)).progress).toMatchObject({ epoch: settings.epochs });
});

test("an epoch that maxSteps cuts short can be the best, and what goes on does not count it", async () => {
  const { stepsPerEpoch } = (await runOf({ epochs: 1 })).find((event) => event.type === "run-start")!;
  const { best, checkpoint, history } = endOf(await runOf({ maxSteps: 2 * stepsPerEpoch - 1, learningRate: 0.002 }));
  expect(history).toHaveLength(2);
  expect(lowest(history).epoch).toBe(2);
  expect(heldOutLossOf(best)).toBe(history[1]!.heldOutLoss);
  expect(checkpoint.history).toHaveLength(1);
  expect(best.weights).toEqual(checkpoint.weights);
});

test("a held-out loss that rises for three epochs is told once", async () => {
  const events = await runOf({ units: [96], epochs: 30 });
  const { history } = endOf(events);
  const [first, ...others] = told(events);
  expect(others).toEqual([]);
  const before = history.slice(0, first!.epoch);
  expect(first).toMatchObject({ loss: before.at(-1)!.heldOutLoss, lowest: lowestOf(before) });
  const above = before.slice(-3).map(({ heldOutLoss }) => heldOutLoss! - lowest(before).heldOutLoss!);
  expect(Math.min(...above)).toBeGreaterThan(0.01);
});

test("a held-out loss that falls is not told", async () => {
  expect(told(await runOf({ learningRate: 0.001, epochs: 5 }))).toEqual([]);
});

test("patience is a setting: that many epochs after the best one the run ends, and 0 lets it go on", async () => {
  const stopped = endOf(await runOf({ patience: 2 }));
  expect(stopped).toMatchObject({ reason: "early-stop" });
  expect(stopped.history).toHaveLength(lowest(stopped.history).epoch + 2);
  expect(endOf(await runOf({ patience: 0 }))).toMatchObject({ reason: "finished" });
});

test("a clip norm of 0 clips nothing", async () => {
  const losses = (events: readonly TrainingEvent[]) =>
    events.flatMap((event) => (event.type === "step-end" ? [event.loss] : []));
  const unclipped = losses(await runOf({ clipNorm: 0, epochs: 2 }));
  expect(unclipped).toEqual(losses(await runOf({ clipNorm: undefined, epochs: 2 })));
  expect(unclipped).not.toEqual(losses(await runOf({ clipNorm: 0.1, epochs: 2 })));
});
