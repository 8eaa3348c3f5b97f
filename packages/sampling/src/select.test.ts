import fc from "fast-check";
import { expect, test } from "vitest";
import { selectByMass } from "./select.js";

const key = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1, Number.NEGATIVE_INFINITY));

/** As numbers: -0 is 0. */
const descending = (keys: Iterable<number>) =>
  Float64Array.from(keys, (value) => value + 0)
    .sort()
    .reverse();

test("the k-th largest key is found, with the larger ones before it", () => {
  const keysAndRank = fc
    .array(key, { minLength: 1 })
    .chain((keys) => fc.tuple(fc.constant(keys), fc.integer({ min: 1, max: keys.length })));
  fc.assert(
    fc.property(keysAndRank, ([keys, rank]) => {
      const work = Float64Array.from(keys);
      const found = selectByMass(work, 0, keys.length, rank);
      const sorted = descending(keys);
      expect(found + 0).toBe(sorted[rank - 1]);
      expect(descending(work.subarray(0, rank))).toEqual(sorted.slice(0, rank));
    }),
  );
});

test("masses move with their keys and the target mass is reached at the key that is found", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 9 })), { minLength: 1 });
  fc.assert(
    fc.property(pairs, fc.double({ min: 0.01, max: 1, noNaN: true }), (entries, part) => {
      const total = entries.reduce((sum, [, mass]) => sum + mass, 0);
      fc.pre(total > 0);
      const count = entries.length;
      const work = new Float64Array(2 * count);
      for (const [index, [entryKey, mass]] of entries.entries()) {
        work[index] = entryKey;
        work[count + index] = mass;
      }
      const target = part * total;
      const found = selectByMass(work, count, count, target);
      const massFrom = (least: number) => entries.reduce((sum, [k, mass]) => sum + (k >= least ? mass : 0), 0);
      expect(massFrom(found)).toBeGreaterThanOrEqual(target);
      expect(massFrom(found + 1)).toBeLessThan(target);
      const moved = Array.from({ length: count }, (_, index) => [work[index]!, work[count + index]!]);
      expect(moved.sort()).toEqual(entries.map((entry) => [...entry]).sort());
    }),
  );
});

test("a target just above the sum of all masses, as rounding can make it, gives the smallest key", () => {
  expect(selectByMass(Float64Array.of(3, 1, 2, 0.1, 0.1, 0.1), 3, 3, 0.31)).toBe(1);
});

test.each([
  ["ascending", (index: number) => index],
  ["descending", (index: number) => -index],
  ["all equal", () => 1],
  ["a hill", (index: number) => -Math.abs(index - 100_000)],
  ["two values", (index: number) => index % 2],
])("keys that are %s are not a slow case", (_, keyAt) => {
  const keys = Float64Array.from({ length: 200_000 }, (_, index) => keyAt(index));
  const sorted = keys.slice().sort().reverse();
  // A quadratic selection would take minutes here and run into the test's time limit.
  for (const rank of [1, 50, 100_000, 200_000]) {
    expect(selectByMass(keys.slice(), 0, keys.length, rank)).toBe(sorted[rank - 1]);
  }
});
