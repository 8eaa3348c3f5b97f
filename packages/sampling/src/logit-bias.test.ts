import { expectClose } from "@charlstm/testing";
import { expect, test } from "vitest";
import { biasLogits } from "./logit-bias.js";
import { createSampler } from "./sampler.js";
import { softmax } from "./softmax.js";

const logits = [1, 3, -0.5];

test("a bias is added to the logits of its ids, from an object or a Map", () => {
  for (const logitBias of [
    { 0: 2, 2: -1.5 },
    new Map([
      [0, 2],
      [2, -1.5],
    ]),
  ]) {
    expectClose(createSampler({ logitBias }).distribution(logits), softmax([3, 3, -2]), 1e-15);
    const biased = [...logits];
    biasLogits(biased, logitBias);
    expect(biased).toEqual([3, 3, -2]);
  }
});

test("a bias comes before the repetition penalty, whose sign it may change", () => {
  const sampler = createSampler({ logitBias: { 0: -2 }, repetitionPenalty: 2 });
  sampler.observe([0]);
  expectClose(sampler.distribution(logits), softmax([-2, 3, -0.5]), 1e-15);
});

test("a bias of minus infinity excludes an id, and none brings an excluded one back", () => {
  const logitBias = { 1: Number.NEGATIVE_INFINITY, 2: 100 };
  expectClose(createSampler({ logitBias }).distribution([0, 9, Number.NEGATIVE_INFINITY]), [1, 0, 0], 0);
});

test.each<[unknown, string]>([
  [new Set([1]), "BAD_OPTION"],
  [[[1, 2]], "BAD_OPTION"],
  ["1", "BAD_OPTION"],
  [null, "BAD_OPTION"],
  [{ 1: "2" }, "BAD_OPTION"],
  [{ 1: Number.NaN }, "BAD_OPTION"],
  [{ 1: Number.POSITIVE_INFINITY }, "BAD_OPTION"],
  [{ "": 1 }, "BAD_ID"],
  [{ e: 1 }, "BAD_ID"],
  [{ "-1": 1 }, "BAD_ID"],
  [new Map([["1", 1]]), "BAD_ID"],
])("%o is refused", (logitBias, code) => {
  expect(() => createSampler({ logitBias: logitBias as never })).toThrow(expect.objectContaining({ code }));
});

test("an id outside the vocabulary is refused when its size is known", () => {
  const sampler = createSampler({ logitBias: { 3: 1 } });
  expect(() => sampler(logits)).toThrow(expect.objectContaining({ code: "BAD_ID" }));
});
