import { describe, expect, test } from "vitest";
import { cutFootnotes } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("footnotes", () => {
  const words = [
    ...[
      "Footnote",
      "FOOTNOTES",
      "Fußnote",
      "Fußnoten",
      "Fussnote",
      "Fussnoten",
      "Note de bas",
      "note 1",
      "Nota al pie",
    ],
    ...["Voetnoot", "Anmerkung"],
  ];

  test("go in every language", () => {
    expectGone(cutFootnotes, [...words, ...combine([" ", "\n  "], words)], (wording) => [
      `a [${wording}: x] b`,
      "a  b",
    ]);
  });

  test("are not words that begin like theirs", () => {
    expectKept(cutFootnotes, [
      "[Footnoted: x]",
      "[Note debas: x]",
      "[note x]",
      "[Notaalpie]",
      "[see Footnote: x]",
      "[.Footnote: x]",
      "[     Footnote: x]",
    ]);
    expect(cutFootnotes("a [see [Footnote 1: x] there] b").text).toBe("a [see  there] b");
  });

  test("are referred to by up to four digits, a capital letter, up to three stars and daggers", () => {
    expectGone(cutFootnotes, ["1", "12", "1234", "A", "Z", "*", "**", "***", "†", "‡", "§"], (label) => [
      `word[${label}] more`,
      "word more",
    ]);
    expectKept(cutFootnotes, ["word[12345]", "word[a]", "word[AB]", "word[****]", "word[††]", "word[#]", "word[]"]);
  });
});
