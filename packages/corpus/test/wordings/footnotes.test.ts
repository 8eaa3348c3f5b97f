import { describe, expect, test } from "vitest";
import { cleanText, cutFootnotes } from "../../src/index.js";
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

  test("are referred to by up to four digits, also with a letter, a capital letter, up to three stars and daggers", () => {
    const labels = ["1", "12", "1234", "454b", "A", "Z", "*", "**", "***", "†", "‡", "§"];
    expectGone(cutFootnotes, labels, (label) => [`word[${label}] more [Footnote ${label}: x]`, "word more "]);
    expectGone(cutFootnotes, labels, (label) => [`word[${label}] more\n\n[${label}] x\n\ny`, "word more\n\n\n\ny"]);
    expectKept(cutFootnotes, ["word[12345]", "word[a]", "word[AB]", "word[****]", "word[††]", "word[#]", "word[]"]);
  });

  test("have a reference, and a reference has a note: nothing else in brackets is one", () => {
    expectKept(cutFootnotes, [
      "it is displayed as [1] there",
      "word[*] more",
      "[1]+  Stopped    man cp\n",
      "[1] First item\n\n[2] Second item\n",
    ]);
    expectKept(
      cutFootnotes,
      ['"[T]he law"', "an [U]pdate", "the [A]ccess", "he [A]ls"].map((words) => `${words}\n\nword [x]\n`),
    );
    const letters = '"[T]he law" of an [A]ge[A]\n\n[A] The note.\n\nx';
    expect(cutFootnotes(letters).text).toBe('"[T]he law" of an [A]ge\n\n\n\nx');
  });

  test("go when only the words under a picture refer to them", () => {
    const text = "One.\n\n[Illustration: a quay[1]]\n\n[1] Of the harbour.\n\nTwo.\n";
    expect(cleanText(text).text).toBe("One.\n\n\nTwo.\n");
  });

  test("at the end go with all their paragraphs and their heading", () => {
    const notes = "FOOTNOTES:\n\n[1] One.\n\n  A verse\n  of one.\n\n[2] Two.\n\nx";
    expect(cutFootnotes(`word[1] and[2]\n\n${notes}`).text).toBe("word and\n\n\n\nx");
    const apart = "word[1]\n\n[1] One.\n\nand[2]\n\n[2] Two.\n\nthe end\n";
    expect(cutFootnotes(apart).text).toBe("word\n\n\n\nand\n\n\n\nthe end\n");
  });
});
