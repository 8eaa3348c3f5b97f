import { describe, expect, test } from "vitest";
import { batchSource, splitText } from "./data.js";
import { presets } from "./presets.js";

const ids = (length: number) => Uint8Array.from({ length }, (_, place) => place);

describe("splitText", () => {
  test("holds out the last share of one text, rounded down", () => {
    expect(splitText(ids(10), 0.25)).toEqual({ train: ids(8), heldOut: ids(10).subarray(8) });
    expect(splitText(ids(10), 0)).toEqual({ train: ids(10), heldOut: new Uint8Array() });
  });

  test("holds out the end of each of two texts and of three, with the separator between", () => {
    // 0 to 4, the separator 5 and 6, 7 to 12; then 13 and 14, 15 and 16, whose share is no whole character.
    const two = splitText(ids(13), 0.4, [
      { begin: 0, end: 5 },
      { begin: 7, end: 13 },
    ]);
    expect([[...two.train], [...two.heldOut]]).toEqual([
      [0, 1, 2, 5, 6, 7, 8, 9, 10],
      [3, 4, 5, 6, 11, 12],
    ]);
    const three = splitText(ids(17), 0.4, [
      { begin: 0, end: 5 },
      { begin: 7, end: 13 },
      { begin: 15, end: 17 },
    ]);
    expect([[...three.train], [...three.heldOut]]).toEqual([
      [0, 1, 2, 5, 6, 7, 8, 9, 10, 5, 6, 15, 16],
      [3, 4, 5, 6, 11, 12],
    ]);
  });
});

describe("batchSource", () => {
  const sequence = { ...presets.quick, window: 4, batch: 16 };

  test("takes as many rows as the text has whole stretches with a character to follow", () => {
    for (const [length, rows, steps] of [
      [5, 1, 1],
      [12, 2, 1],
      [13, 3, 1],
      [129, 16, 2],
      [1000, 16, 15],
    ] as const) {
      const source = batchSource(ids(length), sequence);
      expect([length, source.rows, source.stepsPerEpoch]).toEqual([length, rows, steps]);
      expect([...source.batches(1, 0)]).toHaveLength(steps);
    }
  });

  test("takes as many windows as there are, and an epoch can be entered anywhere", () => {
    const windows = { ...presets.notebook, window: 4, stride: 2, batch: 8 };
    const few = batchSource(ids(10), windows); // from 0, 2 and 4
    expect([few.rows, few.stepsPerEpoch]).toEqual([3, 1]);
    const source = batchSource(ids(50), windows);
    expect([source.rows, source.stepsPerEpoch]).toEqual([8, 3]); // 23 windows
    const all = [...source.batches(2, 0)].map(({ inputs }) => [...inputs]);
    expect(all.map(({ length }) => length / 4)).toEqual([8, 8, 7]);
    expect([...source.batches(2, 1)].map(({ inputs }) => [...inputs])).toEqual(all.slice(1));
    expect([...source.batches(3, 0)].map(({ inputs }) => [...inputs])).not.toEqual(all);
    for (const { begins } of source.batches(1, 0)) expect(begins).toEqual([]);
  });

  test.each(["window", "sequence"] as const)("a text that is no longer than a window is refused (%s)", (objective) => {
    expect(() => batchSource(ids(4), { ...sequence, objective })).toThrow(
      expect.objectContaining({
        code: "TEXT_TOO_SHORT",
        message:
          "the text to train on has 4 characters, a window of 4 needs at least 5: use a longer text, a smaller window, or hold less of it out",
        details: { characters: 4, window: 4 },
      }),
    );
    expect(batchSource(ids(5), { ...sequence, objective }).stepsPerEpoch).toBe(1);
  });
});
