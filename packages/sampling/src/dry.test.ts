import { expectClose } from "@charlstm/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Dry, penalizeRepeats } from "./dry.js";
import { createSampler } from "./sampler.js";

/** The definition: every earlier place compared with the end, id by id. */
function longestMatches(text: readonly number[], breakerIds: readonly number[]): Map<number, number> {
  const longest = new Map<number, number>();
  for (let place = 0; place < text.length - 1; place++) {
    let length = 0;
    while (length <= place && text[place - length] === text.at(-1 - length)) {
      if (breakerIds.includes(text[place - length]!)) break;
      length++;
    }
    const next = text[place + 1]!;
    if (!breakerIds.includes(next)) longest.set(next, Math.max(longest.get(next) ?? 0, length));
  }
  return longest;
}

test("the id that would prolong a repetition loses what its length says, all others nothing", () => {
  const text = fc.array(fc.nat(3), { maxLength: 80 });
  const options: fc.Arbitrary<Dry> = fc.record({
    multiplier: fc.constantFrom(0.5, 1),
    base: fc.constantFrom(1, 1.3, 1.75),
    allowedLength: fc.integer({ min: 1, max: 5 }),
    breakerIds: fc.constantFrom([], [0], [1, 3]),
  });
  fc.assert(
    fc.property(text, options, (ids, dry) => {
      const logits = [0, 0, 0, 0, 0];
      penalizeRepeats(logits, ids, dry);
      const { multiplier, base, allowedLength, breakerIds } = dry;
      const expected = [0, 0, 0, 0, 0];
      for (const [id, length] of longestMatches(ids, Array.from(breakerIds!))) {
        if (length >= allowedLength!) expected[id]! -= Math.min(1e6, multiplier * base! ** (length - allowedLength!));
      }
      expectClose(logits, expected, 1e-6);
    }),
  );
});

test("a window hides what lies before it", () => {
  const logits = [0, 0, 0];
  penalizeRepeats(logits, [0, 1, 2, 0, 1], { multiplier: 1, window: 4 });
  expect(logits).toEqual([0, 0, 0]);
  penalizeRepeats(logits, [0, 1, 2, 0, 1], { multiplier: 1, window: 5 });
  expect(logits).toEqual([0, 0, -1]);
});

test("a loop of any length leaves finite logits, so that something can be drawn", () => {
  const sampler = createSampler({ temperature: 0, dry: { multiplier: 0.8, window: Number.POSITIVE_INFINITY } });
  sampler.observe(new Uint8Array(5000));
  expect(sampler([5, 1])).toBe(1);
  expect(createSampler({ dry: { multiplier: 1 } })([3])).toBe(0);
});

test("a long text that repeats itself is searched in one pass: comparing all of its places would take hours", () => {
  const logits = [0, 0];
  penalizeRepeats(logits, new Uint8Array(800_000), { multiplier: 1, window: Number.POSITIVE_INFINITY });
  expect(logits[0]).toBeLessThan(0);
  expect(logits[1]).toBe(0);
});

test("greedy text leaves its loop", () => {
  const next = [
    [0, 9, 8],
    [9, 0, 8],
    [0, 0, 9],
  ];
  const write = (options: { dry?: Dry }) => {
    const sampler = createSampler({ temperature: 0, ...options });
    let id = 0;
    return Array.from({ length: 40 }, () => {
      id = sampler(next[id]!);
      return id;
    });
  };
  expect(new Set(write({}).slice(10))).toEqual(new Set([0, 1]));
  expect(write({ dry: { multiplier: 1, allowedLength: 4 } }).slice(10)).toContain(2);
});
