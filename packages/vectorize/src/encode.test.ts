import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "../test/arbitraries.js";
import { decode, encode } from "./encode.js";
import { isVectorizeError, VectorizeError } from "./errors.js";
import { createVocabulary } from "./vocabulary.js";

/** `count` characters that follow each other from U+10000 on. */
const alphabet = (count: number) =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(0x10000 + index)).join("");

describe("encode and decode", () => {
  test("a decoded text is the text that was encoded", () => {
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (text) => {
        const vocabulary = createVocabulary(text);
        const ids = encode(text, vocabulary);
        expect(ids.length).toBe([...text].length);
        expect(decode(ids, vocabulary)).toBe(text);
      }),
    );
  });

  test("a text longer than what is joined at once comes back whole", () => {
    const text = "It is a truth. 😀\n".repeat(1000);
    const vocabulary = createVocabulary(text);
    expect(decode(encode(text, vocabulary), vocabulary)).toBe(text);
  });

  test.each([
    [256, Uint8Array],
    [257, Uint16Array],
    [65_536, Uint16Array],
    [65_537, Uint32Array],
  ])("ids of %i characters are a %o that holds nothing else", (size, type) => {
    const text = alphabet(size);
    const vocabulary = createVocabulary(text);
    const ids = encode(text, vocabulary);
    expect(ids).toBeInstanceOf(type);
    expect(ids.buffer.byteLength).toBe(size * type.BYTES_PER_ELEMENT);
    expect(ids.at(-1)).toBe(size - 1);
    expect(decode(ids, vocabulary) === text).toBe(true);
  });

  test("an empty text has no ids, and no ids are an empty text", () => {
    const vocabulary = createVocabulary("a");
    expect(encode("", vocabulary)).toEqual(new Uint8Array(0));
    expect(decode([], vocabulary)).toBe("");
  });

  test("an id outside the vocabulary is an error that names it and its position", () => {
    const vocabulary = createVocabulary("ab");
    for (const id of [2, -1, 0.5, Number.NaN]) {
      expect(() => decode([0, id], vocabulary)).toThrow(
        expect.objectContaining({ code: "UNKNOWN_ID", details: { id, position: 1, vocabularySize: 2 } }),
      );
    }
  });
});

describe("characters that the vocabulary lacks", () => {
  const vocabulary = createVocabulary("abc ");

  test("are an error that names each with its count and first position", () => {
    const error = thrownBy(() => encode("a😀b\u0301z😀\ud800\n", vocabulary));
    expect(error.code).toBe("UNKNOWN_CHARACTERS");
    expect(error.details.unknown).toEqual([
      { character: "😀", codePoint: "U+1F600", count: 2, position: 1 },
      { character: "\u0301", codePoint: "U+0301", count: 1, position: 3 },
      { character: "z", codePoint: "U+007A", count: 1, position: 4 },
      { character: "\ud800", codePoint: "U+D800", count: 1, position: 6 },
      { character: "\n", codePoint: "U+000A", count: 1, position: 7 },
    ]);
    expect(error.message).toContain('5 characters that the vocabulary of 4 lacks: "😀" (U+1F600) 2 times, first at 1');
    expect(error.message).toContain('"\\u{0301}" (U+0301) once, at 3');
    expect(error.message).toContain('"\\u{D800}"');
    expect(error.message).toContain('"\\u{000A}"');
  });

  test("are named up to eight, and counted beyond", () => {
    const { message, details } = thrownBy(() => encode("0123456789", vocabulary));
    expect(message).toContain('"7" (U+0037) once, at 7 and 2 more;');
    expect(details.unknown).toHaveLength(10);
  });

  test("are left out when asked", () => {
    expect(decode(encode("a-b😀c", vocabulary, { unknown: "skip" }), vocabulary)).toBe("abc");
  });

  test("are replaced when asked", () => {
    expect(decode(encode("a-b😀c", vocabulary, { unknown: { replace: " " } }), vocabulary)).toBe("a b c");
  });

  test.each([
    [{ unknown: { replace: "x" } }, /replaced by "x", expected one character of the vocabulary/],
    [{ unknown: { replace: "ab" } }, /replaced by "ab"/],
    [{ unknown: { replace: " ", with: "a" } }, /unknown has no option "with"/],
    [{ unknown: "ignore" }, /unknown is "ignore", expected "error", "skip" or/],
    [{ unknown: null }, /unknown is null/],
    [{ unkown: "skip" }, /encode has no option "unkown": use one of unknown/],
    [null, /encode takes an object of options, not null/],
  ])("a wrong option %j is refused", (options, message) => {
    const error = thrownBy(() => encode("a", vocabulary, options as never));
    expect(error.code).toBe("BAD_OPTION");
    expect(error.message).toMatch(message);
  });
});

test("an error of another installed copy is recognised, another error is not", () => {
  const foreign = Object.assign(new Error("x"), { name: "VectorizeError", code: "EMPTY_TEXT" });
  expect(isVectorizeError(foreign)).toBe(true);
  expect(isVectorizeError(new VectorizeError("EMPTY_TEXT", "x"))).toBe(true);
  expect(isVectorizeError(Object.assign(new Error("x"), { code: "EMPTY_TEXT" }))).toBe(false);
  expect(isVectorizeError({ name: "VectorizeError", code: "EMPTY_TEXT" })).toBe(false);
});

function thrownBy(act: () => unknown): VectorizeError {
  try {
    act();
  } catch (error) {
    if (isVectorizeError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
