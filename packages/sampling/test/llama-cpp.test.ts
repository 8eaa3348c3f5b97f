// The cases of llama.cpp's tests/test-sampling.cpp, by value. Its samplers keep ids sorted and do not divide by the sum; here an id
// keeps its place, one that is excluded has 0, and probabilities sum to 1. What it takes for "off" (top-k 0, top-n-sigma 0) is
// an option that is left out.
import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { createSampler, type SamplerOptions } from "../src/index.js";

/** Theirs. */
const tolerance = 1e-5;
const rising = [0.1, 0.2, 0.3, 0.4];
const falling = [0.4, 0.3, 0.2, 0.1];
const even = [0.2, 0.2, 0.2, 0.2, 0.2];

function check(probabilities: readonly number[], options: SamplerOptions, expected: readonly number[], text = [0]) {
  for (const values of [probabilities.map(Math.log), Float32Array.from(probabilities, Math.log)]) {
    const sampler = createSampler(options);
    sampler.observe(text);
    expectClose(sampler.distribution(values), expected, tolerance);
  }
}

/** What a sampler without penalties leaves, divided by its sum. */
function left(...weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

test.each<[SamplerOptions, number[]]>([
  [{ temperature: 1 }, rising],
  [{ temperature: 0 }, [0, 0, 0, 1]],
  [{ topK: 1 }, [0, 0, 0, 1]],
  [{ topK: 3 }, [0, 0.22222, 0.33333, 0.44444]],
  [{ topK: 4 }, rising],
  [{}, rising],
  [{ topP: 0.7 }, [0, 0, 0.428571, 0.571429]],
  [{ topP: 0.8 }, [0, 0.22222, 0.33333, 0.44444]],
  [{ topP: 1 }, rising],
  [{ minP: 0 }, rising],
  [{ minP: 0.24 }, rising],
  [{ minP: 0.26 }, left(0, 0.2, 0.3, 0.4)],
  [{ minP: 0.49 }, left(0, 0.2, 0.3, 0.4)],
  [{ minP: 0.51 }, left(0, 0, 0.3, 0.4)],
  [{ minP: 0.74 }, left(0, 0, 0.3, 0.4)],
  [{ minP: 0.76 }, [0, 0, 0, 1]],
  [{ minP: 1 }, [0, 0, 0, 1]],
  [{ topNSigma: 1 }, [0, 0, 0.428571, 0.571429]],
  [{ topNSigma: 3 }, rising],
])("%o", (options, expected) => {
  if (options.topP !== 0.7) return check(rising, options, expected);
  // .3 + .4 reaches .7 in float64; rounded to float32 it is not these numbers any more.
  expectClose(createSampler(options).distribution(rising.map(Math.log)), expected, tolerance);
});

test.each<[threshold: number, expected: number[]]>([
  [0.09, left(0, 0, 0, 0.1)],
  [0.19, left(0, 0, 0.2, 0.1)],
  [0.29, left(0, 0.3, 0.2, 0.1)],
  [0.39, falling],
])("XTC above %d", (threshold, expected) => {
  check(falling, { xtc: { probability: 1, threshold } }, expected);
  const mixed = expected.map((p, id) => 0.99 * p + 0.01 * falling[id]!);
  check(falling, { xtc: { probability: 0.99, threshold } }, mixed);
});

test.each<[number[], number[]]>([
  [
    [0.97, 0.01, 0.01, 0.01],
    [1, 0, 0, 0],
  ],
  [[0.4, 0.2, 0.2, 0.2], left(0, 0.2, 0.2, 0.2)],
])("typical .5 of %o", (probabilities, expected) => check(probabilities, { typicalP: 0.5 }, expected));

describe("penalties", () => {
  const hard = { repetitionPenalty: 50 };
  const soft = { frequencyPenalty: 5, presencePenalty: 5 };
  test.each<[SamplerOptions, number[], number[]]>([
    [hard, [0], [0, 0.25, 0.25, 0.25, 0.25]],
    [hard, [0, 1, 2], [0, 0, 0, 0.5, 0.5]],
    [hard, [0, 1, 2, 0, 0], [0, 0, 0, 0.5, 0.5]],
    [soft, [0], [0.000011, 0.249997, 0.249997, 0.249997, 0.249997]],
    [soft, [0, 1, 2], [0.000023, 0.000023, 0.000023, 0.499966, 0.499966]],
    [soft, [0, 1, 2, 0, 0], [0, 0.000023, 0.000023, 0.499977, 0.499977]],
  ])("%o after %o", (options, text, expected) => check(even, options, expected, text));
});

describe("DRY", () => {
  const quarter = [0.25, 0.25, 0.25, 0.25];
  test.each<[number[], number[], number[], [multiplier: number, allowedLength: number, window: number], number[]]>([
    [quarter, [0, 1], quarter, [1, 2, 4], []],
    [quarter, [0, 1, 2, 0, 1], [0.296923, 0.296923, 0.109232, 0.296923], [1, 2, 5], []],
    [even, [0, 1, 3, 4, 0, 1], even, [1, 2, 6], [3]],
    [even, [0, 1, 2, 0, 1], [0.241818, 0.241818, 0.032727, 0.241818, 0.241818], [2, 2, 5], []],
    [even, [0, 1, 2, 3, 4, 0, 1], even, [1, 4, 7], []],
  ])("%o after %o", (probabilities, text, expected, [multiplier, allowedLength, window], breakerIds) => {
    check(probabilities, { dry: { multiplier, base: 1.1, allowedLength, window, breakerIds } }, expected, text);
  });
});

test("what llama.cpp clamps is refused: top-p 0, min-p above 1", () => {
  expect(() => createSampler({ topP: 0 })).toThrow("top-p is 0");
  expect(() => createSampler({ minP: 1.05 })).toThrow("min-p is 1.05");
});
