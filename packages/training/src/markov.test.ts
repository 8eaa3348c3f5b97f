import { createVocabulary, encode } from "@charlstm/vectorize";
import fc from "fast-check";
import { expect, test } from "vitest";
import { markovScores } from "./markov.js";

const scoresOf = (train: string, heldOut: string) => {
  const vocabulary = createVocabulary(train + heldOut);
  return markovScores(encode(train, vocabulary), encode(heldOut, vocabulary), vocabulary.size);
};

test("an order-1 estimate follows the Witten-Bell formula", async () => {
  // Counting "abababac": a is followed 3 times by b and once by c; order 0 has 8 characters of 3 kinds.
  const order0 = (count: number) => (count + 3 / 3) / (8 + 3);
  const b = (3 + 2 * order0(3)) / (4 + 2);
  const [score] = await scoresOf("abababac", "aaaaaab");
  expect(score).toEqual({ order: 1, loss: expect.closeTo(-Math.log(b), 12) });
});

test("a text that repeats itself is predicted better by longer contexts", async () => {
  const text = "the cat sat on the mat. ".repeat(50);
  const losses = (await scoresOf(text, text)).map(({ loss }) => loss);
  expect([...losses].sort((a, b) => b - a)).toEqual(losses);
  expect(losses.at(-1)).toBeLessThan(0.05);
});

test("characters that were never seen still have a probability", async () => {
  for (const { loss } of await scoresOf("aaaaaaaaaa", "aaaaaaazzzz")) expect(loss).toBeLessThan(10);
});

test("a large vocabulary, whose contexts do not fit a number, is counted too", async () => {
  const text = Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + (index % 2500))).join("");
  expect((await scoresOf(text, text)).at(-1)!.loss).toBeLessThan(1);
});

/** The definition, word for word: for every context, a walk over the whole text that trains. */
function plainScore(train: readonly number[], heldOut: readonly number[], size: number, order: number): number {
  let loss = 0;
  for (let place = 6; place < heldOut.length; place++) {
    let probability = 1 / size;
    for (let length = 0; length <= order; length++) {
      const context = heldOut.slice(place - length, place).join();
      const followers = train.filter((_, at) => at >= length && train.slice(at - length, at).join() === context);
      const kinds = new Set(followers).size;
      const seen = followers.filter((id) => id === heldOut[place]).length;
      if (followers.length > 0) probability = (seen + kinds * probability) / (followers.length + kinds);
    }
    loss -= Math.log(probability) / (heldOut.length - 6);
  }
  return loss;
}

test("every order's score is what the definition gives", async () => {
  const ids = (minLength: number, maxLength: number) => fc.array(fc.nat(2), { minLength, maxLength });
  await fc.assert(
    fc.asyncProperty(ids(0, 80), ids(7, 30), async (train, heldOut) => {
      const scores = await markovScores(Uint8Array.from(train), Uint8Array.from(heldOut), 3);
      for (const { order, loss } of scores) expect(loss).toBeCloseTo(plainScore(train, heldOut, 3, order), 10);
    }),
    { numRuns: 50 },
  );
});

test("counting a long text lets a timer through, and stops at once when it is told to", async () => {
  const ids = Uint8Array.from({ length: 3_000_000 }, (_, index) => (Math.imul(index, 0x9e3779b1) >>> 9) % 60);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 10);
  const begun = markovScores(ids, ids.subarray(0, 100_000), 60, { signal: controller.signal });
  await expect(begun).rejects.toThrow("enough");
});
