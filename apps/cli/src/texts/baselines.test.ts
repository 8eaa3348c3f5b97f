import { temporaryFolder } from "@charlstm/testing";
import { createVocabulary } from "@charlstm/vectorize";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { baselines } from "./baselines.js";

const vocabulary = createVocabulary("abcdefghijklmnop");

/** Characters that nothing foretells: a linear congruential generator's high bits. */
function randomIds(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * vocabulary.size);
  });
}

test("nothing counted in one random text foretells another: the yardsticks lie at ln V and above", async () => {
  const split = { train: randomIds(20_000, 1), heldOut: randomIds(5000, 2) };
  const scores = await baselines(ioIn(temporaryFolder()), split, vocabulary);
  expect(scores.map(({ name }) => name)).toEqual(["order-1 Markov", "gzip"]);
  for (const { loss } of scores) {
    expect(loss).toBeGreaterThan(Math.log(vocabulary.size) - 0.02);
    expect(loss).toBeLessThan(Math.log(vocabulary.size) + 0.5);
  }
});

test("a text that is held out from where it was counted costs next to nothing", async () => {
  const train = randomIds(20_000, 1);
  const split = { train, heldOut: train.slice(-5000) };
  const [markov, gzip] = await baselines(ioIn(temporaryFolder()), split, vocabulary);
  expect(markov!.loss).toBeLessThan(0.8);
  expect(gzip!.loss).toBeLessThan(0.1);
});
