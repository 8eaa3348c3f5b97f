import { createVocabulary, encode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { generate, longestRunsOf } from "../src/index.js";
import { endOf, runAll, tinyBackend, tinySettings } from "./helpers.js";

test("a model that has read runs of spaces writes no longer one than it has read, and the runs are in its checkpoint", async () => {
  const story = `${"ab".repeat(20)}${" ".repeat(9)}ba${" ".repeat(7)}`.repeat(12);
  const vocabulary = createVocabulary(story);
  const text = { ids: encode(story, vocabulary), vocabulary };
  const settings = { ...tinySettings.sequence, heldOut: 0, temperatures: [] };
  const backend = await tinyBackend(settings, text, "engine");
  const { checkpoint } = endOf(await runAll(backend, { settings }, text));
  const longestRuns = longestRunsOf(checkpoint);
  expect(longestRuns).toEqual([9, 1, 1]); // of the space, a and b
  const write = async (options: object) => {
    let written = "";
    const drawn = generate(backend, vocabulary, { prompt: "   ", temperature: 0, length: 200, seed: 1, ...options });
    for await (const { character } of drawn) written += character;
    return `   ${written}`;
  };
  // Spaces are what it knows best: at temperature 0 nothing else would come.
  const bias = { logitBias: new Map([[0, 50]]) };
  expect(await write(bias)).toBe(" ".repeat(203));
  const limited = await write({ ...bias, longestRuns });
  expect(Math.max(...limited.match(/ +/g)!.map((run) => run.length))).toBe(9);
  // A mask of the caller's may allow nothing else.
  expect(await write({ ...bias, longestRuns, allowedIds: [0] })).toBe(" ".repeat(203));
  await expect(write({ longestRuns: [1] })).rejects.toMatchObject({ code: "BAD_OPTION" });
  await backend.dispose();
});
