import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText, cutText } from "../test/arbitraries.js";
import { createVocabulary, vocabularyFromJSON } from "./vocabulary.js";

describe("createVocabulary", () => {
  test("a vocabulary is the set of a text's code points, sorted by number", () => {
    expect(createVocabulary("banana, \n\u{1f600}\uffff!").characters).toEqual([
      ..."\n !,abn",
      "\uffff",
      "\u{1f600}", // after U+FFFF, where UTF-16 units would put it before
    ]);
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (text) => {
        const expected = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
        expect(createVocabulary(text).characters).toEqual(expected);
      }),
    );
  });

  test("a letter and its combining mark are two characters, a lone surrogate is one", () => {
    expect(createVocabulary("e\u0301").size).toBe(2);
    expect(createVocabulary("\ude00\ud83d").characters).toEqual(["\ud83d", "\ude00"]);
    expect(createVocabulary("\ud83d\ude00").characters).toEqual(["😀"]);
  });

  test("a text in parts, cut anywhere, has the vocabulary of the whole text", () => {
    fc.assert(
      fc.property(cutText(), ({ text, chunks }) => {
        expect(createVocabulary(chunks).characters).toEqual(createVocabulary(text).characters);
      }),
    );
  });

  test("a character's id is its position, and a character that is not there has none", () => {
    const vocabulary = createVocabulary("cab");
    expect(["a", "b", "c"].map(vocabulary.idOf)).toEqual([0, 1, 2]);
    expect(vocabulary.idOf("d")).toBeUndefined();
    expect(vocabulary.idOf("ab")).toBeUndefined();
  });

  test("an empty text has no vocabulary", () => {
    expect(() => createVocabulary("")).toThrow(expect.objectContaining({ code: "EMPTY_TEXT" }));
    expect(() => createVocabulary([])).toThrow(expect.objectContaining({ code: "EMPTY_TEXT" }));
  });

  test("a vocabulary cannot be changed", () => {
    const vocabulary = createVocabulary("ab");
    expect(() => (vocabulary.characters as string[]).push("c")).toThrow(TypeError);
    vocabulary.toJSON().push("c");
    expect(vocabulary.size).toBe(2);
  });
});

describe("vocabularyFromJSON", () => {
  test("a vocabulary comes back from its JSON, lone surrogates included", () => {
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (text) => {
        const vocabulary = createVocabulary(text);
        const copy = vocabularyFromJSON(JSON.parse(JSON.stringify(vocabulary)));
        expect(copy.characters).toEqual(vocabulary.characters);
        expect(copy.characters.map(copy.idOf)).toEqual(vocabulary.characters.map((_, id) => id));
      }),
    );
  });

  test.each([
    ["nothing", undefined, /got undefined/],
    ["null", null, /got null/],
    ["a string", "abc", /got string/],
    ["an empty array", [], /got an empty array/],
    ["a number in it", ["a", 1], /entry 1 of the vocabulary is 1,/],
    ["two characters in one", ["ab"], /entry 0 .* "ab"/],
    ["an empty entry", [""], /entry 0 .* ""/],
    ["a character twice", ["a", "a"], /entry 1 .*"a" \(U\+0061\), is not greater/],
    ["the wrong order", ["😀", "\uffff"], /entry 1 .*U\+FFFF/],
  ])("%s is refused", (_, json, message) => {
    expect(() => vocabularyFromJSON(json)).toThrow(expect.objectContaining({ code: "BAD_VOCABULARY" }));
    expect(() => vocabularyFromJSON(json)).toThrow(message);
  });
});
