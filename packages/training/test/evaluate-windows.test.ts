import { expectClose } from "@charlstm/testing";
import { expect, test } from "vitest";
import { type Backend, evaluate } from "../src/index.js";
import { backendNames, tinyBackend, tinySettings, tinyText } from "./helpers.js";

const text = tinyText(4);

test.each(backendNames)("%s: a backend of sequences scores windows as one of windows does", async (name) => {
  const windows = await tinyBackend(tinySettings.window, text, name);
  const sequences = await tinyBackend({ ...tinySettings.sequence, window: 9 }, text, name);
  sequences.writeWeights(await windows.readWeights());
  for (const stride of [1, 7, 1000]) {
    const options = { context: "window", window: tinySettings.window.window, stride } as const;
    const expected = await evaluate(windows, text.ids, options);
    const given = await evaluate(sequences, text.ids, options);
    expectClose([given.loss], [expected.loss], 1e-5);
    expect({ ...given, loss: 0, bitsPerCharacter: 0, perplexity: 0 }).toEqual({
      ...expected,
      ...{ loss: 0, bitsPerCharacter: 0, perplexity: 0 },
    });
  }
  await windows.dispose();
  await sequences.dispose();
});

test("windows longer than those of its batches are scored too, and an abort ends it", async () => {
  const backend = await tinyBackend(tinySettings.window, text, "engine");
  const options = { context: "window", window: 20 } as const;
  expect((await evaluate(backend, text.ids, options)).predictions).toBe(text.ids.length - 20);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(evaluate(backend, text.ids, { ...options, signal })).rejects.toThrow("enough");
  await backend.dispose();
});

test.each([
  ["window", 7, 6],
  ["stream", 2, 6],
  ["items", 2, 6],
] as const)(
  "a text with nothing to predict in context %s is refused: %i characters are needed",
  async (context, needed, window) => {
    const backend = await tinyBackend(tinySettings.window, text, "engine");
    await expect(evaluate(backend, text.ids.subarray(0, needed - 1), { context, window })).rejects.toMatchObject({
      code: "TEXT_TOO_SHORT",
      message: `the text to score has ${needed - 1} characters, at least ${needed} are needed: use a longer text or hold more out`,
      details: { characters: needed - 1, needed },
    });
    if (context !== "items") {
      const least = await evaluate(backend, text.ids.subarray(0, needed), { context, window });
      expect(least.predictions).toBe(1);
    }
    await backend.dispose();
  },
);

test("windows are scored 128 at a time where they are read as streams", async () => {
  const backend = await tinyBackend(tinySettings.sequence, text, "engine");
  const opened: number[] = [];
  const openStream: Backend["openStream"] = (count = 1) => {
    opened.push(count);
    return backend.openStream(count);
  };
  const noting = { ...backend, openStream };
  const options = { context: "window", window: 6 } as const;
  expect((await evaluate(noting, text.ids, options)).predictions).toBe(text.ids.length - 6);
  expect((await evaluate(noting, text.ids.subarray(0, 10), options)).predictions).toBe(4);
  expect(opened).toEqual([128, 4]);
  await backend.dispose();
});
