import { createVocabulary, encode } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { markovScores } from "./markov.js";

const scoresOf = (train: string, heldOut: string) => {
  const vocabulary = createVocabulary(train + heldOut);
  return markovScores(encode(train, vocabulary), encode(heldOut, vocabulary), vocabulary.size);
};

test("an order-1 estimate follows the Witten-Bell formula", () => {
  // Counting "abababac": a is followed 3 times by b and once by c; order 0 has 8 characters of 3 kinds.
  const order0 = (count: number) => (count + 3 / 3) / (8 + 3);
  const b = (3 + 2 * order0(3)) / (4 + 2);
  const [score] = scoresOf("abababac", "aaaaaab");
  expect(score).toEqual({ order: 1, loss: expect.closeTo(-Math.log(b), 12) });
});

test("a text that repeats itself is predicted better by longer contexts", () => {
  const text = "the cat sat on the mat. ".repeat(50);
  const losses = scoresOf(text, text).map(({ loss }) => loss);
  expect([...losses].sort((a, b) => b - a)).toEqual(losses);
  expect(losses.at(-1)).toBeLessThan(0.05);
});

test("characters that were never seen still have a probability", () => {
  for (const { loss } of scoresOf("aaaaaaaaaa", "aaaaaaazzzz")) expect(loss).toBeLessThan(10);
});

test("a large vocabulary, whose contexts do not fit a number, is counted too", () => {
  const text = Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + (index % 2500))).join("");
  expect(scoresOf(text, text).at(-1)!.loss).toBeLessThan(1);
});
