import { createVocabulary, decode, encode } from "@charlstm/vectorize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joined } from "../test/join-texts.js";
import { type ItemKind, itemKindOf, itemMark, splitItems } from "./items.js";

const itemsOf = (whole: string) => (whole === "" ? [] : whole.split(itemMark).slice(1, -1));

/** The same, in the plain way: a whole text at once. */
const plainly: Record<ItemKind, (text: string) => string[]> = {
  line: (text) => text.split("\n").map((line) => line.trimEnd()),
  paragraph: (text) => text.split(/\n(?:[^\S\n]*\n)+/).map((part) => part.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()),
  file: (text) => [text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()],
};

describe("items", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "\n", "😀") });
  test.each<ItemKind>(["line", "paragraph", "file"])(
    "of kind %s are the same, however a text comes in pieces",
    (kind) => {
      fc.assert(
        fc.property(fc.array(text, { maxLength: 4 }), fc.integer({ min: 1, max: 9 }), (texts, size) => {
          const expected = texts.flatMap(plainly[kind]).filter((item) => item.trim() !== "");
          expect(itemsOf(joined(texts, kind, size))).toEqual(expected);
        }),
      );
    },
  );

  test.each<[ItemKind, string[]]>([
    ["line", ["one", "  two", "three", "four", "five"]],
    ["paragraph", ["one \n  two\nthree", "four", "five"]],
    ["file", ["one \n  two\nthree\n\n \nfour", "five"]],
  ])("of kind %s keep what is within them, and lose what is around them", (kind, items) => {
    expect(itemsOf(joined(["\n\none \n  two\nthree\n\n \nfour\n", "five\n\n"], kind))).toEqual(items);
  });

  test("refuse a text that has their mark", () => {
    expect(() => joined([`a${itemMark}b`], "line")).toThrow(expect.objectContaining({ code: "RESERVED_CHARACTER" }));
  });

  test("are held out evenly, as many as the share says, and never trained too", () => {
    const names = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1 }), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.double({ min: 0, max: 0.99, noNaN: true }), (items, share) => {
        const whole = joined([items.join("\n")], "line");
        const vocabulary = createVocabulary(whole);
        const { train, heldOut } = splitItems(encode(whole, vocabulary), share);
        const [trains, held] = [train, heldOut].map((ids) => itemsOf(decode(ids, vocabulary)));
        expect(held).toHaveLength(Math.floor(items.length * share));
        expect([...trains!, ...held!].sort()).toEqual([...items].sort());
        // Evenly: of the first n items, the share of n, but for one.
        const isHeld = items.map((_, item) => Math.floor((item + 1) * share) > Math.floor(item * share));
        expect(held).toEqual(items.filter((_, item) => isHeld[item]));
      }),
    );
  });
});

test("a model of items is told by their mark, their kind by its settings or else by its characters", () => {
  const kindOf = (characters: string, settings?: object) =>
    itemKindOf({ vocabulary: [...characters], ...(settings && { settings }) });
  expect(kindOf("abc", { items: "line" })).toBeUndefined();
  for (const items of ["line", "paragraph", "file"]) expect(kindOf(`a${itemMark}`, { items })).toBe(items);
  expect([kindOf(`a${itemMark}`), kindOf(`\na${itemMark}`, { items: "word" })]).toEqual(["line", "paragraph"]);
});

test("the refusal of a text that has the mark says what to do", () => {
  expect(() => joined([itemMark], "file")).toThrow(
    expect.objectContaining({
      code: "RESERVED_CHARACTER",
      message:
        "the text has the character U+FDD0, which marks where an item begins and ends and is no character of any text: take it out",
    }),
  );
});

test("where the share is less than an item none is held out, and nothing is copied", () => {
  const vocabulary = createVocabulary(joined(["a\nbb\nc"], "line"));
  const ids = encode(joined(["a\nbb\nc"], "line"), vocabulary);
  const { train, heldOut } = splitItems(ids, 0.3);
  expect(train).toBe(ids);
  expect(heldOut).toEqual(ids.subarray(0, 0));
  const half = splitItems(ids.slice(), 0.4);
  expect([decode(half.train, vocabulary), decode(half.heldOut, vocabulary)].map(itemsOf)).toEqual([["a", "bb"], ["c"]]);
});
