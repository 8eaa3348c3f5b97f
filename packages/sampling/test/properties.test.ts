import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allowOnlyIds,
  applyTemperature,
  banIds,
  createRandom,
  createSampler,
  keepMinP,
  keepTopK,
  keepTopP,
  keepTypical,
  logitsOfProbabilities,
  logSoftmax,
  logSumExp,
  type SamplerOptions,
  sample,
  sampleLogits,
  softmax,
} from "../src/index.js";

const logit = fc.double({ min: -40, max: 40, noNaN: true });
/** With ties and masked ids more often than chance would have them. */
const logitsArray = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: logit },
      { weight: 2, arbitrary: fc.constantFrom(-1, 0, 1, 2) },
      { weight: 1, arbitrary: fc.constant(Number.NEGATIVE_INFINITY) },
    ),
    { minLength: 1, maxLength: 80 },
  )
  .filter((logits) => logits.some((value) => value > Number.NEGATIVE_INFINITY));
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const samplerOptions: fc.Arbitrary<SamplerOptions> = fc.record(
  {
    temperature: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 20, noNaN: true })),
    topK: fc.integer({ min: 1, max: 100 }),
    topP: share,
    minP: fc.double({ min: 0, max: 1, noNaN: true }),
    typicalP: share,
    repetitionPenalty: fc.double({ min: 0.1, max: 3, noNaN: true }),
    frequencyPenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    dry: fc.record({ multiplier: fc.constantFrom(0.5, 5), allowedLength: fc.integer({ min: 1, max: 3 }) }),
    topNSigma: fc.double({ min: 0.01, max: 5, noNaN: true }),
    minKeep: fc.integer({ min: 1, max: 100 }),
    temperatureLast: fc.boolean(),
    xtc: fc.record({
      probability: fc.double({ min: 0, max: 1, noNaN: true }),
      threshold: fc.constantFrom(0.01, 0.2, 0.5),
    }),
    mirostat: fc.record({ target: fc.double({ min: 0.1, max: 6, noNaN: true }) }),
  },
  { requiredKeys: [] },
);

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}

function kept(values: ArrayLike<number>): number[] {
  return Array.from(values).flatMap((value, id) => (value > Number.NEGATIVE_INFINITY ? [id] : []));
}

/** A filter that sorts everything: the definition, slow and plain. */
function byDescending(values: readonly number[]): number[] {
  return values.map((_, id) => id).sort((a, b) => values[b]! - values[a]! || a - b);
}

describe("probabilities", () => {
  test("sum to 1 and keep the order of the logits", () => {
    fc.assert(
      fc.property(logitsArray, (logits) => {
        const probabilities = softmax(logits);
        expect(sum(probabilities)).toBeCloseTo(1, 12);
        for (const [id, value] of logits.entries()) {
          for (const [other, otherValue] of logits.entries()) {
            if (value > otherValue) expect(probabilities[id]!).toBeGreaterThanOrEqual(probabilities[other]!);
          }
        }
      }),
    );
  });

  test("do not change when all logits move by the same amount", () => {
    fc.assert(
      fc.property(logitsArray, logit, (logits, shift) => {
        const moved = logits.map((value) => value + shift);
        expectClose(softmax(moved), softmax(logits), 1e-11);
        expect(logSumExp(moved)).toBeCloseTo(logSumExp(logits) + shift, 9);
      }),
    );
  });

  test("are the exponentials of logSoftmax", () => {
    fc.assert(
      fc.property(logitsArray, (logits) => expectClose(logSoftmax(logits).map(Math.exp), softmax(logits), 1e-12)),
    );
  });

  test("of every composition of filters sum to 1, and each filtered id was possible before", () => {
    fc.assert(
      fc.property(logitsArray, samplerOptions, fc.array(fc.nat(79)), (logits, options, recent) => {
        const sampler = createSampler(options);
        sampler.observe(recent.filter((id) => id < logits.length));
        const distribution = sampler.distribution(logits);
        expect(sum(distribution)).toBeCloseTo(1, 12);
        for (const [id, probability] of distribution.entries()) {
          if (probability > 0) expect(logits[id]).toBeGreaterThan(Number.NEGATIVE_INFINITY);
        }
      }),
    );
  });
});

describe("a draw", () => {
  test("is an id that is not masked, whatever the uniform number", () => {
    fc.assert(
      fc.property(logitsArray, samplerOptions, uniform, (logits, options, number) => {
        const random = () => number;
        expect(kept(logits)).toContain(sampleLogits(logits, { random }));
        expect(kept(logits)).toContain(createSampler({ ...options, random })(logits));
      }),
    );
  });

  test("moves up the ids with the uniform number", () => {
    fc.assert(
      fc.property(logitsArray, uniform, uniform, (logits, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const draw = (number: number) => sampleLogits(logits, { random: () => number });
        expect(draw(low)).toBeLessThanOrEqual(draw(high));
      }),
    );
  });

  test("is the same with scratch, from Float32Array, Float64Array and plain arrays of the same numbers", () => {
    fc.assert(
      fc.property(logitsArray, uniform, (logits, number) => {
        const random = () => number;
        const rounded = Float32Array.from(logits);
        const scratch = new Float64Array(logits.length + 3).fill(Number.NaN);
        const expected = sampleLogits(Array.from(rounded), { random });
        expect(sampleLogits(rounded, { random })).toBe(expected);
        expect(sampleLogits(Float64Array.from(rounded), { random, scratch })).toBe(expected);
        expect(createSampler({ random })(rounded)).toBe(expected);
      }),
    );
  });

  test("from probabilities equals the sampler's from the logits that sample() takes them for", () => {
    const probability = fc.nat(1000).map((thousandths) => thousandths / 1000);
    const probabilities = fc.array(probability, { minLength: 1, maxLength: 60 }).filter((values) => sum(values) > 0);
    const temperature = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(probabilities, temperature, uniform, (values, degree, number) => {
        const options = { temperature: degree, random: () => number };
        expect(createSampler(options)(logitsOfProbabilities(values))).toBe(sample(values, options));
      }),
    );
  });

  test("at temperature 0, and at almost 0, is the largest logit's id, the lowest on a tie", () => {
    fc.assert(
      fc.property(logitsArray, uniform, (unrounded, number) => {
        const logits = unrounded.map((value) => Math.round(value * 1000) / 1000 + 0); // no -0, no gap below 0.001
        const greedy = byDescending(logits)[0]!;
        const random = () => number;
        expect(sampleLogits(logits, { temperature: 0, random })).toBe(greedy);
        const almost = sampleLogits(logits, { temperature: 1e-6, random });
        expect(logits[almost]).toBe(logits[greedy]);
      }),
    );
  });

  test("at a temperature towards infinity is uniform over the ids that are left", () => {
    fc.assert(
      fc.property(logitsArray, (logits) => {
        const left = kept(logits);
        const distribution = createSampler({ temperature: 1e15 }).distribution(logits);
        const even = logits.map((_, id) => (left.includes(id) ? 1 / left.length : 0));
        expectClose(distribution, even, 1e-10);
      }),
    );
  });
});

describe("a filter keeps what its definition keeps", () => {
  test("top-k: the k largest and their ties", () => {
    fc.assert(
      fc.property(logitsArray, fc.integer({ min: 1, max: 100 }), (logits, k) => {
        const filtered = Float64Array.from(logits);
        keepTopK(filtered, k);
        const threshold = logits[byDescending(logits)[Math.min(k, logits.length) - 1]!]!;
        expect(Array.from(filtered)).toEqual(logits.map((x) => (x >= threshold ? x : Number.NEGATIVE_INFINITY)));
      }),
    );
  });

  test("top-p: the shortest run of the most probable that reaches p", () => {
    fc.assert(
      fc.property(logitsArray, share, (logits, p) => {
        const filtered = Float64Array.from(logits);
        keepTopP(filtered, p);
        const probabilities = softmax(logits);
        const left = kept(filtered);
        const mass = sum(left.map((id) => probabilities[id]!));
        const least = Math.min(...left.map((id) => probabilities[id]!));
        expect(left).toEqual(
          byDescending(logits)
            .slice(0, left.length)
            .sort((a, b) => a - b),
        );
        expect(mass).toBeGreaterThan(p - 1e-12);
        if (p < 1) expect(mass - least).toBeLessThan(p + 1e-12);
      }),
    );
  });

  test("min-p: at least p times the most probable", () => {
    fc.assert(
      fc.property(logitsArray, fc.double({ min: 0, max: 1, noNaN: true }), (logits, p) => {
        const filtered = Float64Array.from(logits);
        keepMinP(filtered, p);
        const largest = Math.max(...logits);
        const bar = largest + Math.log(p);
        // Rounding moves the bar by a few units in the last place: what lies within that may stay.
        const rounding = 16 * Number.EPSILON * Math.max(1, Math.abs(largest), Math.abs(bar));
        for (const [id, logit] of logits.entries()) {
          const expected =
            logit >= bar ? [logit] : [Number.NEGATIVE_INFINITY, ...(logit >= bar - rounding ? [logit] : [])];
          expect(expected).toContain(filtered[id]);
        }
      }),
    );
  });

  test("typical: the ids whose surprise is nearest the entropy, until they reach the mass", () => {
    fc.assert(
      fc.property(logitsArray, share, (logits, mass) => {
        const filtered = Float64Array.from(logits);
        keepTypical(filtered, mass);
        const probabilities = softmax(logits);
        const surprise = logSoftmax(logits).map((x) => -x);
        const entropy = sum(probabilities.map((p, id) => (p > 0 ? p * surprise[id]! : 0)));
        const distance = surprise.map((x) => Math.abs(x - entropy));
        const left = kept(filtered);
        const furthest = Math.max(...left.map((id) => distance[id]!));
        expect(sum(left.map((id) => probabilities[id]!))).toBeGreaterThan(mass - 1e-9);
        for (const id of kept(logits)) {
          if (!left.includes(id)) expect(distance[id]!).toBeGreaterThan(furthest - 1e-9);
        }
        const nearer = left.filter((id) => distance[id]! < furthest - 1e-9);
        if (mass < 1) expect(sum(nearer.map((id) => probabilities[id]!))).toBeLessThan(mass + 1e-9);
      }),
    );
  });

  test("masks: banned ids are gone, only allowed ids stay, the others keep their logits", () => {
    fc.assert(
      fc.property(logitsArray, fc.array(fc.nat(200)), (logits, numbers) => {
        const ids = numbers.map((number) => number % logits.length);
        const banned = [...logits];
        banIds(banned, ids);
        expect(banned).toEqual(logits.map((x, id) => (ids.includes(id) ? Number.NEGATIVE_INFINITY : x)));
        const allowed = [...logits];
        allowOnlyIds(allowed, ids);
        expect(allowed).toEqual(logits.map((x, id) => (ids.includes(id) ? x : Number.NEGATIVE_INFINITY)));
      }),
    );
  });

  test("temperature: the ratios of the probabilities are raised to 1 / temperature", () => {
    fc.assert(
      fc.property(logitsArray, fc.double({ min: 0.1, max: 10, noNaN: true }), (logits, temperature) => {
        const tempered = Float64Array.from(logits);
        applyTemperature(tempered, temperature);
        const powers = softmax(logits).map((p, id) => (logits[id]! > -100 ? p ** (1 / temperature) : 0));
        const total = sum(powers);
        // p underflows before its root does, hence a tolerance that is not rounding alone.
        expectClose(
          softmax(tempered),
          powers.map((power) => power / total),
          1e-9,
        );
      }),
    );
  });
});

describe("a generator", () => {
  test("gives numbers in [0, 1) and goes on from a saved state exactly", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(50), (seed, steps) => {
        const random = createRandom(seed);
        for (let index = 0; index < steps; index++) random();
        const copy = createRandom(JSON.parse(JSON.stringify(random.state)));
        for (let index = 0; index < 20; index++) {
          const value = random();
          expect(copy()).toBe(value);
          expect(value >= 0 && value < 1).toBe(true);
        }
      }),
    );
  });

  test("starts elsewhere for every seed", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        fc.pre(a !== b);
        expect(createRandom(a).state).not.toEqual(createRandom(b).state);
      }),
    );
  });
});
