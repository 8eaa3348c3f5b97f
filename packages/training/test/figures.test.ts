// The figures of a run, worked out by hand from what its backend was given.
import { createMemoryStore, initialWeights, loadNewest } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import { evaluate, train } from "../src/index.js";
import { backendNames, createBackend, endOf } from "./helpers.js";
import { characters, eventsOf, type Losses, only, settings, standIn, text } from "./stand-in.js";

describe.each(["window", "sequence"] as const)("a run with the %s objective", (objective) => {
  test("trains on no character that is held out, and is scored on those alone, all but what leads up to them", async () => {
    const { backend, read } = standIn(settings[objective]);
    await eventsOf(train(backend, text, { settings: { ...settings[objective], temperatures: [] } }));
    const trained = new Set(read.train.flatMap(({ inputs, targets }) => [...inputs, ...targets]));
    const scored = new Set([...read.score.flat(), ...read.stream]);
    expect(Math.max(...trained)).toBe(899);
    expect(Math.min(...scored)).toBeGreaterThanOrEqual(900);
    // The last character is only predicted, never read, by a stream.
    expect(Math.max(...scored)).toBe(objective === "window" ? 999 : 998);
  });

  test("an epoch's loss is the mean over its predictions, however they are spread over batches", async () => {
    const { backend, read } = standIn(settings[objective], { train: (call) => 1 + Math.sin(call) / 2 });
    const events = await eventsOf(train(backend, text, { settings: settings[objective] }));
    const steps = only(events, "step-end");
    for (const { epoch, loss } of only(events, "epoch-end")) {
      let [sum, predictions] = [0, 0];
      for (const [index, step] of steps.entries()) {
        if (step.epoch !== epoch) continue;
        expect(step.loss).toBe(1 + Math.sin(index) / 2);
        sum += step.loss * read.train[index]!.targets.length;
        predictions += read.train[index]!.targets.length;
        expect(step.meanLoss).toBeCloseTo(sum / predictions, 12);
      }
      expect(loss).toBeCloseTo(sum / predictions, 12);
    }
    const sizes = new Set(read.train.map(({ targets }) => targets.length));
    if (objective === "window") expect(sizes.size).toBe(2); // the last batch of an epoch is a smaller one
  });

  test("every epoch's prompt is another stretch of the training text, and a resumed run draws the same ones", async () => {
    const whole = only(
      await eventsOf(train(standIn(settings[objective]).backend, text, { settings: settings[objective] })),
      "sample-written",
    );
    const starts = whole.map(({ prompt }) => characters.indexOf(prompt));
    expect(new Set(starts).size).toBe(3);
    expect(starts.filter((start) => start > 0)).toHaveLength(3);
    for (const start of starts) expect(start + settings[objective].window).toBeLessThanOrEqual(900);

    const store = createMemoryStore();
    await eventsOf(
      train(standIn(settings[objective]).backend, text, { settings: { ...settings[objective], epochs: 1 }, store }),
    );
    const { checkpoint: resume } = await loadNewest(store);
    const rest = await eventsOf(
      train(standIn(settings[objective]).backend, text, { settings: settings[objective], resume }),
    );
    expect(only(rest, "sample-written")).toEqual(whole.slice(1));
  });

  test("each going back cuts the learning rate to half of what it was there, until the run ends", async () => {
    const { backend } = standIn(
      { ...settings[objective], decay: "constant" },
      {
        train: (call) => (call === 20 || call === 45 ? Number.NaN : 1),
      },
    );
    const run = { ...settings[objective], decay: "constant" as const, epochs: 6 };
    const events = await eventsOf(train(backend, text, { settings: run }));
    const rates = [...new Set(only(events, "step-end").map(({ learningRate }) => learningRate))];
    expect(rates).toEqual([1, 0.5, 0.25].map((share) => share * run.learningRate));
    expect(only(events, "loss-diverged").map(({ learningRate }) => learningRate)).toEqual(rates.slice(1));
    expect(endOf(events).reason).toBe("finished");
  });
});

test("windows are scored by their number: a batch that is not full counts for less", async () => {
  const { backend, read } = standIn(settings.window, { score: (call) => call + 1 });
  const { loss, predictions, accuracy } = await evaluate(backend, text.ids.subarray(0, 106), {
    context: "window",
    window: 6,
  });
  expect(read.score.map((targets) => targets.length)).toEqual([64, 36]);
  expect(predictions).toBe(100);
  expect(loss).toBeCloseTo((64 * 1 + 36 * 2) / 100, 12);
  expect(accuracy).toBe(2 / 100); // one is right in each batch
});

test("a stream's score is the cross-entropy of what comes next, in float64", async () => {
  const { backend } = standIn(settings.sequence);
  const { loss, bitsPerCharacter, perplexity, accuracy } = await evaluate(backend, text.ids, {
    context: "stream",
    window: 8,
  });
  const expected = Math.log(Math.E + 999) - 1; // softmax of one logit of 1 and 999 of 0
  expect(loss).toBeCloseTo(expected, 6);
  expect(bitsPerCharacter).toBeCloseTo(expected / Math.LN2, 6);
  expect(perplexity).toBeCloseTo(Math.exp(expected), 2);
  expect(accuracy).toBe(1);
});

test("the best epoch is the one with the lowest held-out loss, not the lowest training loss; patience counts from it", async () => {
  const heldOut = [3, 2, 2.5, 2.6, 2.7, 2.8];
  const perEpoch = 2; // batches of scoring: 94 windows, 64 at a time
  const losses: Losses = { train: (call) => 4 - call / 1000, score: (call) => heldOut[Math.floor(call / perEpoch)]! };
  const run = { ...settings.window, epochs: 6, patience: 3, temperatures: [] };
  const store = createMemoryStore();
  const end = endOf(await eventsOf(train(standIn(run, losses).backend, text, { settings: run, store, keep: 1 })));
  expect(end.history.map(({ heldOutLoss }) => Math.round(heldOutLoss! * 1e9) / 1e9)).toEqual(heldOut.slice(0, 5));
  expect(end.reason).toBe("early-stop");
  expect(end.best.progress).toMatchObject({ epoch: 2 });
  expect(await store.list()).toEqual(["epoch-0002", "epoch-0005"]);
});

test.each(backendNames)("%s: the seed decides the first weights", async (name) => {
  const architecture = { vocabularySize: 5, window: 4, units: [3], dropout: 0 };
  for (const seed of [1, 2]) {
    const backend = await createBackend(name, {
      architecture,
      ...{ objective: "sequence", optimizer: { name: "sgd" }, rows: 2, seed },
    });
    expect(await backend.readWeights()).toEqual(initialWeights(architecture, { seed }));
    await backend.dispose();
  }
});
