import { createMemoryStore, loadNewest } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import type { Backend, TrainingEvent } from "../src/index.js";
import { train } from "../src/index.js";
import type { TrainingProgress } from "../src/progress.js";
import { backendNames, endOf, runAll, tinyBackend, tinySettings, tinyText, withoutTime } from "./helpers.js";

const kinds = backendNames.flatMap((name) =>
  (["window", "sequence"] as const).map((objective) => ({ name, objective })),
);

test("an abort that comes from outside the loop, as Ctrl-C does, ends a run that never waits", async () => {
  const settings = { ...tinySettings.sequence, epochs: 1_000_000, temperatures: [] };
  const backend = await tinyBackend(settings, tinyText(), "engine");
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 0);
  await expect(runAll(backend, { settings, signal: controller.signal })).rejects.toThrow("enough");
  await backend.dispose();
});

describe.each(kinds)("a run with the $objective objective on $name", ({ name, objective }) => {
  const settings = { ...tinySettings[objective], dropout: 0.1, heldOut: 0.1 };
  const openBackend = () => tinyBackend(settings, tinyText(), name);

  test("tells its start, steps, samples, epochs, checkpoints and end in order", async () => {
    const backend = await openBackend();
    const events = await runAll(backend, { settings, store: createMemoryStore() });
    await backend.dispose();
    const steps = events.filter(({ type }) => type === "step-end").length / settings.epochs;
    const epoch = [...new Array<string>(steps).fill("step-end"), "sample-written", "epoch-end", "checkpoint-saved"];
    expect(events.map(({ type }) => type)).toEqual(["run-start", ...epoch, ...epoch, ...epoch, "run-end"]);
  });

  test("lowers the loss", async () => {
    const backend = await openBackend();
    const { history } = endOf(await runAll(backend, { settings }));
    await backend.dispose();
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    expect(history.at(-1)!.heldOutLoss).toBeLessThan(history[0]!.heldOutLoss!);
  });

  test("interrupted within an epoch and resumed equals uninterrupted, exactly", async () => {
    const whole = await openBackend();
    const expected = await runAll(whole, { settings });

    const store = createMemoryStore();
    const controller = new AbortController();
    const first = await openBackend();
    const before: TrainingEvent[] = [];
    const interrupted = (async () => {
      for await (const event of train(first, tinyText(), { settings, store, signal: controller.signal })) {
        before.push(event);
        if (event.type === "step-end" && event.epoch === 2 && event.stepInEpoch === 2)
          controller.abort(new Error("enough"));
      }
    })();
    await expect(interrupted).rejects.toThrow("enough");
    expect(before.at(-1)).toMatchObject({ type: "checkpoint-saved", epoch: 1 });

    const second = await openBackend();
    const { checkpoint } = await loadNewest(store);
    const after = await runAll(second, { settings, store, resume: checkpoint });
    const steps = (events: readonly TrainingEvent[]) =>
      withoutTime(events.filter(({ type }) => /step-end|sample|epoch/.test(type)));
    expect([...steps(before), ...steps(after)]).toEqual(steps(expected));
    expect(endOf(after).checkpoint.weights).toEqual(endOf(expected).checkpoint.weights);
    const bestOf = (events: readonly TrainingEvent[]) =>
      (endOf(events).checkpoint.progress as TrainingProgress | undefined)?.best;
    expect(bestOf(after)).toEqual(bestOf(expected));
    expect(bestOf(after)).toMatchObject({ epoch: expect.any(Number), loss: expect.any(Number) });
    await Promise.all([whole, first, second].map((backend) => backend.dispose()));
  });

  test("stopped by maxSteps within an epoch and resumed without more to do, tells that epoch's figures again", async () => {
    const limited = { ...settings, maxSteps: 2 };
    const store = createMemoryStore();
    const first = await openBackend();
    const expected = await runAll(first, { settings: limited, store });
    const second = await openBackend();
    const { checkpoint } = await loadNewest(store);
    const events = await runAll(second, { settings: limited, store, resume: checkpoint });
    const end = (all: readonly TrainingEvent[]) => withoutTime(all.filter(({ type }) => /sample|epoch-end/.test(type)));
    expect(end(expected)).toHaveLength(2);
    expect(end(events)).toEqual(end(expected));
    await Promise.all([first, second].map((backend) => backend.dispose()));
  });

  test("the same seed gives the same run, another seed another", async () => {
    const runOf = async (seed: number) => {
      const backend = await tinyBackend({ ...settings, seed }, tinyText(), name);
      const events = await runAll(backend, { settings: { ...settings, seed } });
      await backend.dispose();
      return withoutTime(events);
    };
    const first = await runOf(1);
    expect(await runOf(1)).toEqual(first);
    expect(await runOf(2)).not.toEqual(first);
  });
});

const settings = tinySettings.sequence;

test("a run stopped by maxSteps shows where it stands, and goes on from there as if it had not stopped", async () => {
  const text = tinyText();
  const long = { ...settings, decay: "constant" as const };
  const [stopped, resumed, whole] = await Promise.all([tinyBackend(long), tinyBackend(long), tinyBackend(long)]);
  const store = createMemoryStore();
  const short = await runAll(stopped, { settings: { ...long, maxSteps: 5 }, store });
  expect(short.map(({ type }) => type).slice(-4)).toEqual([
    "checkpoint-saved",
    "sample-written",
    "epoch-end",
    "run-end",
  ]);
  expect(endOf(short)).toMatchObject({ reason: "max-steps", history: [{ epoch: 1, step: 5 }] });
  const { checkpoint } = await loadNewest(store);
  const rest = await runAll(resumed, { settings: long, resume: checkpoint }, text);
  const all = await runAll(whole, { settings: long }, text);
  expect(withoutTime(endOf(rest).history as never)).toEqual(withoutTime(endOf(all).history as never));
  await Promise.all([stopped, resumed, whole].map((backend) => backend.dispose()));
});

test("within an epoch a checkpoint is saved as often as the minutes say", async () => {
  const backend = await tinyBackend(settings);
  let minutes = 0;
  let calls = 0;
  const now = () => 60_000 * minutes + calls++ / 1000;
  const saved: number[] = [];
  const options = { settings: { ...settings, epochs: 1 }, store: createMemoryStore(), checkpointMinutes: 3, now };
  for await (const event of train(backend, tinyText(), options)) {
    if (event.type === "step-end") minutes++;
    if (event.type === "checkpoint-saved") saved.push(event.step);
  }
  await backend.dispose();
  const end = saved.at(-1)!; // of the epoch
  expect(end).toBeGreaterThan(6);
  expect(saved).toEqual([...Array.from({ length: Math.ceil(end / 3) - 1 }, (_, index) => 3 * (index + 1)), end]);
});

test("a clock too coarse to see an epoch pass keeps nothing from being saved", async () => {
  const backend = await tinyBackend(settings);
  const store = createMemoryStore();
  const { history } = endOf(await runAll(backend, { settings: { ...settings, epochs: 1 }, store, now: () => 5 }));
  await backend.dispose();
  expect(history).toMatchObject([{ seconds: 0, charactersPerSecond: 0 }]);
  expect(await store.list()).toEqual(["epoch-0001"]);
});

test("only the newest checkpoints and the best are kept", async () => {
  const backend = await tinyBackend(settings);
  const store = createMemoryStore();
  const long = { ...settings, epochs: 6 };
  const { history } = endOf(await runAll(backend, { settings: long, store, keep: 2 }));
  await backend.dispose();
  const best = history.reduce((lowest, metrics) =>
    (metrics.heldOutLoss ?? 0) < (lowest.heldOutLoss ?? 0) ? metrics : lowest,
  );
  const expected = new Set([best.epoch, 5, 6].map((epoch) => `epoch-000${epoch}`));
  expect([...(await store.list())].sort()).toEqual([...expected].sort());
});

/** A backend whose losses are replaced at the given calls of `trainBatch`, counted from 1. */
function withLosses(backend: Backend, losses: Readonly<Record<number, number>>): Backend {
  let calls = 0;
  const trainBatch: Backend["trainBatch"] = async (batch, rate) => {
    const result = await backend.trainBatch(batch, rate);
    calls++;
    return { ...result, loss: losses[calls] ?? result.loss };
  };
  return { ...backend, trainBatch };
}

test.each([Number.NaN, Number.POSITIVE_INFINITY, 50])(
  "a loss of %d sends the run back to its last checkpoint with half the rate",
  async (loss) => {
    const backend = await tinyBackend(settings);
    const events = await runAll(withLosses(backend, { 20: loss }), { settings, store: createMemoryStore() });
    await backend.dispose();
    const [diverged] = events.filter((event) => event.type === "loss-diverged");
    expect(diverged).toMatchObject({ step: 20, loss });
    expect(diverged!.backToStep).toBeLessThan(20);
    const next = events[events.indexOf(diverged!) + 1];
    expect(next).toMatchObject({
      type: "step-end",
      step: diverged!.backToStep + 1,
      learningRate: diverged!.learningRate,
    });
    expect(endOf(events).reason).toBe("finished");
  },
);

test("a loss that keeps diverging ends the run with an error", async () => {
  const backend = await tinyBackend(settings);
  const always = withLosses(
    backend,
    Object.fromEntries(Array.from({ length: 50 }, (_, call) => [call + 3, Number.NaN])),
  );
  await expect(runAll(always, { settings })).rejects.toMatchObject({ code: "DIVERGED", details: { rollbacks: 3 } });
  await backend.dispose();
});

test("patience ends a run that finds no lower loss", async () => {
  const backend = await tinyBackend(settings);
  const still = { ...settings, epochs: 50, learningRate: 1e-12 };
  const end = endOf(await runAll(backend, { settings: { ...still, patience: 2 } }));
  await backend.dispose();
  expect(end.reason).toBe("early-stop");
  expect(end.history.length).toBeLessThan(50);
});

test.each([
  ["another seed", { seed: 9 }, "seed"],
  ["another window", { window: 9 }, "window"],
])("a checkpoint is refused for %s, which is named", async (_, change, name) => {
  const backend = await tinyBackend(settings);
  const { checkpoint } = endOf(await runAll(backend, { settings }));
  await backend.dispose();
  const other = await tinyBackend({ ...settings, ...change });
  await expect(runAll(other, { settings: { ...settings, ...change }, resume: checkpoint })).rejects.toMatchObject({
    code: "RESUME_MISMATCH",
    details: { name },
  });
  await other.dispose();
});

test.each([
  ["units", { units: [9] }],
  ["dropout", { dropout: 0.25 }],
  ["optimizer", { optimizer: { name: "sgd" } }],
  ["clipNorm", { clipNorm: 3 }],
  ["seed", { seed: 9 }],
  ["rows", { batch: settings.batch - 1 }],
] as const)("a backend made with other %s than the settings say is refused", async (name, change) => {
  const backend = await tinyBackend({ ...settings, ...change });
  await expect(runAll(backend, { settings })).rejects.toMatchObject({ code: "BACKEND_MISMATCH", details: { name } });
  await backend.dispose();
});

test("a setting that there is none of is refused", async () => {
  const backend = await tinyBackend(settings);
  await expect(runAll(backend, { settings: { ...settings, unit: 3 } as never })).rejects.toMatchObject({
    code: "BAD_OPTION",
    message: expect.stringContaining('train has no option "unit": use one of epochs, maxSteps, units, '),
  });
  await backend.dispose();
});

test("a text that is too short for one window is refused", async () => {
  const backend = await tinyBackend(settings);
  const { ids, vocabulary } = tinyText();
  await expect(runAll(backend, { settings }, { ids: ids.subarray(0, 8), vocabulary })).rejects.toMatchObject({
    code: "TEXT_TOO_SHORT",
  });
  await backend.dispose();
});
