import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { places } from "../test/arbitraries.js";
import { countStreamBatches, type StreamBatchOptions, streamBatches } from "./stream-batches.js";

const epochs = fc
  .record({
    batch: fc.integer({ min: 1, max: 8 }),
    length: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(),
    epoch: fc.nat(),
    shift: fc.boolean(),
    reuse: fc.boolean(),
    more: fc.nat(300),
  })
  .map(({ more, ...options }) => ({ ids: places(options.batch * options.length + 1 + more), options }));

function all(ids: Uint32Array, options: StreamBatchOptions) {
  return Array.from(streamBatches(ids, options), ({ inputs, targets, rows, length, begins }) => ({
    inputs: [...inputs],
    targets: [...targets],
    rows,
    length,
    begins,
  }));
}

describe("streamBatches", () => {
  test("an epoch is one piece of the text, each character read once, and each target is the next character", () => {
    fc.assert(
      fc.property(epochs, ({ ids, options }) => {
        const { batch, length } = options;
        const batches = all(ids, options);
        const read = batches.flatMap(({ inputs }) => inputs).sort((a, b) => a - b);
        const offset = read[0]!;
        expect(read).toEqual(Array.from({ length: batches.length * batch * length }, (_, index) => offset + index));
        for (const { inputs, targets } of batches) expect(targets).toEqual(inputs.map((place) => place + 1));
        const leftOver = ids.length - 1 - read.length;
        expect(leftOver).toBeLessThan(batch * length);
        expect(offset).toBeLessThanOrEqual(leftOver);
        if (!options.shift) expect(batches[0]!.inputs[0]).toBe(0);
      }),
    );
  });

  test("a row goes on where the batch before ended, unless it is named as one that begins", () => {
    fc.assert(
      fc.property(epochs, ({ ids, options }) => {
        const { batch, length } = options;
        let ends: number[] | undefined;
        for (const { inputs, begins } of all(ids, options)) {
          const starts = Array.from({ length: batch }, (_, row) => inputs[row * length]!);
          const goesOn = starts.map((start, row) => start === ends?.[row]);
          expect(begins).toEqual([...goesOn.keys()].filter((row) => !goesOn[row]));
          ends = starts.map((start) => start + length);
        }
      }),
    );
  });

  test("over sixteen epochs the rows begin at sixteen times as many places, spread evenly over the text", () => {
    const ids = places(4 * 160 * 5 + 1);
    const starts = Array.from({ length: 16 }, (_, epoch) => all(ids, { batch: 4, length: 5, epoch })[0]!.inputs)
      .flatMap((inputs) => [0, 1, 2, 3].map((row) => inputs[row * 5]!))
      .sort((a, b) => a - b);
    expect(starts).toEqual(Array.from({ length: 64 }, (_, place) => place * 50));
  });

  test("an epoch that is resumed at any batch goes on as if it had not stopped", () => {
    fc.assert(
      fc.property(epochs, fc.nat(), ({ ids, options }, place) => {
        const whole = all(ids, options);
        expect(whole).toHaveLength(countStreamBatches(ids.length, { batch: options.batch, length: options.length }));
        const from = place % (whole.length + 1);
        expect(all(ids, { ...options, from })).toEqual(whole.slice(from));
      }),
    );
  });

  test("each epoch begins at an offset of its own, and all offsets come", () => {
    const ids = places(4 * 5 + 1 + 7);
    const offsetOf = (epoch: number) => Math.min(...all(ids, { batch: 4, length: 5, epoch })[0]!.inputs);
    const offsets = Array.from({ length: 200 }, (_, epoch) => offsetOf(epoch));
    expect([...new Set(offsets)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(offsetOf(3)).toBe(offsets[3]);
  });

  test("a text of one character more than a batch is one batch", () => {
    expect(all(places(7), { batch: 2, length: 3 })).toEqual([
      { inputs: [0, 1, 2, 3, 4, 5], targets: [1, 2, 3, 4, 5, 6], rows: 2, length: 3, begins: [0, 1] },
    ]);
  });

  test("a shorter text is refused at once, and has no batches to count", () => {
    expect(countStreamBatches(6, { batch: 2, length: 3 })).toBe(0);
    expect(countStreamBatches(0, { batch: 2, length: 3 })).toBe(0);
    expect(() => streamBatches(places(6), { batch: 2, length: 3 })).toThrow(
      expect.objectContaining({ code: "TEXT_TOO_SHORT", details: { characters: 6, batch: 2, length: 3, needed: 7 } }),
    );
  });

  test("each batch has arrays of its own, unless they may be filled again", () => {
    const own = [...streamBatches(places(100), { batch: 3, length: 4 })];
    expect(new Set(own.map(({ inputs }) => inputs.buffer)).size).toBe(own.length);
    const shared = [...streamBatches(places(100), { batch: 3, length: 4, reuse: true })];
    expect(new Set(shared.map(({ inputs }) => inputs.buffer)).size).toBe(1);
  });

  test.each([
    [{ batch: 0 }, /batch is 0/],
    [{ length: 0 }, /length is 0/],
    [{ from: 9 }, /from is 9, expected a whole number, from 0 to 8/],
    [{ shift: 3 }, /shift is 3, expected true or false/],
    [{ shuffle: true }, /no option "shuffle"/],
  ])("wrong options %j are refused at once", (options, message) => {
    expect(() => streamBatches(places(100), { batch: 3, length: 4, ...options } as never)).toThrow(message);
  });
});
