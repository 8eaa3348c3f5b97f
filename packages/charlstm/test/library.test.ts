import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMemoryStore } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, describe, expect, test } from "vitest";
import { type CharacterModel, isCharlstmError, train, trainEvents } from "../src/index.js";

const sentence = "the cat sat on the mat and the dog sat on the log, and then they all went home.\n";
const text = sentence.repeat(30);
const tiny = { epochs: 4, units: [16], window: 8, batch: 4, learningRate: 0.02, dropout: 0, threads: 1 };
const model = await train(text, tiny);
afterAll(() => model.dispose());

describe("three lines", () => {
  test("a trained model writes, the same for the same seed, and ends where it is to stop", async () => {
    const written = (options = {}) => model.text({ prompt: "the ", length: 40, seed: 3, ...options });
    const first = await written();
    expect(first).toHaveLength(40);
    expect(await written()).toBe(first);
    expect(await written({ seed: 4 })).not.toBe(first);
    const stopped = await written({ length: 400, stop: [" "] });
    expect(stopped.indexOf(" ")).toBe(stopped.length - 1);
    expect(await model.text({ length: 5 })).toHaveLength(5);
    let streamed = "";
    for await (const { character } of model.write({ prompt: "the ", length: 40, seed: 3 })) streamed += character;
    expect(streamed).toBe(first);
  });

  test("it tells of every epoch, with a sample", async () => {
    const epochs: unknown[] = [];
    await train(text, { ...tiny, epochs: 2, onEpoch: (report) => epochs.push(report) });
    const report = (epoch: number) => ({ epoch, heldOutLoss: expect.any(Number), sample: expect.stringMatching(/./s) });
    expect(epochs).toMatchObject([report(1), report(2)]);
  });

  test("the same training as a stream of events ends with the same model", async () => {
    const types: string[] = [];
    for await (const event of trainEvents(text, tiny)) {
      types.push(event.type);
      if (event.type === "trained") expect(event.model.checkpoint.weights).toEqual(model.checkpoint.weights);
    }
    expect([types[0], ...types.slice(-2)]).toEqual(["run-start", "run-end", "trained"]);
  });

  test("the best epoch becomes the model, or the last where that is asked for", async () => {
    const settings = { ...tiny, epochs: 6, learningRate: 0.3, decay: "constant" as const };
    const [best, last] = await Promise.all([train(text, settings), train(text, { ...settings, use: "last" })]);
    const epochOf = ({ checkpoint }: CharacterModel) => (checkpoint.progress as { epoch: number }).epoch;
    const losses = last.checkpoint.history.map((metrics) => (metrics as { heldOutLoss: number }).heldOutLoss);
    expect([epochOf(best), epochOf(last)]).toEqual([losses.indexOf(Math.min(...losses)) + 1, 6]);
  });

  test("an abort ends a training with its reason", async () => {
    const signal = AbortSignal.timeout(50);
    await expect(train(text, { ...tiny, epochs: 100_000, signal })).rejects.toMatchObject({ name: "TimeoutError" });
  });

  test("a model scores a text, and refuses characters that it never saw", async () => {
    const { loss, predictions } = await model.evaluate(sentence.repeat(10));
    expect(loss).toBeLessThan(2.5);
    expect(predictions).toBeGreaterThan(500);
    await expect(model.evaluate("ÄÖÜ ".repeat(50))).rejects.toMatchObject({ code: "UNKNOWN_CHARACTERS" });
  });

  test("a model that was disposed of says so, and doing it twice is no harm", async () => {
    const gone = await train(text, { ...tiny, epochs: 1 });
    await gone.text({ length: 1 });
    await gone.dispose();
    await gone.dispose();
    await expect(gone.text({ length: 1 })).rejects.toMatchObject({ code: "DISPOSED" });
    await expect(gone.train(text, tiny)).rejects.toMatchObject({ code: "DISPOSED" });
  });
});

describe("texts", () => {
  const weightsOf = async (given: Parameters<typeof train>[0], options = {}) =>
    (await train(given, { ...tiny, epochs: 1, ...options })).checkpoint.weights;

  test("strings, pieces and files, alone or several, are the same text", async () => {
    const path = join(temporaryFolder(), "a.txt");
    writeFileSync(path, text);
    const expected = await weightsOf(text);
    async function* pieces() {
      for (let at = 0; at < text.length; at += 100) yield text.slice(at, at + 100);
    }
    expect(await weightsOf(pieces())).toEqual(expected);
    // What is read from a file is cleaned: the line end at its end goes.
    expect(await weightsOf({ path })).toEqual(await weightsOf(text.trimEnd()));
    // Of several the end of each would be held out.
    const all = { heldOut: 0 };
    expect(await weightsOf([text, "the end"], all)).toEqual(await weightsOf(`${text}\n\nthe end`, all));
  });

  async function* numbers() {
    yield 7;
  }
  test.each<[string, unknown, RegExp]>([
    ["a number", 7, /given was number/],
    ["nothing", undefined, /given was undefined/],
    ["null", null, /given was null/],
    ["an object of another kind", { file: "a.txt" }, /given was \{ file \}/],
    ["no text", [], /no text at all/],
    ["pieces that are no strings", numbers(), /a piece that is number/],
  ])("%s is refused", async (_, given, message) => {
    const error: unknown = await train(given as string, tiny).catch((thrown: unknown) => thrown);
    expect(isCharlstmError(error)).toBe(true);
    expect(error).toMatchObject({ code: "BAD_TEXT", message: expect.stringMatching(message) });
  });

  test.each<[string, object, RegExp]>([
    ["an unknown option", { epoch: 3 }, /train has no option "epoch": use one of batch, build, /],
    ["a setting out of its range", { epochs: 0 }, /epochs is 0/],
    ["a setting of another kind", { units: "128" }, /units is "128"/],
    ["an unknown preset", { preset: "quickly" }, /preset is "quickly": quick, large or notebook/],
  ])("%s is refused", async (_, options, message) => {
    const refused = { code: "BAD_OPTION", message: expect.stringMatching(message) };
    await expect(train(text, options)).rejects.toMatchObject(refused);
  });

  test("a text that is too short is refused", async () => {
    await expect(train("a", tiny)).rejects.toMatchObject({ code: "TEXT_TOO_SHORT" });
    await expect(train("", tiny)).rejects.toMatchObject({ code: "EMPTY_TEXT" });
  });
});

describe("learning further", () => {
  const german = "die katze saß auf der matte, und der hund saß davor.\n".repeat(30);

  test("goes on from what the model knows, learns new characters, and leaves the model as it was", async () => {
    const before = model.checkpoint.weights.map(({ values }) => values.slice());
    const [further, anew]: number[][] = [[], []];
    const learnt = await model.train(german, { ...tiny, onEpoch: ({ loss }) => further!.push(loss) });
    expect(learnt.characters).toContain("ß");
    expect(learnt.characters).toEqual(expect.arrayContaining([...model.characters]));
    expect(model.checkpoint.weights.map(({ values }) => values)).toEqual(before);
    await train(german, { ...tiny, onEpoch: ({ loss }) => anew!.push(loss) });
    expect(further![0]!).toBeLessThan(anew![0]!);
    expect(await learnt.text({ prompt: "die ", length: 30, seed: 1 })).toHaveLength(30);
  });

  test("the network is the model's, whatever the text's size asks for, and no other can be asked for", async () => {
    const further = await model.train(text, { epochs: 1 });
    expect(further.checkpoint.architecture).toMatchObject({ units: [16] });
    const refused = { code: "BAD_OPTION", message: expect.stringMatching(/units.*16/) };
    await expect(model.train(text, { units: [32] })).rejects.toMatchObject(refused);
  });

  test("checkpoints go into a store meanwhile", async () => {
    const store = createMemoryStore();
    await train(text, { ...tiny, epochs: 2, store });
    expect(await store.list()).toEqual(["epoch-0001", "epoch-0002"]);
  });
});
