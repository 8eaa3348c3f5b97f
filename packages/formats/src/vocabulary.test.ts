import * as fc from "fast-check";
import { expect, test } from "vitest";
import { embeddedVocabulary, formatVocabulary, parseVocabulary, vocabularyFileName } from "./vocabulary.js";

const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });

test("a vocabulary comes back from its file", () => {
  fc.assert(
    fc.property(fc.uniqueArray(character), (vocabulary) => {
      expect(parseVocabulary(formatVocabulary(vocabulary))).toEqual(vocabulary);
    }),
  );
});

test("its file lies beside the model's", () => {
  expect(vocabularyFileName("char_lstm_model.h5")).toBe("char_lstm_model.h5.vocabulary.json");
});

test.each([
  ["no JSON", "[", "not valid JSON"],
  ["no array", '"abc"', "JSON array"],
  ["two characters in one entry", '["a", "bc"]', "entry 1"],
  ["an empty entry", '[""]', "entry 0"],
  ["a number", "[1]", "entry 0"],
  ["a character twice", '["a", "b", "a"]', "twice"],
])("%s is refused", (_, json, reason) => {
  expect(() => parseVocabulary(json)).toThrow(
    expect.objectContaining({ code: "BAD_VOCABULARY", message: expect.stringContaining(reason) }),
  );
});

test("one that does not fit its model stays behind with a warning", () => {
  const warnings: string[] = [];
  expect(embeddedVocabulary('["a","b"]', 2, warnings)).toEqual(["a", "b"]);
  expect(warnings).toEqual([]);
  expect(embeddedVocabulary('["a","b"]', 3, warnings)).toBeUndefined();
  expect(embeddedVocabulary("[", 3, warnings)).toBeUndefined();
  expect(warnings).toHaveLength(2);
});
