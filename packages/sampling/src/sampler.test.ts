import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keepMinP } from "./min-p.js";
import { createRandom } from "./random.js";
import { createSampler } from "./sampler.js";
import type { SamplerOptions } from "./sampler-options.js";
import { softmax } from "./softmax.js";
import { applyTemperature } from "./temperature.js";
import { keepTopK } from "./top-k.js";
import { keepTopP } from "./top-p.js";
import { keepTypical } from "./typical.js";

const logits = [1, 3, -0.5, 2, 2];

test("filters act one after the other, each on what those before it left", () => {
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
  const options: fc.Arbitrary<SamplerOptions> = fc.record(
    {
      temperature: fc.constantFrom(0.3, 1, 3),
      topK: fc.integer({ min: 1, max: 9 }),
      topP: share,
      minP: share,
      typicalP: share,
    },
    { requiredKeys: [] },
  );
  // Far enough from each other that rounding cannot change their order.
  const values = fc
    .uniqueArray(fc.integer({ min: -400, max: 400 }), { minLength: 1, maxLength: 12 })
    .map((hundredths) => hundredths.map((value) => value / 100));
  fc.assert(
    fc.property(values, options, (given, { temperature, topK, topP, minP, typicalP }) => {
      const chosen = { temperature, topK, topP, minP, typicalP };
      const left = Float64Array.from(given);
      if (temperature !== undefined) applyTemperature(left, temperature);
      if (topK !== undefined) keepTopK(left, topK);
      if (topP !== undefined) keepTopP(left, topP);
      if (minP !== undefined) keepMinP(left, minP);
      if (typicalP !== undefined) keepTypical(left, typicalP);
      const known = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
      expectClose(createSampler(known).distribution(given), softmax(left), 1e-12);
    }),
  );
});

test("a draw tells its probability here, the model's, and the model's favourites", () => {
  const sampler = createSampler({ topK: 1, bannedIds: [1], random: () => 0.49 });
  const model = softmax(logits);
  const draw = sampler.draw(logits, { alternatives: 3 });
  expect(draw).toEqual({
    id: 3,
    probability: 0.5, // ids 3 and 4 tie for the one place
    modelProbability: model[3],
    alternatives: [
      { id: 1, probability: 0, modelProbability: model[1] },
      { id: 3, probability: 0.5, modelProbability: model[3] },
      { id: 4, probability: 0.5, modelProbability: model[4] },
    ],
  });
});

test("alternatives are not made unless asked for, and there are no more of them than ids with a chance", () => {
  const sampler = createSampler({ temperature: 0 });
  expect(sampler.draw(logits).alternatives).toEqual([]);
  expect(sampler.draw([0, Number.NEGATIVE_INFINITY], { alternatives: 5 }).alternatives).toHaveLength(1);
});

test("greedy draws ask for no random number and have probability 1", () => {
  const sampler = createSampler({
    temperature: 0,
    random: () => {
      throw new Error("asked");
    },
  });
  expect(sampler.draw(logits)).toMatchObject({ id: 1, probability: 1 });
  expectClose(sampler.distribution(logits), [0, 1, 0, 0, 0], 0);
});

test("model probabilities of unnormalized probabilities are normalized", () => {
  const draw = createSampler({ input: "probabilities", temperature: 0 }).draw([1, 3]);
  expect(draw.modelProbability).toBe(0.75);
});

test("every draw takes exactly one number from the generator", () => {
  const random = createRandom(5);
  const sampler = createSampler({ random, topP: 0.9 });
  sampler(logits);
  const expected = createRandom(5);
  expected();
  expect(random.state).toEqual(expected.state);
});

test("penalties look at the last ids only, drawn or observed", () => {
  const sampler = createSampler({ temperature: 0, presencePenalty: 100, penaltyWindow: 2 });
  const even = [3, 2, 1];
  expect([sampler(even), sampler(even), sampler(even), sampler(even)]).toEqual([0, 1, 2, 0]);
  expect(sampler.recent).toEqual([2, 0]);
  sampler.observe([1, 1, 1]);
  expect(sampler.recent).toEqual([1, 1]);
  expect(sampler(even)).toBe(0);
});

test("a sampler made from another's recent ids and random state goes on like it", () => {
  const options = { frequencyPenalty: 0.7, repetitionPenalty: 1.1, topP: 0.95, penaltyWindow: 8 };
  const random = createRandom(9);
  const sampler = createSampler({ ...options, random });
  for (let index = 0; index < 30; index++) sampler(logits);
  const fork = createSampler({ ...options, random: createRandom(random.state) });
  fork.observe(sampler.recent);
  const next = Array.from({ length: 30 }, () => sampler(logits));
  expect(Array.from({ length: 30 }, () => fork(logits))).toEqual(next);
});

test("a distribution draws nothing and remembers nothing", () => {
  const sampler = createSampler({ presencePenalty: 1 });
  expectClose(sampler.distribution(logits), softmax(logits), 1e-15);
  expect(sampler.recent).toEqual([]);
});

test("the logits are not modified and may change in number between draws", () => {
  const sampler = createSampler({ topK: 2, topP: 0.9, typicalP: 0.9, presencePenalty: 1, temperature: 0.5 });
  const input = Float32Array.from(logits);
  sampler(input);
  expect(input).toEqual(Float32Array.from(logits));
  const filtered = createSampler({ topK: 2, topP: 0.9 });
  expect([filtered(logits), filtered([5]), filtered(logits)]).toEqual([expect.any(Number), 0, expect.any(Number)]);
});

test("frequency counts every occurrence, presence counts one, after the repetition penalty", () => {
  const sampler = createSampler({ repetitionPenalty: 2, frequencyPenalty: 0.25, presencePenalty: 1 });
  sampler.observe([0, 0, 2, 0]);
  const expected = softmax([1 / 2 - 3 * 0.25 - 1, 3, -0.5 * 2 - 0.25 - 1, 2, 2]);
  expectClose(sampler.distribution(logits), expected, 1e-15);
});

test("what is banned is not drawn even when it is allowed", () => {
  const sampler = createSampler({ allowedIds: [0, 1, 1], bannedIds: Uint16Array.of(1) });
  expectClose(sampler.distribution(logits), [1, 0, 0, 0, 0], 0);
});

test("more allowed ids than the scratch of a small vocabulary holds is no trouble", () => {
  const sampler = createSampler({ allowedIds: new Array<number>(50).fill(1) });
  expect(sampler([1, 2])).toBe(1);
});

test("ids allowed for one draw hold for that draw alone, among those that the sampler allows", () => {
  const sampler = createSampler({ bannedIds: [1], temperature: 0 });
  expect(sampler(logits, { allowedIds: [0, 1, 2] })).toBe(0);
  expect(sampler(logits)).toBe(3);
  expect(sampler.draw(logits, { allowedIds: Uint8Array.of(2) })).toMatchObject({ id: 2, probability: 1 });
  expectClose(createSampler({ allowedIds: [0, 3] }).distribution(logits, { allowedIds: [3, 4] }), [0, 0, 0, 1, 0], 0);
  expect(() => createSampler({ allowedIds: [0] })(logits, { allowedIds: [1] })).toThrow("every logit is -Infinity");
});

test("an id of probability 0 is never drawn, whatever the options", () => {
  const oneHot = new Float32Array(50_000);
  oneHot[7] = 1;
  for (const temperature of [0, 0.5, 1, 2, 100]) {
    expect(createSampler({ input: "probabilities", temperature, random: () => 0.999999 })(oneHot)).toBe(7);
  }
  const two = Array.from({ length: 59 }, (_, id) => [0.6, 0.4][id] ?? 0);
  const distribution = createSampler({ input: "probabilities", topK: 5 }).distribution(two);
  expect(Array.from(distribution).flatMap((p, id) => (p > 0 ? [id] : []))).toEqual([0, 1]);
  expectClose(distribution, two, 1e-15);
});

test("probabilities are tempered by their powers", () => {
  const distribution = createSampler({ input: "probabilities", temperature: 0.5 }).distribution([0.5, 0.25, 0.25, 0]);
  expectClose(distribution, [4 / 6, 1 / 6, 1 / 6, 0], 1e-15);
});

test("penalties leave exempt ids alone, and count the others as ever", () => {
  const sampler = createSampler({ frequencyPenalty: 1, dry: { multiplier: 9, allowedLength: 1 }, unpenalizedIds: [0] });
  sampler.observe([0, 2, 0, 2]);
  const distribution = sampler.distribution([1, 1, 3]);
  expectClose(distribution, softmax([1, 1, 3 - 2]), 1e-15); // DRY would have 0 after 2; it is exempt
});

test("a prompt that is not observed is left out of the penalties", () => {
  const told = createSampler({ presencePenalty: 1 });
  told.observe([1]);
  expectClose(told.distribution(logits), softmax([1, 2, -0.5, 2, 2]), 1e-15);
  expectClose(createSampler({ presencePenalty: 1 }).distribution(logits), softmax(logits), 1e-15);
});

test.each([1e10, Number.POSITIVE_INFINITY])("a penalty window of %d looks at the whole text", (penaltyWindow) => {
  const sampler = createSampler({ frequencyPenalty: 0.001, penaltyWindow });
  const text = Array.from({ length: 5000 }, (_, index) => index % 5);
  sampler.observe(text);
  expectClose(sampler.distribution(logits), softmax(logits), 1e-12); // 1000 of each
  expect(sampler.recent).toEqual(text);
});

test("a window keeps its last ids however many have come", () => {
  const sampler = createSampler({ presencePenalty: 1, penaltyWindow: 100 });
  const text = Array.from({ length: 1234 }, (_, index) => (index * index) % 97);
  for (const [index, id] of text.entries()) {
    sampler.observe([id]);
    if (index % 57 === 0) expect(sampler.recent).toEqual(text.slice(0, index + 1).slice(-100));
  }
  expect(sampler.recent).toEqual(text.slice(-100));
});

test("the temperature last leaves the filters the model's own distribution", () => {
  const tail = [4, 1, 0.9, 0.8].map((weight) => Math.log(weight / 6.7));
  const kept = (options: SamplerOptions) =>
    createSampler(options)
      .distribution(tail)
      .filter((p) => p > 0).length;
  expect(kept({ topP: 0.7, temperature: 3 })).toBe(3);
  expect(kept({ topP: 0.7, temperature: 3, temperatureLast: true })).toBe(2);
  const distribution = createSampler({ topK: 2, temperature: 0.5, temperatureLast: true }).distribution(tail);
  expectClose(distribution, [16 / 17, 1 / 17, 0, 0], 1e-12);
});

test("a least number is kept by every filter, of the most probable ones", () => {
  const steep = [0, 10, 20, 30];
  for (const filter of [{ topP: 0.1 }, { minP: 0.9 }, { topNSigma: 0.1 }, { topP: 0.1, minP: 1, topNSigma: 0.01 }]) {
    const distribution = createSampler({ ...filter, minKeep: 3 }).distribution(steep);
    expect(Array.from(distribution, (p) => p > 0)).toEqual([false, true, true, true]);
  }
  expect(
    createSampler({ minP: 1, minKeep: 9 })
      .distribution(steep)
      .every((p) => p > 0),
  ).toBe(true);
  const masked = createSampler({ minP: 1, minKeep: 3, bannedIds: [0, 1] }).distribution(steep);
  expect(Array.from(masked, (p) => p > 0)).toEqual([false, false, true, true]);
});
