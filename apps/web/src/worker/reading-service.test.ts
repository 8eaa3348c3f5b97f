// Writing and looking inside, with small networks, against what the same weights give cell by cell and character by character.
import { type Checkpoint, initialWeights } from "@charlstm/model/checkpoint";
import { createEngineBackend, type GeneratedCharacter, generate, itemMark } from "@charlstm/training";
import { createVocabulary } from "@charlstm/vectorize";
import { beforeEach, expect, test } from "vitest";
import { type CellStep, cellStep } from "../logic/cell-step.js";
import { createReadingService } from "./reading-service.js";

const units = [5, 3];
const cells = 8;

/** A model that knows these characters; of items it is one whose characters include the mark. */
function modelOf(characters: string, other: Partial<Checkpoint> = {}, seed = 3): Checkpoint {
  const vocabulary = createVocabulary(characters).characters;
  const architecture = { vocabularySize: vocabulary.length, window: 8, units, dropout: 0 };
  return {
    ...{ architecture, vocabulary, objective: "sequence", weights: initialWeights(architecture, { seed }) },
    ...{ history: [], settings: {}, metadata: {}, ...other },
  };
}

const plain = modelOf(" abé\n");
const ofLines = modelOf(`ab${itemMark}`);

let service: ReturnType<typeof createReadingService>;
beforeEach(() => {
  service = createReadingService();
});

/** What each cell of both layers does at each character, and the logits for the next. */
function byHand({ vocabulary, weights }: Checkpoint, characters: readonly string[]) {
  let states = units.map((width) => ({ h: new Array<number>(width).fill(0), c: new Array<number>(width).fill(0) }));
  const [dense, bias] = weights.slice(-2).map(({ values }) => values);
  return characters.map((character) => {
    let input: number | number[] = vocabulary.indexOf(character);
    const steps: CellStep[] = [];
    states = states.map((state, layer) => {
      const [kernel, recurrent, bias] = weights.slice(3 * layer).map(({ values }) => values);
      const own = state.h.map((_, cell) =>
        cellStep({ kernel: kernel!, recurrent: recurrent!, bias: bias! }, input, state, cell),
      );
      steps.push(...own);
      input = own.map(({ told }) => told);
      return { h: input, c: own.map(({ after }) => after) };
    });
    const { h } = states.at(-1)!;
    const logits = vocabulary.map((_, id) =>
      h.reduce((sum, value, row) => sum + value * dense![row * vocabulary.length + id]!, bias![id]!),
    );
    return { steps, logits };
  });
}

const text = [..."a bé\nab ba é\n".repeat(11)].slice(0, 140);

test("every cell is watched at every character, and any of them followed at any place", async () => {
  await service.openModel(plain);
  const read = await service.readText(text.join(""));
  expect(read).toMatchObject({ characters: text, units });
  const expected = byHand(plain, text);
  for (let cell = 0; cell < cells; cell++) {
    const told = service.cell(cell);
    expect(told).toHaveLength(text.length);
    const farthest = Math.max(...expected.map(({ steps }, at) => Math.abs(told[at]! - Math.tanh(steps[cell]!.after))));
    expect(farthest).toBeLessThan(1e-5);
  }
  const close = (value: number) => expect.closeTo(value, 5);
  for (const [place, cell] of [0, 1, 63, 64, 65, 139].flatMap((at) => [0, 4, 5, 7].map((own) => [at, own] as const))) {
    const { steps, logits } = expected[place]!;
    const { logits: found, ...followed } = service.follow(place, cell);
    const step = Object.fromEntries(Object.entries(steps[cell]!).map(([name, value]) => [name, close(value)]));
    expect(followed).toEqual({ place, characters: plain.vocabulary, step });
    expect([...found]).toEqual(logits.map(close));
  }
});

test("characters that the model does not know are passed over, and of a long text four thousand are read", async () => {
  await service.openModel(plain);
  expect((await service.readText("ax bzé!")).characters).toEqual([..."a bé"]);
  expect((await service.readText("ab".repeat(2500))).characters).toHaveLength(4000);
});

test("a cell that follows something with a name is suggested", async () => {
  // Its first cell takes what is written of vowels and forgets at once: the gates of the bias, the candidate of the kernel.
  const weights = plain.weights.map(({ name, shape, values }) => ({ name, shape, values: values.map(() => 0) }));
  const [kernel, , bias] = weights;
  const [input, forget, candidate] = [0, 5, 10];
  bias!.values[input] = 9;
  bias!.values[forget] = -9;
  for (const vowel of ["a", "é"]) kernel!.values[plain.vocabulary.indexOf(vowel) * 20 + candidate] = 2;
  await service.openModel({ ...plain, weights });
  const { suggestions } = await service.readText(text.join(""));
  expect(suggestions[0]).toMatchObject({ cell: 0, about: "vowels" });
});

test("a model of lines begins with an item's beginning, and reads the ends of lines as ends of items", async () => {
  await service.openModel(ofLines);
  const { characters } = await service.readText("ab\nbx\na");
  expect(characters).toEqual([..."ab\nb\na"]);
  const marked = [itemMark, ...characters.map((one) => (one === "\n" ? itemMark : one))];
  const [, ...expected] = byHand(ofLines, marked);
  expected.forEach(({ steps, logits }, place) => {
    expect(service.cell(6)[place]).toBeCloseTo(Math.tanh(steps[6]!.after), 5);
    expect(service.follow(place, 6).step.before).toBeCloseTo(steps[6]!.before, 5);
    expect(service.follow(place, 6).logits[1]).toBeCloseTo(logits[1]!, 5);
  });
  expect(service.follow(0, 0).characters).toEqual(["a", "b", ""]);
  expect((await service.mapCharacters()).characters).toEqual(["a", "b", ""]);
});

test("a model without items knows nothing of lines that are not in its characters", async () => {
  await service.openModel(modelOf("ab"));
  expect((await service.readText("a\nb")).characters).toEqual(["a", "b"]);
});

test("what was read stays open for looking when another model is opened for writing, until another text is read", async () => {
  await service.openModel(plain);
  await service.readText("abba");
  const before = service.follow(3, 2);
  await service.openModel(ofLines);
  expect(service.follow(3, 2)).toEqual(before);
  expect((await service.mapCharacters()).characters).toEqual(plain.vocabulary);
  await service.readText("ba");
  expect(service.cell(0)).toHaveLength(2);
  await service.readText("bab");
  expect(service.follow(2, 0).place).toBe(2);
});

test("the map is of the rows of the first kernel", async () => {
  const weights = plain.weights.map(({ name, shape, values }) => ({ name, shape, values: values.slice() }));
  const [kernel] = weights;
  // The rows of "a" and "b" point the same way, the others do not.
  const row = (character: string) => plain.vocabulary.indexOf(character) * 20;
  kernel!.values.copyWithin(row("b"), row("a"), row("a") + 20);
  await service.openModel({ ...plain, weights });
  await service.readText("ab");
  const { characters, neighbours, known } = await service.mapCharacters();
  expect(known).toBe(5);
  expect(characters[neighbours[characters.indexOf("a")]![0]!]).toBe("b");
});

test("without a model, or a text, there is nothing to write, read or look at, and that is said", async () => {
  expect(() => service.beginningFor("")).toThrow("No model is open");
  await expect(service.readText("a")).rejects.toThrow("No model is open");
  await expect(service.write([{ prompt: "", length: 1 }], () => {})).rejects.toThrow("No model is open");
  await service.openModel(plain);
  expect(() => service.cell(0)).toThrow("No text was read yet");
  expect(() => service.follow(0, 0)).toThrow("No text was read yet");
});

test("a writing begins with what was typed, cleaned as the model's text was, else as its text began", async () => {
  const typed = "Ein\r\nWORT";
  for (const [corpus, prompt] of [
    [undefined, "Ein\nWORT"],
    [{ recipe: "gutenberg", cleaning: { foldCase: true } }, "ein\nwort"],
    [{ recipe: "gutenberg", cleaning: { foldCase: "yes" } }, "Ein\nWORT"],
    [{ recipe: "notebook" }, "ein wort"],
  ] as const) {
    await service.openModel({ ...plain, metadata: { prompt: "ab a", ...(corpus && { corpus }) } });
    expect(service.beginningFor(typed)).toEqual({ prompt });
    expect(service.beginningFor("")).toEqual({ prompt: "ab a" });
  }
  await service.openModel({ ...plain, metadata: { prompt: 7 } });
  expect(service.beginningFor("")).toEqual({ prompt: plain.vocabulary[0] });
});

test("items begin with nothing but what was typed, lines apart by a line's end, paragraphs by an empty line", async () => {
  for (const [model, between] of [
    [ofLines, "\n"],
    [modelOf(`ab\n${itemMark}`), "\n\n"],
  ] as const) {
    await service.openModel({ ...model, metadata: { prompt: "ab" } });
    expect(service.beginningFor("")).toEqual({ prompt: "", between });
    expect(service.beginningFor("b")).toEqual({ prompt: "b", between });
  }
});

/** What a writing tells of each text, and in how many characters at a time. */
function listener() {
  const told: GeneratedCharacter[][][] = [];
  const tell = (text: number, characters: GeneratedCharacter[]) => {
    told[text] = [...(told[text] ?? []), characters];
  };
  const written = () => told.map((parts) => parts.flat());
  return {
    tell,
    told,
    written,
    textOf: (text: number) =>
      written()
        [text]!.map(({ character }) => character)
        .join(""),
  };
}

/** What `generate` itself writes with a model. */
async function generated(model: Checkpoint, options: { prompt: string; length: number; seed: number }) {
  const { architecture, objective, weights, vocabulary } = model;
  const backend = await createEngineBackend({
    ...{ architecture, objective, optimizer: { name: "sgd" }, rows: 1, seed: 0, purpose: "streams" },
  });
  backend.writeWeights(weights);
  let text = "";
  for await (const { character } of generate(backend, createVocabulary(vocabulary.join("")), options))
    text += character;
  await backend.dispose();
  return text;
}

test("texts are written side by side, each as its seed gives it, with the likeliest others, a few characters at a time", async () => {
  await service.openModel(plain);
  const { tell, told, written, textOf } = listener();
  await service.write(
    [
      { prompt: "a?b", length: 60, seed: 7 },
      { prompt: "é", length: 48, seed: 8 },
    ],
    tell,
  );
  expect(textOf(0)).toBe(await generated(plain, { prompt: "ab", length: 60, seed: 7 }));
  expect(textOf(1)).toBe(await generated(plain, { prompt: "é", length: 48, seed: 8 }));
  expect(told.map((parts) => parts.map(({ length }) => length))).toEqual([
    [24, 24, 12],
    [24, 24],
  ]);
  expect(written()[0]![0]!.alternatives).toHaveLength(plain.vocabulary.length);
});

test("of several items each is what its own seed gives, and says which it is", async () => {
  await service.openModel(ofLines);
  const { tell, written } = listener();
  await service.write([{ prompt: "", length: 12, seed: 20, items: 3 }], tell);
  const [characters] = written();
  for (const item of [0, 1, 2]) {
    const own = characters!.filter(({ text }) => text === item).map(({ character }) => character);
    expect(own.join("")).toBe(await generated(ofLines, { prompt: "", length: 12, seed: 20 + item }));
  }
  expect(characters!.every(({ text }) => text !== undefined && text < 3)).toBe(true);
});

test("a character stands in a row no longer than in the model's text", async () => {
  // All but certain of "a".
  const weights = plain.weights.map(({ name, shape, values }) => ({ name, shape, values: values.map(() => 0) }));
  weights.at(-1)!.values[plain.vocabulary.indexOf("a")] = 60;
  const longestRuns = plain.vocabulary.map(() => 5);
  const progress = { longestRuns } as unknown as NonNullable<Checkpoint["progress"]>;
  for (const [model, longest] of [
    [{ ...plain, weights }, 40],
    [{ ...plain, weights, progress }, 5],
  ] as const) {
    await service.openModel(model);
    const { tell, textOf } = listener();
    await service.write([{ prompt: "b", length: 40, seed: 1, temperature: 1 }], tell);
    expect(Math.max(...[...textOf(0).matchAll(/a+/g)].map(([run]) => run.length))).toBe(longest);
  }
});

test("a writing ends where it is stopped, where another begins and where another model is opened, without an error", async () => {
  const ways = [
    () => service.stopWriting(),
    () => void service.write([{ prompt: "b", length: 1, seed: 1 }], () => {}),
    () => void service.openModel(ofLines),
  ];
  for (const way of ways) {
    await service.openModel(plain);
    let characters = 0;
    await service.write([{ prompt: "a", length: 5000, seed: 1 }], (_, part) => {
      if (characters === 0) way();
      characters += part.length;
    });
    expect(characters).toBeGreaterThan(0);
    expect(characters).toBeLessThan(200);
  }
});

test("what keeps a writing from being told is an error", async () => {
  await service.openModel(plain);
  const full = () => {
    throw new RangeError("no room");
  };
  await expect(service.write([{ prompt: "a", length: 30, seed: 1 }], full)).rejects.toThrow("no room");
});
