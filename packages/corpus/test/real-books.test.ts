import { corpusFile, describeWithCorpora } from "@charlstm/testing";
import { expect, test } from "vitest";
import { cleanText, decodeText, loadCorpus } from "../src/index.js";

const books = [
  {
    file: "1342-0.txt",
    first: "PRIDE AND PREJUDICE",
    last: "her into Derbyshire, had been the means of uniting them.",
  },
  { file: "2701-0.txt", first: "MOBY-DICK;", last: "children, only found another orphan." },
  { file: "84-0.txt", first: "Frankenstein;", last: "lost in darkness and distance." },
  {
    file: "frank12a.txt",
    first: "Frankenstein, or, the Modern Prometheus",
    last: "and lost in darkness and distance.",
  },
  { file: "pandp12.txt", first: "Pride and Prejudice", last: "means of uniting them." },
  {
    file: "pride-and-prejudice.notebook.txt",
    first: "PRIDE.",
    last: "TOOKS COURT, CHANCERY LANE, LONDON.",
  },
];

describeWithCorpora("real books", () => {
  test("the notebook's text has 712,148 characters, 59 distinct, in 237,363 windows", async () => {
    const bytes = corpusFile("pride-and-prejudice.notebook.txt");
    const { text } = await loadCorpus({ text: bytes.toString() }, { recipe: "notebook" });
    const characters = [...text];
    expect(characters.length).toBe(712_148);
    expect(new Set(characters).size).toBe(59);
    expect(Math.floor((characters.length - 60 - 1) / 3) + 1).toBe(237_363);
  });

  test.each(books)("$file starts at its first line, ends at its last, and has nothing of Gutenberg's", (book) => {
    const { text } = decodeText(corpusFile(book.file));
    const cleaned = cleanText(text);
    const lines = cleaned.text.trimEnd().split("\n");
    expect(lines[0]!.trim()).toBe(book.first);
    expect(lines.at(-1)!.trim()).toBe(book.last);
    expect(cleaned.text).not.toMatch(
      /gutenberg|licen[sc]e agreement|e-?text|small print|transcriber|\[illustration|_/i,
    );
    expect(cleaned.warnings).toEqual([]);
    expect(cleanText(cleaned.text).text).toBe(cleaned.text);
  });

  test("tinyshakespeare.txt has no marker and stays as it is, with a warning", () => {
    const { text } = decodeText(corpusFile("tinyshakespeare.txt"));
    const cleaned = cleanText(text);
    expect(cleaned.text).toBe(text);
    expect(cleaned.warnings.map(({ code }) => code)).toEqual(["NO_MARKER"]);
    expect(cleanText(text, { unwrap: true }).text).toBe(text); // all verse
  });
});
