import { createMemoryStore } from "@charlstm/model/checkpoint";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { describe, expect, test } from "vitest";
import type { Backend, TrainingEvent, TrainingSettings, TrainOptions } from "../src/index.js";
import { presets } from "../src/index.js";
import { endOf, runAll, tinyBackend } from "./helpers.js";

// Small enough for a run of a second, learnt well enough that their networks are sure of what comes next.
const small = { units: [24], epochs: 8, temperatures: [], heldOut: 0 };
const recipes: Readonly<Record<string, TrainingSettings>> = {
  sequence: { ...presets.quick, ...small, patience: 0, window: 16, batch: 8, warmupSteps: 20, learningRate: 0.02 },
  window: { ...presets.notebook, ...small, window: 16, batch: 32, stride: 5 },
};

/** Numbers in [0, 1) that are always the same. */
function numbers(): () => number {
  let state = 7;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function lines(count: number, line: (index: number, random: () => number) => string): string {
  const random = numbers();
  return Array.from({ length: count }, (_, index) => line(index, random)).join("\n");
}

const pick = <T>(random: () => number, values: readonly T[]) => values[Math.floor(random() * values.length)]!;
const digit = (random: () => number) => String(Math.floor(10 * random()));
const names = ["anna", "bert", "carl", "dora", "emil"];

const texts: Readonly<Record<string, string>> = {
  "a CSV file": `id,name,amount,currency,date\n${lines(200, (index, random) => `${index},${pick(random, names)},${digit(random)}.00,EUR,2024-01-1${digit(random)}`)}`,
  "a log": lines(
    150,
    (index, random) => `2024-01-01T00:${10 + (index % 50)}:00Z INFO request ${digit(random)} took ${digit(random)} ms`,
  ),
  "one line again and again": lines(200, () => "the same line comes again and again."),
  "one character again and again": "a".repeat(5000),
  "two characters in turns": "ab".repeat(2500),
  "one character, then another": "a".repeat(3000) + "b".repeat(3000),
  "a rare character": lines(60, (index) => "a".repeat(100) + (index % 9 === 0 ? "b" : "")),
  "a table": lines(150, (index) => `| ${index % 10} | ${(7 * index) % 10} | ${(3 * index) % 10} |    |`),
  DNA: lines(90, (_, random) => Array.from({ length: 60 }, () => pick(random, ["A", "C", "G", "T"])).join("")),
  code: lines(150, (index) => `  if (value_${index % 7} > ${index % 3}) {\n    return value_${index % 7};\n  }`),
  "a list of names": lines(
    600,
    (_, random) => pick(random, ["an", "be", "ca"]) + pick(random, ["na", "rt", "rl", "do"]),
  ),
  "counted numbers": lines(1200, (index) => String(index)),
  "a table, then words": `${lines(120, (index) => `${index % 10},0,0,0,EUR`)}\n${lines(300, (_, random) => pick(random, names))}`,
  "blank lines": "\n".repeat(40).concat(" ".repeat(20)).repeat(90),
};

const cases = Object.entries(texts).flatMap(([kind, text]) =>
  Object.keys(recipes).map((objective) => ({ kind, objective, text })),
);

/** Runs on the engine; what divergence is does not depend on the backend. */
async function runOn(
  text: string,
  settings: TrainingSettings,
  {
    change = (backend) => backend,
    ...options
  }: Partial<TrainOptions> & { change?: (backend: Backend) => Backend } = {},
): Promise<TrainingEvent[]> {
  const vocabulary = createVocabulary(text);
  const source = { ids: encode(text, vocabulary), vocabulary };
  const backend = await tinyBackend(settings, source, "engine");
  try {
    return await runAll(change(backend), { settings, ...options }, source);
  } finally {
    await backend.dispose();
  }
}

const divergences = (events: readonly TrainingEvent[]) => events.filter(({ type }) => type === "loss-diverged");

test.each(cases)("$kind trains to its end with the $objective objective", async ({ text, objective }) => {
  const settings = recipes[objective]!;
  const events = await runOn(text, settings);
  expect(divergences(events)).toEqual([]);
  const { reason, history } = endOf(events);
  expect(reason).toBe("finished");
  expect(history.at(-1)!.loss).toBeLessThanOrEqual(history[0]!.loss);
});

test("one row that goes from one kind of text to another and back trains to its end", async () => {
  const text = (texts["a CSV file"]! + texts["a list of names"]!).repeat(2);
  const events = await runOn(text, { ...recipes.sequence!, batch: 1, epochs: 2 });
  expect(divergences(events)).toEqual([]);
});

describe("what runs away is caught", () => {
  const text = texts["a list of names"]!;

  const rates = ["window", "sequence"].flatMap((objective) =>
    [0.1, 1, 10, 100, 1000].map((learningRate) => ({ objective, learningRate })),
  );

  test.each(rates)(
    "a rate of $learningRate with the $objective objective never ends worse than a guess",
    async (rate) => {
      const run = runOn(text, { ...recipes[rate.objective]!, learningRate: rate.learningRate, warmupSteps: 0 });
      const outcome = await run.then(
        (events) =>
          endOf(events).history.at(-1)!.loss < Math.log(createVocabulary(text).size) &&
          (rate.learningRate < 10 || divergences(events).length > 0),
        (error: { code: string; message: string }) =>
          error.code === "DIVERGED" &&
          error.message.includes("start again with a lower learning rate or a smaller clip norm"),
      );
      expect(outcome).toBe(true);
      if (rate.learningRate >= 100) await expect(run).rejects.toThrow();
    },
  );

  test.each([10, 1000])("a rate of %d when an epoch is a single update", async (learningRate) => {
    const short = { ...recipes.window!, batch: 10_000, epochs: 60, learningRate };
    const store = createMemoryStore();
    await expect(runOn(text, short, { store })).rejects.toMatchObject({ code: "DIVERGED" });
    expect(await store.list()).toEqual([]); // all were of spoilt weights
  });

  /** A backend that does something else before its update `call`, counted from 1. */
  const meddled = (call: number, meddle: (backend: Backend) => Promise<void> | void) => (backend: Backend) => {
    let calls = 0;
    const trainBatch: Backend["trainBatch"] = async (batch, rate) => {
      if (++calls === call) await meddle(backend);
      return backend.trainBatch(batch, rate);
    };
    return { ...backend, trainBatch };
  };

  test.each(Object.keys(recipes))("weights that are spoilt, and the %s run goes on as before", async (objective) => {
    const settings = recipes[objective]!;
    const spoil = meddled(100, async (backend) => {
      const weights = await backend.readWeights();
      backend.writeWeights(
        weights.map((tensor) => ({
          ...tensor,
          values: tensor.values.map((value, index) => 30 * Math.sin(index) + value),
        })),
      );
    });
    const events = await runOn(text, settings, { change: spoil });
    expect(divergences(events)).toHaveLength(1);
    expect(endOf(events).history.at(-1)!.loss).toBeLessThan(endOf(events).history[0]!.loss);
  });

  test("one update with a rate a thousand times too high", async () => {
    const { ids, vocabulary } = { vocabulary: createVocabulary(text), ids: encode(text, createVocabulary(text)) };
    const rows = 8;
    const batch = { inputs: ids.subarray(0, 16 * rows), targets: ids.subarray(16 * rows, 32 * rows), rows, length: 16 };
    expect(Math.max(...batch.targets)).toBeLessThan(vocabulary.size);
    const change = meddled(100, async (backend) => void (await backend.trainBatch(batch, 20)));
    const events = await runOn(text, recipes.sequence!, { change });
    expect(divergences(events)).toHaveLength(1);
    expect(endOf(events).reason).toBe("finished");
  });
});

test("one batch that nothing could predict, and that spoils nothing, does not send the run back", async () => {
  const text = texts["a CSV file"]!;
  let calls = 0;
  const change = (backend: Backend): Backend => ({
    ...backend,
    trainBatch: (batch, rate) =>
      backend.trainBatch(++calls === 250 ? { ...batch, targets: batch.targets.slice().reverse() } : batch, rate),
  });
  const events = await runOn(text, recipes.sequence!, { change });
  expect(divergences(events)).toEqual([]);
  const losses = events.flatMap((event) => (event.type === "step-end" ? [event.loss] : []));
  expect(losses[249]).toBeGreaterThan(losses[248]! + 1.5);
  expect(losses.at(-1)).toBeLessThan(losses[100]!);
});
