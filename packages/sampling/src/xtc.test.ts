import { expectClose } from "@charlstm/testing";
import { expect, test } from "vitest";
import { createRandom } from "./random.js";
import { createSampler } from "./sampler.js";
import { dropTopChoices } from "./xtc.js";

const probabilities = [0.4, 0.3, 0.2, 0.1];
const logits = probabilities.map(Math.log);

test("a draw is from the mixture of what XTC leaves and what it does not, one number each", () => {
  const xtc = { probability: 0.25, threshold: 0.15 };
  const expected = [0.75 * 0.4, 0.75 * 0.3, 0.75 * 0.2 + (0.25 * 2) / 3, 0.75 * 0.1 + 0.25 / 3];
  const random = createRandom(2);
  const sampler = createSampler({ xtc, random });
  expectClose(sampler.distribution(logits), expected, 1e-14);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 20_000; draw++) counts[sampler(logits)]! += 1 / 20_000;
  expectClose(counts, expected, 0.015);
  const once = createRandom(random.state);
  once();
  sampler(logits);
  expect(random.state).toEqual(once.state);
});

test("the top choices are those that the filters and the temperature make so", () => {
  const xtc = { probability: 1, threshold: 0.45 };
  expectClose(createSampler({ xtc, topK: 2 }).distribution(logits), [4 / 7, 3 / 7, 0, 0], 1e-14);
  const even = createSampler({ xtc, topK: 2, temperature: 1e6 }).distribution(logits);
  expectClose(even, [0, 1, 0, 0], 1e-5);
  const last = createSampler({ xtc, topK: 2, temperature: 1e6, temperatureLast: true }).distribution(logits);
  expectClose(last, [0.5, 0.5, 0, 0], 1e-5);
});

test("a tiny temperature after it does not lose the ids that it leaves", () => {
  const options = { xtc: { probability: 1, threshold: 0.25 }, temperature: 1e-5, temperatureLast: true };
  expectClose(createSampler(options).distribution(logits), [0, 1, 0, 0], 1e-12);
});

test("nothing is dropped where fewer would stay than asked for", () => {
  const dropped = [...logits];
  dropTopChoices(dropped, 0.15, 3);
  expect(dropped).toEqual(logits);
  dropTopChoices(dropped, 0.15, 2);
  expect(dropped.slice(2)).toEqual(logits.slice(2));
});

test("of top choices that tie, the last id stays", () => {
  const even = [0, 0, 0, -50];
  dropTopChoices(even, 0.3);
  expect(even.map((logit) => logit > Number.NEGATIVE_INFINITY)).toEqual([false, false, true, true]);
});

test("greedy draws know no XTC", () => {
  expect(createSampler({ temperature: 0, xtc: { probability: 1, threshold: 0.1 } })(logits)).toBe(0);
});
