import type { GeneratedCharacter } from "@charlstm/training";
import { expect, test } from "vitest";
import { textOf } from "./written-items.js";

const choice = { id: 0, probability: 1, modelProbability: 1 };
/** Characters of items, as they are drawn one after the other; an empty one is an end. */
const drawn = (...items: string[][]): GeneratedCharacter[] =>
  items.flatMap((item, text) => item.map((character) => ({ ...choice, character, text, alternatives: [] })));

test("a text is its prompt and what was written on", () => {
  expect(textOf(drawn(["a", "b"]), { prompt: "> " })).toBe("> ab");
});

test("each item begins with the prompt, and stands apart from the one before, whole or cut off", () => {
  const items = drawn(["a", ""], ["b", "c"], [""], ["d", ""]);
  expect(textOf(items, { prompt: "B", between: "\n" })).toBe("Ba\nBbc\nB\nBd");
});
