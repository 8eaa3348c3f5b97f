import { expectClose } from "@charlstm/testing";
import { expect, test } from "vitest";
import { keepMinP } from "./min-p.js";
import { createSampler } from "./sampler.js";
import { softmax } from "./softmax.js";
import { applyTemperature } from "./temperature.js";
import { keepTopK } from "./top-k.js";
import { keepTopP } from "./top-p.js";

const out = Number.NEGATIVE_INFINITY;

function kept(filter: (logits: number[]) => void, logits: readonly number[]): number[] {
  const changed = [...logits];
  filter(changed);
  return changed.flatMap((value, id) => (value > out ? [id] : []));
}

test("temperature 0 leaves the most probable id, the lowest of those that tie", () => {
  const logits = [1, 3, 3, out];
  applyTemperature(logits, 0);
  expect(logits).toEqual([out, 0, out, out]);
  expectClose(softmax(logits), [0, 1, 0, 0], 0);
});

test("top-p keeps only as many of the ids that tie at its edge as reach p, the lowest", () => {
  const logits = [1, 1, 4, 1, 1].map((weight) => Math.log(weight / 8));
  expect(kept((values) => keepTopP(values, 0.7), logits)).toEqual([0, 1, 2]);
  expect(kept((values) => keepTopP(values, 0.5), logits)).toEqual([2]);
  expect(kept((values) => keepTopP(values, 0.51), logits)).toEqual([0, 2]);
  expect(kept((values) => keepTopP(values, 0.99), logits)).toEqual([0, 1, 2, 3, 4]);
  expect(kept((values) => keepTopP(values, 0.3), [2, 2, 2, 2])).toEqual([0, 1]);
  expect(kept((values) => keepTopP(values, 1), [2, out, -700])).toEqual([0, 2]);
});

test("top-k keeps all ids that tie for its last place", () => {
  expect(kept((values) => keepTopK(values, 2), [1, 3, 1, 2, 1])).toEqual([1, 3]);
  expect(kept((values) => keepTopK(values, 3), [1, 3, 1, 2, 1])).toEqual([0, 1, 2, 3, 4]);
  expect(kept((values) => keepTopK(values, 1), [1, 2, 3, 4, 5, 4])).toEqual([4]);
  expect(kept((values) => keepTopK(values, 9), [1, out, 2])).toEqual([0, 2]);
});

test("alternatives come most probable first, the lowest id first of those that tie", () => {
  const ids = (logits: number[], alternatives: number) =>
    createSampler()
      .draw(logits, { alternatives })
      .alternatives.map(({ id }) => id);
  expect(ids([1, 2, 3], 3)).toEqual([2, 1, 0]);
  expect(ids([1, 5, 1, 1], 2)).toEqual([1, 0]);
  expect(ids([0, 3, 1, 3, 2], 4)).toEqual([1, 3, 4, 2]);
});

test("a least number kept takes what ties with the last of them too", () => {
  const keptOf = (minKeep: number) => {
    const logits = [1, 9, 2, 2, 0];
    keepMinP(logits, 0.5, undefined, minKeep);
    return logits.flatMap((logit, id) => (logit > Number.NEGATIVE_INFINITY ? [id] : []));
  };
  expect([1, 2, 3, 4, 5, 9].map(keptOf)).toEqual([
    [1],
    [1, 2, 3],
    [1, 2, 3],
    [0, 1, 2, 3],
    [0, 1, 2, 3, 4],
    [0, 1, 2, 3, 4],
  ]);
});
