import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { places } from "../test/arbitraries.js";
import { countWindowBatches, type WindowBatch, type WindowBatchOptions, windowBatches } from "./window-batches.js";
import { countWindows } from "./windows.js";

const epochs = fc
  .record({
    window: fc.integer({ min: 1, max: 12 }),
    stride: fc.integer({ min: 1, max: 5 }),
    batch: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
    epoch: fc.nat(),
    shuffle: fc.boolean(),
    dropLast: fc.boolean(),
    reuse: fc.boolean(),
    more: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ more, ...options }) => ({ ids: places(options.window + more), options }));

/** What a batch holds, apart from its arrays. */
function copy({ inputs, targets, rows, length }: WindowBatch) {
  return { inputs: [...inputs], targets: [...targets], rows, length };
}

function all(ids: Uint32Array, options: WindowBatchOptions) {
  return Array.from(windowBatches(ids, options), copy);
}

describe("windowBatches", () => {
  test("an epoch has each window once, followed by the character that comes next", () => {
    fc.assert(
      fc.property(epochs, ({ ids, options }) => {
        const starts: number[] = [];
        for (const { inputs, targets, rows, length } of all(ids, { ...options, dropLast: false })) {
          expect(length).toBe(options.window);
          expect(inputs).toHaveLength(rows * length);
          expect(targets).toHaveLength(rows);
          for (let row = 0; row < rows; row++) {
            const start = inputs[row * length]!;
            expect(inputs.slice(row * length, (row + 1) * length)).toEqual(Array.from({ length }, (_, t) => start + t));
            expect(targets[row]).toBe(start + length);
            starts.push(start);
          }
        }
        const expected = Array.from(
          { length: countWindows(ids.length, pick(options)) },
          (_, index) => index * options.stride,
        );
        if (options.shuffle) starts.sort((a, b) => a - b);
        expect(starts).toEqual(expected);
      }),
    );
  });

  test("an epoch that is resumed at any batch goes on as if it had not stopped", () => {
    fc.assert(
      fc.property(epochs, fc.nat(), ({ ids, options }, place) => {
        const whole = all(ids, options);
        expect(whole).toHaveLength(countWindowBatches(ids.length, options));
        const from = place % (whole.length + 1);
        expect(all(ids, { ...options, from })).toEqual(whole.slice(from));
      }),
    );
  });

  test("all batches are full but the last, which is left out when asked", () => {
    const ids = places(712_148 / 4);
    const options = { window: 60, stride: 3, batch: 128 };
    const rows = Array.from(windowBatches(ids, options), (batch) => batch.rows);
    const windows = countWindows(ids.length, pick(options));
    expect(rows.slice(0, -1).every((count) => count === 128)).toBe(true);
    expect(rows.at(-1)).toBe(windows % 128);
    expect(countWindowBatches(ids.length, { ...options, dropLast: true })).toBe(rows.length - 1);
    expect([...windowBatches(ids, { ...options, dropLast: true })]).toHaveLength(rows.length - 1);
  });

  test("the reference has 1,855 steps an epoch", () => {
    expect(countWindowBatches(712_148, { window: 60, stride: 3, batch: 128 })).toBe(1855);
  });

  test("seed and epoch decide the order", () => {
    const ids = places(1000);
    const options = { window: 10, batch: 100 };
    const first = all(ids, { ...options, seed: 1, epoch: 1 });
    expect(all(ids, { ...options, seed: 1, epoch: 1 })).toEqual(first);
    expect(all(ids, { ...options, seed: 1, epoch: 2 })).not.toEqual(first);
    expect(all(ids, { ...options, seed: 2, epoch: 1 })).not.toEqual(first);
  });

  test("each batch has arrays of its own, unless they may be filled again", () => {
    const ids = Uint8Array.from({ length: 50 }, (_, index) => index);
    const own = [...windowBatches(ids, { window: 5, batch: 8 })];
    expect(new Set(own.map(({ inputs }) => inputs.buffer)).size).toBe(own.length);
    const shared = [...windowBatches(ids, { window: 5, batch: 8, reuse: true })];
    expect(new Set(shared.map(({ inputs }) => inputs.buffer)).size).toBe(1);
    expect(own[0]!.inputs).toBeInstanceOf(Uint8Array);
    const { inputs } = windowBatches(new Uint16Array(9), { window: 5, batch: 8 }).next().value!;
    expect(inputs).toBeInstanceOf(Uint16Array);
  });

  test.each([
    [{ batch: 0 }, /batch is 0/],
    [{ from: 7 }, /from is 7, expected a whole number, from 0 to 6/],
    [{ seed: -1 }, /seed is -1/],
    [{ epoch: 0.5 }, /epoch is 0.5/],
    [{ shuffle: "no" }, /shuffle is "no", expected true or false/],
    [{ reuse: 1 }, /reuse is 1/],
    [{ dropLast: null }, /dropLast is null/],
    [{ size: 3 }, /no option "size"/],
  ])("wrong options %j are refused at once", (options, message) => {
    const act = () => windowBatches(places(50), { window: 5, batch: 8, ...options } as never);
    expect(act).toThrow(message);
    expect(act).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });

  test("a text that is too short is refused at once", () => {
    expect(() => windowBatches(places(5), { window: 5, batch: 8 })).toThrow(
      expect.objectContaining({ code: "TEXT_TOO_SHORT" }),
    );
  });
});

function pick({ window, stride }: { window: number; stride: number }) {
  return { window, stride };
}
