import { expect, test } from "vitest";
import { createRandom } from "./random.js";
import { createSampler } from "./sampler.js";
import { logSoftmax } from "./softmax.js";

/** Flat enough that plain draws surprise by far more than the targets below. */
const logits = Array.from({ length: 200 }, (_, id) => -0.03 * id);

function meanBits(target: number, options: object = {}): number {
  const sampler = createSampler({ mirostat: { target }, random: createRandom(3), ...options });
  const surprise = logSoftmax(logits).map((logProbability) => -logProbability / Math.LN2);
  const drawn = Array.from({ length: 3000 }, () => surprise[sampler(logits)]!).slice(500);
  return drawn.reduce((sum, bits) => sum + bits, 0) / drawn.length;
}

test.each([5.5, 6, 6.3])("the text surprises by %d bits an id, as asked for", (target) => {
  expect(meanBits(target)).toBeCloseTo(target, 1);
});

test("where nothing surprises enough, the limit leaves everything in", () => {
  const sampler = createSampler({ mirostat: { target: 3 }, random: createRandom(1) });
  for (let index = 0; index < 50; index++) sampler([5, 0, 0]);
  expect(sampler.surpriseLimit).toBeGreaterThan(6);
  expect(sampler.distribution([5, 0, 0]).every((p) => p > 0)).toBe(true);
});

test("the most probable id stays however low the limit is", () => {
  const sampler = createSampler({ mirostat: { target: 1, limit: -50 }, random: () => 0.9 });
  expect(Array.from(sampler.distribution([1, 1, 0]), (p) => p > 0)).toEqual([true, true, false]);
});

test("an id exactly as surprising as the limit stays", () => {
  const sampler = createSampler({ input: "probabilities", mirostat: { target: 1, limit: 2 } });
  expect(Array.from(sampler.distribution([0.5, 0.25, 0.125, 0.125]), (p) => p > 0)).toEqual([true, true, false, false]);
});

test("a sampler made from another's limit and random state goes on like it", () => {
  const random = createRandom(9);
  const sampler = createSampler({ mirostat: { target: 5 }, random });
  for (let index = 0; index < 30; index++) sampler(logits);
  const limit = sampler.surpriseLimit;
  const fork = createSampler({ mirostat: { target: 5, limit }, random: createRandom(random.state) });
  const next = Array.from({ length: 30 }, () => sampler(logits));
  expect(Array.from({ length: 30 }, () => fork(logits))).toEqual(next);
});

test("without Mirostat there is no limit, and greedy draws move none", () => {
  expect(createSampler().surpriseLimit).toBeNaN();
  const greedy = createSampler({ mirostat: { target: 5 }, temperature: 0 });
  greedy(logits);
  expect(greedy.surpriseLimit).toBe(10);
});
