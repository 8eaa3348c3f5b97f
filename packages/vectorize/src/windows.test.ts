import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { places } from "../test/arbitraries.js";
import { countWindows, windows } from "./windows.js";

const shapes = fc.record({
  length: fc.nat(300),
  window: fc.integer({ min: 1, max: 40 }),
  stride: fc.integer({ min: 1, max: 50 }),
});

describe("windows", () => {
  test("windows are as many as the places where one fits with a character after it", () => {
    expect(countWindows(712_148, { window: 60, stride: 3 })).toBe(237_363);
    fc.assert(
      fc.property(shapes, ({ length, window, stride }) => {
        let expected = 0;
        for (let start = 0; start < length - window; start += stride) expected++; // range(0, len(text) - maxlen, step)
        expect(countWindows(length, { window, stride })).toBe(expected);
        if (expected > 0) expect([...windows(places(length), { window, stride })]).toHaveLength(expected);
      }),
    );
  });

  test("each window is followed by the character that comes next in the text", () => {
    fc.assert(
      fc.property(shapes, ({ length, window, stride }) => {
        fc.pre(length > window);
        let next = 0;
        for (const { input, target, start } of windows(places(length), { window, stride })) {
          expect(start).toBe(next);
          expect([...input]).toEqual(Array.from({ length: window }, (_, t) => start + t));
          expect(target).toBe(start + window);
          next += stride;
        }
      }),
    );
  });

  test("a window is a view of the text, and windows are one character apart unless told", () => {
    const ids = places(5);
    const [first, second] = windows(ids, { window: 3 });
    expect(first!.input.buffer).toBe(ids.buffer);
    expect(second!.start).toBe(1);
  });

  test("a text that is not longer than a window is refused at once, and has no windows to count", () => {
    expect(countWindows(60, { window: 60 })).toBe(0);
    expect(() => windows(places(60), { window: 60 })).toThrow(
      expect.objectContaining({ code: "TEXT_TOO_SHORT", details: { length: 60, window: 60, needed: 61 } }),
    );
  });

  test.each([
    [{}, /window is undefined, expected a whole number, 1 or more/],
    [{ window: 0 }, /window is 0/],
    [{ window: 1.5 }, /window is 1.5/],
    [{ window: "60" }, /window is "60"/],
    [{ window: 2, stride: 0 }, /stride is 0/],
    [{ window: 2, stride: Number.NaN }, /stride is NaN/],
    [{ window: 2, step: 3 }, /windows has no option "step": use one of window, stride/],
  ])("wrong options %j are refused", (options, message) => {
    expect(() => windows(places(10), options as never)).toThrow(message);
    expect(() => countWindows(10, options as never)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });
});
