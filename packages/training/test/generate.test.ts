import { createRandom } from "@charlstm/sampling";
import { createVocabulary } from "@charlstm/vectorize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Backend, type GeneratedCharacter, type GenerateOptions, generate } from "../src/index.js";
import { type BackendName, backendNames, createBackend, tinyText } from "./helpers.js";

const { vocabulary } = tinyText();
const prompt = "the cat sat";

/** A model that no one trained, with weights wide enough to have opinions. */
async function opinionatedBackend(name: BackendName): Promise<Backend> {
  const backend = await createBackend(name, {
    architecture: { vocabularySize: vocabulary.size, window: 7, units: [9, 5], dropout: 0 },
    objective: "sequence",
    optimizer: { name: "sgd" },
    rows: 1,
    seed: 1,
  });
  const random = createRandom(3);
  const weights = await backend.readWeights();
  backend.writeWeights(weights.map((weight) => ({ ...weight, values: weight.values.map(() => 3 * (random() - 0.5)) })));
  return backend;
}

async function all(backend: Backend, options: Partial<GenerateOptions>): Promise<GeneratedCharacter[]> {
  const drawn: GeneratedCharacter[] = [];
  for await (const character of generate(backend, vocabulary, { prompt, length: 60, ...options }))
    drawn.push(character);
  return drawn;
}

async function texts(backend: Backend, options: Partial<GenerateOptions>): Promise<string[]> {
  const written = new Array<string>(options.count ?? 1).fill("");
  for (const { text, character } of await all(backend, options)) written[text] += character;
  return written;
}

describe.each(backendNames)("on %s", (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await opinionatedBackend(name);
  });
  afterAll(() => backend.dispose());

  describe.each(["stream", "window"] as const)("in context %s", (context) => {
    test.each([1, 5, 16])("%i parallel texts equal single texts with the seeds after one another", async (count) => {
      const single = await Promise.all(
        Array.from({ length: count }, async (_, text) => (await texts(backend, { context, seed: 40 + text }))[0]!),
      );
      expect(await texts(backend, { context, seed: 40, count })).toEqual(single);
      expect(new Set(single).size).toBe(count);
    });

    test("of a prompt longer than a window, all of it or its last window is read", async () => {
      const first = async (start: string) => (await all(backend, { context, seed: 1, prompt: start, length: 1 }))[0]!;
      const whole = await first(`they all ${prompt}`);
      const last = await first(prompt.slice(-7));
      expect(whole.modelProbability === last.modelProbability).toBe(context === "window");
    });
  });

  test("temperature 0 writes the same text whatever the seed", async () => {
    const [first] = await texts(backend, { temperature: 0, seed: 1 });
    expect(await texts(backend, { temperature: 0, seed: 2, count: 3 })).toEqual([first, first, first]);
  });

  test("a text ends with the first stop string, the others of its pass go on", async () => {
    const free = await texts(backend, { seed: 1, count: 4, length: 200 });
    const stop = free[0]!.slice(20, 22);
    const stopped = await texts(backend, { seed: 1, count: 4, length: 200, stop: [stop, "never met"] });
    for (const [index, text] of free.entries()) {
      const at = text.indexOf(stop);
      expect(stopped[index]).toBe(at < 0 ? text : text.slice(0, at + stop.length));
    }
    expect(stopped[0]!.length).toBeLessThan(30);
  });

  test("a stop string that is never met lets the text reach its length", async () => {
    expect((await texts(backend, { stop: ["XYZ"], length: 33 }))[0]).toHaveLength(33);
  });

  test("length 0 writes nothing, and still checks the prompt", async () => {
    expect(await all(backend, { length: 0 })).toEqual([]);
    await expect(all(backend, { length: 0, prompt: "Q" })).rejects.toMatchObject({
      code: "UNKNOWN_PROMPT_CHARACTERS",
      details: { characters: ["Q"] },
    });
  });

  test("an abort ends the text with the signal's reason", async () => {
    const controller = new AbortController();
    let count = 0;
    const reading = (async () => {
      for await (const _ of generate(backend, vocabulary, { prompt, length: 1e9, signal: controller.signal })) {
        if (++count === 100) controller.abort(new Error("enough"));
      }
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(count).toBe(100);
  });

  test.each([
    ["stops pulling", {}],
    ["has them all", { length: 3 }],
    ["asks for the impossible", { temperature: -1 }],
    ["masks everything", { bannedIds: Array.from({ length: vocabulary.size }, (_, id) => id) }],
  ])("a consumer that %s frees the stream", async (_, options) => {
    let open = 0;
    const counted: Backend = {
      ...backend,
      openStream(count) {
        const stream = backend.openStream(count);
        open++;
        return {
          ...stream,
          dispose() {
            open--;
            stream.dispose();
          },
        };
      },
    };
    await (async () => {
      for await (const { text: _ } of generate(counted, vocabulary, { prompt, ...options })) break;
    })().catch(() => {});
    expect(open).toBe(0);
  });

  test("each character tells its probability, the model's own, and the favourites on request", async () => {
    const drawn = await all(backend, { seed: 3, temperature: 0.7, alternatives: 3, topK: 5 });
    for (const { probability, modelProbability, alternatives, id, character } of drawn) {
      expect(probability).toBeGreaterThan(0);
      expect(modelProbability).toBeLessThanOrEqual(alternatives[0]!.modelProbability);
      expect(alternatives.map((other) => other.modelProbability)).toEqual(
        alternatives.map((other) => other.modelProbability).sort((a, b) => b - a),
      );
      expect(vocabulary.characters[id]).toBe(character);
      expect(alternatives).toHaveLength(3);
    }
  });

  test("weights that make the logits NaN are an error, not a text", async () => {
    const broken: Backend = {
      ...backend,
      openStream(count) {
        const stream = backend.openStream(count);
        return { ...stream, step: (ids) => stream.step(ids).map(() => Number.NaN) };
      },
    };
    await expect(all(broken, {})).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
  });
});

test.each([
  ["everything is masked", { bannedIds: Array.from({ length: vocabulary.size }, (_, id) => id) }],
  ["temperature 0 meets top-p 0", { temperature: 0, topP: 0 }],
  ["the temperature is negative", { temperature: -1 }],
  ["the length is a fraction", { length: 1.5 }],
  ["no text is asked for", { count: 0 }],
  ["nothing is to start from", { prompt: "" }],
  ["an option is misspelt", { temprature: 1 } as Partial<GenerateOptions>],
])("it is an error when %s", async (_, options) => {
  const backend = await opinionatedBackend("engine");
  await expect(all(backend, options)).rejects.toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) });
  await backend.dispose();
});

test("a prompt that is left out of the penalties counts for none of them", async () => {
  const backend = await opinionatedBackend("engine");
  const first = async (options: Partial<GenerateOptions>) =>
    (await all(backend, { length: 1, seed: 1, ...options }))[0]!.probability;
  const options = { frequencyPenalty: 3, random: () => 0.3 };
  const [plain, spared, counted] = [
    await first({ random: () => 0.3 }),
    ...(await Promise.all([false, true].map((penalizePrompt) => first({ ...options, penalizePrompt })))),
  ];
  expect(spared).toBe(plain);
  expect(counted).not.toBe(plain);
  await backend.dispose();
});

test.each([
  [{ length: -1 }, "length is -1, it has to be a whole number, 0 or more", { name: "length", given: -1 }],
  [{ length: 0.5 }, "length is 0.5, it has to be a whole number, 0 or more", { name: "length", given: 0.5 }],
  [{ count: 0 }, "count is 0, it has to be a whole number, 1 or more", { name: "count", given: 0 }],
  [
    { longestRuns: [1, 2] },
    `longestRuns has 2 entries, it has to have one for each of the ${vocabulary.size} characters`,
    { name: "longestRuns", given: 2, expected: vocabulary.size },
  ],
])("%j is refused, with what it has to be", async (options, message, details) => {
  const backend = await opinionatedBackend("engine");
  await expect(all(backend, options)).rejects.toMatchObject({ code: "BAD_OPTION", message, details });
  await backend.dispose();
});

test("where nobody says, a text has 400 characters, and no two are the same", async () => {
  const backend = await opinionatedBackend("engine");
  const [text, other] = await texts(backend, { length: undefined, count: 2 });
  expect([text!.length, other!.length]).toEqual([400, 400]);
  expect(other).not.toBe(text);
  await backend.dispose();
});

test("a character stands no more often in a row than it is said to, but where the caller's own masks leave it alone", async () => {
  const backend = await opinionatedBackend("engine");
  const all = Array.from({ length: vocabulary.size }, (_, id) => id);
  const [only, ...others] = all as [number, ...number[]];
  const options = { length: 9, longestRuns: all.map(() => 1) };
  const same = vocabulary.characters[only]!.repeat(9);
  expect(await texts(backend, { ...options, allowedIds: [only] })).toEqual([same]);
  expect(await texts(backend, { ...options, bannedIds: others })).toEqual([same]);
  // Three in a row are always allowed.
  const [pushed] = await texts(backend, { ...options, logitBias: { [only]: 100 } });
  expect([...pushed!].map((character) => character === same[0])).toEqual([1, 1, 1, 0, 1, 1, 1, 0, 1].map(Boolean));
  await backend.dispose();
});

test("timers get through every 32 characters, and of one character alone there is no run too long", async () => {
  const one = createVocabulary("a");
  const backend = await createBackend("engine", {
    architecture: { vocabularySize: 1, window: 3, units: [2], dropout: 0 },
    ...{ objective: "sequence", optimizer: { name: "sgd" }, rows: 1, seed: 1 },
  });
  let written = 0;
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(written), 0);
  for await (const { character } of generate(backend, one, { prompt: "a", length: 320, longestRuns: [1] })) {
    expect(character).toBe("a");
    written++;
  }
  clearInterval(timer);
  expect(new Set(seen).size).toBeGreaterThan(5);
  expect(seen.filter((count) => count % 32 !== 0)).toEqual([]);
  await backend.dispose();
});
