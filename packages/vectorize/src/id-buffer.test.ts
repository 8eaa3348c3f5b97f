import { expect, test } from "vitest";
import { createIdBuffer } from "./id-buffer.js";

test("a buffer that is full grows to twice its size, or to what is asked for", () => {
  const buffer = createIdBuffer(10, 4);
  const first = buffer.ids;
  first.set([1, 2, 3]);
  buffer.length = 3;
  buffer.reserve(1);
  expect(buffer.ids).toBe(first);
  buffer.reserve(2);
  expect([...buffer.ids]).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
  buffer.reserve(97);
  expect(buffer.ids).toHaveLength(100);
  expect([...buffer.finish()]).toEqual([1, 2, 3]);
});

test.each([
  [256, 257, Uint8Array, Uint16Array],
  [65_536, 65_537, Uint16Array, Uint32Array],
])(
  "a vocabulary of %i characters keeps the buffer's elements, one of %i has wider ones",
  (most, more, narrow, wide) => {
    const buffer = createIdBuffer(most, 2);
    const first = buffer.ids;
    first[0] = most - 1;
    buffer.length = 1;
    buffer.widen(most);
    expect(buffer.ids).toBe(first);
    expect(first).toBeInstanceOf(narrow);
    buffer.widen(more);
    expect(buffer.ids).toBeInstanceOf(wide);
    expect([buffer.ids.length, ...buffer.finish()]).toEqual([2, most - 1]);
  },
);
