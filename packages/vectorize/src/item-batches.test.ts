import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createItemBatches, type ItemBatch } from "./index.js";

/** The mark is 9. */
const item = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 11 });
const shape = fc.record({
  batch: fc.integer({ min: 1, max: 5 }),
  length: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(1000),
});
const epochs = fc.nat(9);

const marked = (items: readonly number[][]) => Uint8Array.from([...items.flatMap((ids) => [9, ...ids]), 9]);

/** What each row has read, stretch by stretch, padding left out, as `[inputs, targets, begins]`; of length 0 when it is done. */
function rowsOf(batches: Iterable<ItemBatch>): [number[], number[], boolean][][] {
  const rows: [number[], number[], boolean][][] = [];
  for (const { inputs, targets, rows: count, length, lengths, begins } of batches) {
    expect(Math.max(...lengths)).toBe(length);
    for (let row = 0; row < count; row++) {
      const cut = (ids: Uint8Array) => [...ids.subarray(row * length, row * length + lengths[row]!)];
      rows[row] ??= [];
      rows[row]!.push([cut(inputs as Uint8Array), cut(targets as Uint8Array), begins.includes(row)]);
    }
  }
  return rows;
}

describe("batches of items", () => {
  const property = (
    check: (items: number[][], options: { batch: number; length: number; seed: number }, epoch: number) => void,
  ) => fc.assert(fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), shape, epochs, check));

  test("each row begins at zero where an item begins, and nowhere else", () => {
    property((items, options, epoch) => {
      for (const row of rowsOf(createItemBatches(marked(items), options).epoch(epoch))) {
        for (const [inputs, , begins] of row) {
          if (inputs.length > 0) expect(begins).toBe(inputs[0] === 9);
          expect(inputs.indexOf(9, 1)).toBe(-1);
        }
      }
    });
  });

  test("each character is followed by the next of its item, and the last by the mark", () => {
    property((items, options, epoch) => {
      for (const row of rowsOf(createItemBatches(marked(items), options).epoch(epoch))) {
        const [inputs, targets] = [0, 1].map((which) => row.flatMap((stretch) => stretch[which] as number[]));
        expect(targets).toEqual([...inputs!.slice(1), 9]);
      }
    });
  });

  test("an epoch reads every item once, whole, and every epoch has as many batches", () => {
    property((items, options, epoch) => {
      const { epoch: open, batches, items: count } = createItemBatches(marked(items), options);
      const rows = rowsOf(open(epoch));
      const read = rows.flatMap((row) => row.flatMap(([inputs]) => inputs));
      const texts = (ids: readonly number[]) => ids.join("").split("9").slice(1).sort();
      expect(texts(read)).toEqual(texts(items.flatMap((ids) => [9, ...ids])));
      expect(count).toBe(items.length);
      for (const row of rows) expect(row).toHaveLength(batches);
    });
  });

  test("no row has more than another by more than an item", () => {
    property((items, options) => {
      const rows = rowsOf(createItemBatches(marked(items), options).epoch(0));
      const loads = rows.map((row) => row.filter(([inputs]) => inputs.length > 0).length);
      const longest = Math.max(...items.map((ids) => Math.ceil((ids.length + 1) / options.length)));
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(longest);
    });
  });

  test("an item that is longer than a row's share is read in pieces, each from the state of zero", () => {
    const long = Array.from({ length: 999 }, (_, index) => index % 5);
    const { rows, batches, epoch } = createItemBatches(marked([long]), { batch: 4, length: 10 });
    expect([rows, batches]).toEqual([4, 25]);
    const [first] = [...epoch(1)];
    expect(first!.begins).toEqual([0, 1, 2, 3]);
    // One of 16 stretches is not cut, whatever its share.
    expect(createItemBatches(marked([long.slice(0, 159)]), { batch: 4, length: 10 })).toMatchObject({
      rows: 1,
      batches: 16,
    });
  });

  test("an epoch that is entered later goes on as if it had been read from its start", () => {
    property((items, options, epoch) => {
      const { epoch: open, batches } = createItemBatches(marked(items), options);
      const all = [...open(epoch)];
      for (let from = 0; from <= batches; from++) {
        const rest = [...open(epoch, from)];
        expect(rest).toEqual(all.slice(from));
      }
    });
  });

  test("the order is another one in each epoch and for each seed, and the same for the same", () => {
    const items = Array.from({ length: 40 }, (_, index) => [index % 5, index % 3, index % 2]);
    const order = (seed: number, epoch: number) =>
      JSON.stringify([...createItemBatches(marked(items), { batch: 2, length: 8, seed }).epoch(epoch)]);
    expect(order(1, 1)).toBe(order(1, 1));
    expect(new Set([order(1, 1), order(1, 2), order(2, 1)]).size).toBe(3);
  });
});

test.each([[[]], [[9]], [[9, 1, 2]]])("a text of %j has no item", (ids) => {
  expect(() => createItemBatches(Uint8Array.from(ids), { batch: 1, length: 4 })).toThrow(
    expect.objectContaining({ code: "TEXT_TOO_SHORT" }),
  );
});
