import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OneHotBatchOptions, oneHotBatches } from "./one-hot-batches.js";
import { windowBatches } from "./window-batches.js";

const epochs = fc
  .record({
    vocabularySize: fc.integer({ min: 1, max: 7 }),
    window: fc.integer({ min: 1, max: 6 }),
    stride: fc.integer({ min: 1, max: 3 }),
    batch: fc.integer({ min: 1, max: 9 }),
    seed: fc.nat(),
    reuse: fc.boolean(),
    numbers: fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
  })
  .map(({ numbers, vocabularySize, ...options }) => ({
    ids: Uint8Array.from(
      { length: options.window + numbers.length },
      (_, i) => numbers[i % numbers.length]! % vocabularySize,
    ),
    vocabularySize,
    options,
  }));

/** One-hot vectors of ids, the plain way. */
function oneHot(ids: ArrayLike<number>, vocabularySize: number): number[] {
  return Array.from(ids).flatMap((id) => Array.from({ length: vocabularySize }, (_, other) => (other === id ? 1 : 0)));
}

describe("oneHotBatches", () => {
  test.each(["float32", "uint8"] as const)("%s batches are the one-hot vectors of the id batches", (type) => {
    fc.assert(
      fc.property(epochs, ({ ids, vocabularySize, options }) => {
        const expected = windowBatches(ids, options);
        const withType: OneHotBatchOptions = { ...options, vocabularySize, type };
        for (const { x, y, rows, length } of oneHotBatches(ids, withType as OneHotBatchOptions & { type: "uint8" })) {
          const batch = expected.next().value!;
          expect(x).toBeInstanceOf(type === "uint8" ? Uint8Array : Float32Array);
          expect([...x]).toEqual(oneHot(batch.inputs, vocabularySize));
          expect([...y]).toEqual(oneHot(batch.targets, vocabularySize));
          expect({ rows, length }).toEqual({ rows: batch.rows, length: batch.length });
        }
        expect(expected.next().done).toBe(true);
      }),
    );
  });

  test("batches begin where they are resumed", () => {
    const ids = Uint8Array.from({ length: 40 }, (_, index) => index % 3);
    const options = { window: 4, batch: 5, vocabularySize: 3, seed: 8 };
    expect([...oneHotBatches(ids, { ...options, from: 3 })]).toEqual([...oneHotBatches(ids, options)].slice(3));
  });

  test("each batch has arrays of its own, unless they may be filled again", () => {
    const ids = new Uint8Array(40);
    const options = { window: 4, batch: 5, vocabularySize: 1 };
    const own = [...oneHotBatches(ids, options)];
    expect(new Set(own.map(({ x }) => x.buffer)).size).toBe(own.length);
    expect(new Set(Array.from(oneHotBatches(ids, { ...options, reuse: true }), ({ x }) => x.buffer)).size).toBe(1);
  });

  test.each([
    ["a window", [0, 3, 0, 0], 1],
    ["a target", [0, 0, 0, 4], 3],
  ])("an id outside the vocabulary in %s is an error that names it and its position", (_, values, position) => {
    expect(() => [...oneHotBatches(Uint8Array.from(values), { window: 3, batch: 2, vocabularySize: 3 })]).toThrow(
      expect.objectContaining({
        code: "UNKNOWN_ID",
        details: { id: values[position], position, vocabularySize: 3 },
      }),
    );
  });

  test.each([
    [{ vocabularySize: 0 }, /vocabularySize is 0/],
    [{ type: "float64" }, /type is "float64", expected "float32" or "uint8"/],
    [{ dtype: "uint8" }, /no option "dtype"/],
  ])("wrong options %j are refused at once", (options, message) => {
    expect(() =>
      oneHotBatches(new Uint8Array(9), { window: 3, batch: 2, vocabularySize: 3, ...options } as never),
    ).toThrow(message);
  });
});
