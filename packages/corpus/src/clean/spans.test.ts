import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countCharacters, mapBack, mergeSpans, without } from "./spans.js";

/** Sorted pieces of a text of 30 units that do not touch. */
const spans = fc.uniqueArray(fc.nat(30), { maxLength: 8 }).map((ends) => {
  const sorted = ends.sort((a, b) => a - b);
  return sorted.slice(0, sorted.length - (sorted.length % 2));
});
const text = "abcdefghijklmnopqrstuvwxyzABCDEF";

/** Which units of a text of 32 the spans hold. */
const held = (pieces: readonly number[]) =>
  Array.from(text, (_, at) => pieces.some((start, index) => index % 2 === 0 && at >= start && at < pieces[index + 1]!));

describe("pieces of a text", () => {
  test("are left out", () => {
    expect(without("abcdef", [0, 1, 3, 5])).toBe("bcf");
    fc.assert(
      fc.property(spans, (pieces) => {
        const inside = held(pieces);
        expect(without(text, pieces)).toBe([...text].filter((_, at) => !inside[at]).join(""));
      }),
    );
  });

  test("of what is left are found again in the whole", () => {
    expect(mapBack([0, 2], [0, 3])).toEqual([3, 5]);
    expect(mapBack([1, 3], [2, 4])).toEqual([1, 2, 4, 5]);
    expect(mapBack([2, 3], [2, 4])).toEqual([4, 5]);
    expect(mapBack([1, 2], [2, 4])).toEqual([1, 2]);
    expect(mapBack([0, 1, 4, 6], [1, 2, 3, 4, 7, 9])).toEqual([0, 1, 6, 7, 9, 10]);
    fc.assert(
      fc.property(spans, spans, (removed, pieces) => {
        const shortened = without(text, removed);
        const inside = pieces.filter((_, index) => pieces[index | 1]! <= shortened.length);
        const back = mapBack(inside, removed);
        expect(without(text, mergeSpans(removed, back))).toBe(without(shortened, inside));
      }),
    );
  });

  test("of two lists that are apart become one list, touching pieces one piece", () => {
    expect(mergeSpans([0, 1, 6, 7], [2, 3, 4, 5])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(mergeSpans([0, 2, 4, 6], [2, 4])).toEqual([0, 6]);
    expect(mergeSpans([2, 4], [0, 2])).toEqual([0, 4]);
    expect(mergeSpans([], [0, 2])).toEqual([0, 2]);
    expect(mergeSpans([0, 2], [])).toEqual([0, 2]);
    expect(mergeSpans([], [])).toEqual([]);
  });
});

describe("characters", () => {
  test("are code points: a pair of surrogates is one, half a pair is one too", () => {
    const cases = ["", "a", "é", "😀", "a😀b", "\ud83d", "\ude00", "\ud83da", "\ude00\ud83d", "\ud83d\ud83d\ude00"];
    const edges = [
      "\ud7ff\ude00",
      "\ud800\udc00",
      "\udbff\udfff",
      "\udc00\udc00",
      "\ud800\ud800",
      "\ud800\ue000",
      "\ud800\udbff",
    ];
    for (const sample of [...cases, ...edges]) {
      expect([sample, countCharacters(sample)]).toEqual([sample, [...sample].length]);
    }
    fc.assert(fc.property(fc.string({ unit: "binary" }), (any) => countCharacters(any) === [...any].length));
  });

  test("are counted from a place to another, which may part a pair", () => {
    expect(countCharacters("a😀b", 1)).toBe(2);
    expect(countCharacters("a😀b", 0, 2)).toBe(2);
    expect(countCharacters("a😀b", 2, 4)).toBe(2);
  });
});
