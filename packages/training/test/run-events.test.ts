// What a run tells of itself, in figures worked out by hand: 1,000 characters, each once, of which 900 train; one unit; windows of 6 in
// batches of 64, or 16 rows of stretches of 8.
import { createMemoryStore } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { type TrainingSettings, train } from "../src/index.js";
import { endOf } from "./helpers.js";
import { characters, eventsOf, only, settings, standIn, text } from "./stand-in.js";

const quiet = { temperatures: [] };

/** All events of a run with a stand-in for its backend. */
const runOf = (change: Partial<TrainingSettings>, options: object = {}, its: TrainingSettings = settings.window) =>
  eventsOf(train(standIn({ ...its, ...change }).backend, text, { settings: { ...its, ...change }, ...options }));

test.each([
  // 894 windows fit into 900 characters with one to follow: 13 batches of 64, and one of 62.
  ["window", 14],
  // A row has ⌊899 / 16⌋ = 56 characters: seven stretches of 8.
  ["sequence", 7],
] as const)("a run with the objective %s begins with what it is going to do", async (objective, stepsPerEpoch) => {
  const [first] = await runOf(quiet, {}, settings[objective]);
  expect(first).toEqual({
    type: "run-start",
    backend: "stand-in",
    ...{ characters: 900, heldOutCharacters: 100, vocabulary: 1000 },
    parameters: 1000 * 4 + 4 + 4 + 1000 + 1000,
    ...{ stepsPerEpoch, totalSteps: 3 * stepsPerEpoch, epoch: 0, step: 0 },
  });
  const [limited] = await runOf({ ...quiet, maxSteps: 5 }, {}, settings[objective]);
  expect(limited).toMatchObject({ totalSteps: 5 });
});

test.each(["window", "sequence"] as const)(
  "what is held out is scored when it is longer than a window (%s)",
  async (objective) => {
    const { window } = settings[objective];
    const scoreOf = async (share: number) => {
      const [end] = only(await runOf({ ...quiet, epochs: 1, heldOut: share }, {}, settings[objective]), "epoch-end");
      return end!.heldOutLoss;
    };
    expect(await scoreOf(window / 1000)).toBeUndefined();
    expect(await scoreOf((window + 1) / 1000)).toBeGreaterThan(0);
  },
);

test("updates are timed by the clock, and an epoch by its updates alone", async () => {
  let calls = 0;
  const now = () => 250 * calls++;
  const events = await runOf({ ...quiet, warmupSteps: 4 }, { now });
  const steps = only(events, "step-end");
  expect(steps).toHaveLength(42);
  expect(steps[0]).toEqual({
    type: "step-end",
    ...{ epoch: 1, step: 1, stepInEpoch: 1, loss: 1, meanLoss: 1, gradientNorm: 1, characters: 64 * 6, seconds: 0.25 },
    learningRate: 0.01 / 4,
  });
  expect(steps.slice(0, 5).map(({ learningRate }) => learningRate)).toEqual([1, 2, 3, 4, 4].map((n) => (0.01 * n) / 4));
  expect(steps[14]).toMatchObject({ epoch: 2, step: 15, stepInEpoch: 1 });
  const [first] = only(events, "epoch-end");
  expect(first).toMatchObject({ partial: false, epoch: 1, step: 14, loss: 1, heldOutLoss: 1, gradientNorm: 1 });
  expect(first).toMatchObject({ seconds: 14 * 0.25, charactersPerSecond: (894 * 6) / (14 * 0.25) });
});

test("where nobody says, a checkpoint is saved every ten minutes within an epoch, and the newest three are kept", async () => {
  let minutes = 0;
  const store = createMemoryStore();
  const { backend } = standIn(settings.window);
  const saved: number[] = [];
  const options = { settings: { ...settings.window, ...quiet }, store, now: () => 60_000 * minutes };
  for await (const event of train(backend, text, options)) {
    if (event.type === "step-end") minutes++;
    if (event.type === "checkpoint-saved") saved.push(event.step);
  }
  expect(saved).toEqual([10, 14, 24, 28, 38, 42]);
  const newest = ["epoch-0002", "epoch-0002-step-00000038", "epoch-0003"];
  expect(await store.list()).toEqual(["epoch-0001", ...newest]); // the first epoch is the best: all losses are 1
});

test.each(["window", "sequence"] as const)(
  "at each temperature a sample goes on from the prompt (%s)",
  async (objective) => {
    const samples = only(
      await runOf({ temperatures: [0, 1], sampleLength: 3 }, {}, settings[objective]),
      "sample-written",
    );
    expect(samples.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const { prompt, samples: written } of samples) {
      // The stand-in holds the character after the one that it has read for the likeliest.
      const next = characters.indexOf(prompt) + settings[objective].window;
      expect(prompt).toHaveLength(settings[objective].window);
      expect(written[0]).toEqual({ temperature: 0, text: characters.slice(next, next + 3) });
      expect(written[1]).toMatchObject({ temperature: 1 });
      expect(written[1]!.text).toHaveLength(3);
      expect(written[1]!.text).not.toBe(written[0]!.text);
    }
  },
);

test("at an epoch's last update what is due is saved with the epoch alone", async () => {
  let minutes = 0;
  const saved: string[] = [];
  const options = {
    ...{ settings: { ...settings.window, ...quiet, epochs: 1 }, store: createMemoryStore() },
    ...{ checkpointMinutes: 7, now: () => 60_000 * minutes },
  };
  for await (const event of train(standIn(settings.window).backend, text, options)) {
    if (event.type === "step-end") minutes++;
    if (event.type === "checkpoint-saved") saved.push(event.name);
  }
  expect(saved).toEqual(["epoch-0000-step-00000007", "epoch-0001"]);
});

test("a run that stops within an epoch saves, and shows where it stands", async () => {
  const events = await runOf({ temperatures: [0], maxSteps: 2 }, { store: createMemoryStore() });
  expect(events.slice(-4)).toMatchObject([
    { type: "checkpoint-saved", name: "epoch-0000-step-00000002", epoch: 0, step: 2 },
    { type: "sample-written", epoch: 1, samples: [{ temperature: 0 }] },
    { type: "epoch-end", partial: true, epoch: 1, step: 2, loss: 1, heldOutLoss: 1 },
    { type: "run-end", reason: "max-steps", history: [{ epoch: 1, step: 2 }] },
  ]);
});

test("three epochs above the lowest held-out loss are told, once", async () => {
  const heldOut = [3, 2, 2.5, 2.6, 2.7, 2.8];
  const losses = { score: (call: number) => heldOut[Math.floor(call / 2)]! }; // 94 windows, 64 at a time
  const its = { ...settings.window, ...quiet, epochs: 6 };
  const events = await eventsOf(train(standIn(its, losses).backend, text, { settings: its }));
  expect(only(events, "held-out-rising")).toEqual([
    {
      ...{ type: "held-out-rising", epoch: 5, loss: expect.closeTo(2.7, 9) },
      lowest: { epoch: 2, loss: expect.closeTo(2, 9) },
    },
  ]);
});

test("a run that went back has no checkpoint from after that place", async () => {
  const store = createMemoryStore();
  const { backend } = standIn(settings.window, { train: (call) => (call === 20 ? Number.NaN : 1) });
  const names: string[][] = [];
  let minutes = 0;
  const options = {
    settings: { ...settings.window, ...quiet },
    store,
    checkpointMinutes: 3,
    keep: 9,
    now: () => 60_000 * minutes,
  };
  for await (const event of train(backend, text, options)) {
    if (event.type === "step-end") minutes++;
    if (event.type !== "loss-diverged") continue;
    names.push(await store.list());
    expect(event).toMatchObject({ step: 21, backToStep: 17, learningRate: 0.005 });
  }
  expect(names).toEqual([
    [
      "epoch-0000-step-00000003",
      "epoch-0000-step-00000006",
      "epoch-0000-step-00000009",
      "epoch-0000-step-00000012",
      "epoch-0001",
      "epoch-0001-step-00000017", // that of update 20 came after the last loss that was as before
    ],
  ]);
});

test("an abort lets the update in progress end, saves, and is thrown", async () => {
  const controller = new AbortController();
  const { backend, read } = standIn(settings.window);
  const types: string[] = [];
  const run = (async () => {
    const options = { settings: settings.window, signal: controller.signal, store: createMemoryStore() };
    for await (const event of train(backend, text, options)) {
      types.push(event.type === "checkpoint-saved" ? event.name : event.type);
      if (event.type === "step-end") controller.abort(new Error("enough"));
    }
  })();
  await expect(run).rejects.toThrow("enough");
  expect(types).toEqual(["run-start", "step-end", "epoch-0000-step-00000001"]);
  expect(read.train).toHaveLength(1);
});

test("what goes wrong in a backend is thrown as it is, and nothing is saved", async () => {
  const { backend } = standIn(settings.window);
  const store = createMemoryStore();
  const broken = { ...backend, trainBatch: () => Promise.reject(new Error("out of order")) };
  const run = eventsOf(train(broken, text, { settings: settings.window, store }));
  await expect(run).rejects.toThrow("out of order");
  expect(await store.list()).toEqual([]);
});

test("a backend made with a smaller batch or another seed than the run has is refused, one with more rows is not", async () => {
  const { backend } = standIn(settings.window);
  const withOptions = (change: object) =>
    eventsOf(
      train({ ...backend, options: { ...backend.options, ...change } }, text, {
        settings: { ...settings.window, ...quiet },
      }),
    );
  for (const [name, given, expected] of [
    ["seed", 9, 1],
    ["rows", 63, 64],
    ["clipNorm", 2, 0],
  ] as const) {
    await expect(withOptions({ [name]: given })).rejects.toMatchObject({
      code: "BACKEND_MISMATCH",
      message: `the backend was made with the ${name} ${given}, this run has ${expected}: make the backend of the run's settings`,
      details: { name, given, expected },
    });
  }
  expect(endOf(await withOptions({ rows: 65 })).reason).toBe("finished");
});
