import { createMemoryStore } from "@charlstm/model/checkpoint";
import { createVocabulary, decode, encode } from "@charlstm/vectorize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  batchSource,
  createTextJoiner,
  evaluate,
  generate,
  type ItemKind,
  itemMark,
  splitItems,
  type TrainingSettings,
  type TrainingText,
  writeItems,
} from "../src/index.js";
import { type BackendName, backendNames, createBackend, endOf, runAll, tinySettings, withoutTime } from "./helpers.js";

/** Texts as one, cut into pieces of `size` units, each item after a mark, and a mark at the end. */
function joined(texts: readonly string[], kind: ItemKind, size = 3): string {
  const joiner = createTextJoiner(kind);
  let whole = "";
  for (const text of texts) {
    for (let start = 0; start < text.length; start += size) whole += joiner.next(text.slice(start, start + size));
    joiner.endText();
  }
  return whole + joiner.rest();
}

const itemsOf = (whole: string) => (whole === "" ? [] : whole.split(itemMark).slice(1, -1));

/** The same, in the plain way: a whole text at once. */
const plainly: Record<ItemKind, (text: string) => string[]> = {
  line: (text) => text.split("\n").map((line) => line.trimEnd()),
  paragraph: (text) => text.split(/\n(?:[^\S\n]*\n)+/).map((part) => part.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()),
  file: (text) => [text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()],
};

describe("items", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "\n", "😀") });
  test.each<ItemKind>(["line", "paragraph", "file"])(
    "of kind %s are the same, however a text comes in pieces",
    (kind) => {
      fc.assert(
        fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (texts, size) => {
          const expected = texts.flatMap(plainly[kind]).filter((item) => item.trim() !== "");
          expect(itemsOf(joined(texts, kind, size))).toEqual(expected);
        }),
      );
    },
  );

  test.each<[ItemKind, string[]]>([
    ["line", ["one", "  two", "three", "four", "five"]],
    ["paragraph", ["one \n  two\nthree", "four", "five"]],
    ["file", ["one \n  two\nthree\n\n \nfour", "five"]],
  ])("of kind %s keep what is within them, and lose what is around them", (kind, items) => {
    expect(itemsOf(joined(["\n\none \n  two\nthree\n\n \nfour\n", "five\n\n"], kind))).toEqual(items);
  });

  test("refuse a text that has their mark", () => {
    expect(() => joined([`a${itemMark}b`], "line")).toThrow(expect.objectContaining({ code: "RESERVED_CHARACTER" }));
  });

  test("are held out evenly, as many as the share says, and never trained too", () => {
    const names = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.double({ min: 0, max: 0.99, noNaN: true }), (items, share) => {
        const whole = joined([items.join("\n")], "line");
        const vocabulary = createVocabulary(whole);
        const { train, heldOut } = splitItems(encode(whole, vocabulary), share);
        const [trains, held] = [train, heldOut].map((ids) => itemsOf(decode(ids, vocabulary)));
        expect(held).toHaveLength(Math.floor(items.length * share));
        expect([...trains!, ...held!].sort()).toEqual([...items].sort());
        // Evenly: of the first n items, the share of n, but for one.
        const isHeld = items.map((_, item) => Math.floor((item + 1) * share) > Math.floor(item * share));
        expect(held).toEqual(items.filter((_, item) => isHeld[item]));
      }),
    );
  });
});

const names = ["anna", "bert", "carla", "di", "emil", "frida"];
const settings: TrainingSettings = {
  ...tinySettings.sequence,
  ...{ items: "line", units: [24], window: 4, batch: 8, epochs: 30, learningRate: 0.03, warmupSteps: 5 },
  ...{ sampleLength: 40, temperatures: [0.3], heldOut: 0.1 },
};

function nameText(repeats = 20): TrainingText {
  const whole = joined([Array.from({ length: repeats }, () => names.join("\n")).join("\n")], "line");
  const vocabulary = createVocabulary(whole);
  return { ids: encode(whole, vocabulary), vocabulary };
}

async function backendFor(text: TrainingText, name: BackendName = "engine", its = settings) {
  const { window, units, dropout, objective, optimizer, clipNorm, seed, heldOut } = its;
  const { train } = splitItems(text.ids.slice(), heldOut);
  return createBackend(name, {
    architecture: { vocabularySize: text.vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, rows: batchSource(train, its).rows },
  });
}

/** A backend that has learnt the names. */
async function learnt() {
  const text = nameText();
  const backend = await backendFor(text);
  const events = await runAll(backend, { settings }, text);
  return { text, backend, events };
}

async function written(
  options: Parameters<typeof writeItems>[2],
  { text, backend }: Awaited<ReturnType<typeof learnt>>,
) {
  const items: { item: number; text: string; isWhole: boolean }[] = [];
  for await (const item of writeItems(backend, text.vocabulary, options)) items.push(item);
  return items;
}

describe("a model of items", () => {
  test("writes whole ones, each to its end, whose mark is nowhere to be seen", async () => {
    const model = await learnt();
    const items = await written({ count: 10, temperature: 0.3, seed: 1 }, model);
    expect(items.map(({ item }) => item).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { text, isWhole } of items) {
      expect(isWhole).toBe(true);
      expect(names).toContain(text);
    }
    const samples = model.events.flatMap((event) => (event.type === "sample-written" ? event.samples : []));
    expect(
      samples
        .at(-1)!
        .text.split("\n")
        .slice(0, -1)
        .every((name) => names.includes(name)),
    ).toBe(true);
    expect(JSON.stringify(samples)).not.toContain(itemMark);
  });

  test("writes the same item by its number, however many are written beside it", async () => {
    const model = await learnt();
    const byNumber = async (count: number) =>
      (await written({ count, temperature: 1, seed: 5 }, model)).sort((a, b) => a.item - b.item);
    expect((await byNumber(9)).slice(0, 3)).toEqual(await byNumber(3));
  });

  test("writes on from a prompt, and no further than it may", async () => {
    const model = await learnt();
    expect(await written({ prompt: "fr", temperature: 0.1, seed: 1 }, model)).toEqual([
      { item: 0, text: "frida", isWhole: true },
    ]);
    expect(await written({ prompt: "fr", temperature: 0.1, seed: 1, maxLength: 2 }, model)).toEqual([
      { item: 0, text: "frid", isWhole: false },
    ]);
    // Exactly as long as it may be.
    expect(await written({ prompt: "fr", temperature: 0.1, seed: 1, maxLength: 3 }, model)).toEqual([
      { item: 0, text: "frida", isWhole: true },
    ]);
  });

  test("tells the end of a text that is generated by an empty character", async () => {
    const { text, backend } = await learnt();
    const characters: string[] = [];
    for await (const { character } of generate(backend, text.vocabulary, { prompt: "d", temperature: 0, length: 9 }))
      characters.push(character);
    expect(characters).toEqual(["i", ""]);
  });

  test("one that knows none refuses to write any", async () => {
    const vocabulary = createVocabulary("abc");
    const backend = await createBackend("engine", {
      architecture: { vocabularySize: 3, window: 4, units: [4], dropout: 0 },
      ...{ objective: "sequence", optimizer: { name: "sgd" }, rows: 1, seed: 1 },
    });
    const items = writeItems(backend, vocabulary, {});
    await expect(items.next()).rejects.toMatchObject({ code: "NO_ITEMS" });
  });

  test.each(backendNames)("is scored item by item from the zero state, ends included (%s)", async (name) => {
    const text = nameText(1);
    const backend = await backendFor(text, name, { ...settings, heldOut: 0 });
    const evaluation = await evaluate(backend, text.ids, { context: "items", window: 4 });
    // One stream, reset at every mark, in float64 from its logits.
    const stream = backend.openStream();
    const mark = text.vocabulary.idOf(itemMark)!;
    const losses: number[] = [];
    for (let place = 0; place + 1 < text.ids.length; place++) {
      if (text.ids[place] === mark) stream.reset();
      const logits = Array.from(stream.step([text.ids[place]!]));
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      losses.push(Math.log(sum) - logits[text.ids[place + 1]!]!);
    }
    stream.dispose();
    expect(evaluation.predictions).toBe(names.join("").length + names.length);
    expect(evaluation.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
    await backend.dispose();
  });
});

test("items that take several windows are learnt to their end, state and all", async () => {
  const lines = ["doe, a deer, a female deer", "ray, a drop of golden sun", "me, a name I call myself"];
  const whole = joined(lines, "file");
  const vocabulary = createVocabulary(whole);
  const text = { ids: encode(whole, vocabulary), vocabulary };
  const its = { ...settings, units: [48], window: 8, heldOut: 0, epochs: 150, sampleLength: 0 };
  const backend = await backendFor(text, "engine", its);
  await runAll(backend, { settings: its }, text);
  for (const line of lines) {
    const items = writeItems(backend, vocabulary, { prompt: line.slice(0, 2), temperature: 0 });
    expect((await items.next()).value).toEqual({ item: 0, text: line, isWhole: true });
    await items.return();
  }
});

describe("a run of items", () => {
  test("goes on from a checkpoint within an epoch to the very bits", async () => {
    const text = nameText(3);
    const its = { ...settings, epochs: 3, dropout: 0.2, decay: "constant" as const };
    const [store, stoppedStore] = [createMemoryStore(), createMemoryStore()];
    const whole = await runAll(await backendFor(text, "engine", its), { settings: its, store }, text);
    const stopped = { ...its, maxSteps: 10 };
    await runAll(await backendFor(text, "engine", its), { settings: stopped, store: stoppedStore }, text);
    const resume = await stoppedStore.load((await stoppedStore.list()).at(-1)!);
    expect((resume.progress as { stepInEpoch: number }).stepInEpoch).toBe(2);
    const rest = await runAll(
      await backendFor(text, "engine", its),
      { settings: its, resume, store: stoppedStore },
      text,
    );
    expect(endOf(rest).checkpoint.weights).toEqual(endOf(whole).checkpoint.weights);
    expect(withoutTime(rest.slice(-4))).toEqual(withoutTime(whole.slice(-4)));
  });

  test("loses the same on the engine and on TensorFlow.js", async (context) => {
    if (backendNames.length < 2) context.skip("one backend");
    const text = nameText(3);
    const its = { ...settings, epochs: 2, dropout: 0, sampleLength: 0 };
    const losses = [];
    for (const name of backendNames) {
      const end = endOf(await runAll(await backendFor(text, name, its), { settings: its }, text));
      losses.push(end.history.flatMap(({ loss, heldOutLoss }) => [loss, heldOutLoss!]));
    }
    for (const [index, loss] of losses[0]!.entries()) expect(losses[1]![index]).toBeCloseTo(loss, 3);
  });

  test.each([
    ["windows of them", { objective: "window" as const }, "BAD_OPTION"],
    ["another kind", { items: "word" as never }, "BAD_OPTION"],
    ["marks without the setting", { items: undefined }, "RESERVED_CHARACTER"],
  ])("refuses %s", async (_, other, code) => {
    const text = nameText(2);
    const backend = await backendFor(text);
    await expect(runAll(backend, { settings: { ...settings, ...other } }, text)).rejects.toMatchObject({ code });
  });

  test("leaves the caller's text as it was", async () => {
    const text = nameText(2);
    const before = text.ids.slice();
    await runAll(await backendFor(text), { settings: { ...settings, epochs: 1 } }, text);
    expect(text.ids).toEqual(before);
  });
});
