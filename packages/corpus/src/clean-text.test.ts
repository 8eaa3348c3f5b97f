import { describe, expect, test } from "vitest";
import { BOOK, BOOK_FIRST_LINE, BOOK_LAST_LINE, eras } from "../test/eras.js";
import { cleanText } from "./index.js";

const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n";
const END = "\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";

/** What the recipe makes of a text between the markers. */
function cleanInside(body: string, options = {}): string {
  return cleanText(`${START}${body}${END}`, options).text;
}

describe("recipe gutenberg", () => {
  test.each(eras)(
    "a file of the layout '$name' becomes the book, the whole book and nothing but the book",
    ({ file }) => {
      const { text } = cleanText(file);
      expect(text.split("\n")[0]).toBe(BOOK_FIRST_LINE);
      expect(text.trimEnd().split("\n").at(-1)).toBe(BOOK_LAST_LINE);
      expect(text).toBe(BOOK);
    },
  );

  test.each(eras)("the layout '$name' in lower case is recognised too", ({ file }) => {
    expect(cleanText(file, { foldCase: true }).text).toBe(BOOK.toLowerCase());
  });

  test("a text without any marker stays as it is, with a warning", () => {
    const text = "\n\nTitle: mine\n\n[Illustration] _so_ it is\n\n\n\n\nProduced by me\n\n";
    const cleaned = cleanText(text);
    expect(cleaned.text).toBe(text);
    expect(cleaned.cuts).toEqual([]);
    expect(cleaned.warnings.map(({ code }) => code)).toEqual(["NO_MARKER"]);
  });

  test("a short poem loses the whole licence and nothing of itself", () => {
    const poem = "A lamp,\n    a quay,\nand nobody.\n";
    const file = `${START}Produced by A. Volunteer\n\n\n${poem}\n\nEnd of the Project Gutenberg EBook of A Poem\n${"licence\n\n".repeat(2000)}`;
    expect(cleanText(file).text).toBe(poem);
  });

  test("words of credits inside the book stay", () => {
    const chapter =
      "It was,\n\nProduced by the sea, the sand was grey.\n\nScanned by no eye, it lay there.\n\nThe end.\n";
    expect(cleanInside(`${chapter}${BOOK}`)).toBe(`${chapter}${BOOK}`);
  });

  test("an end marker in the middle of a long book does not end it, and is mentioned", () => {
    const long = BOOK.repeat(20);
    const cleaned = cleanText(`${START}${long}${END}${long}${END}`);
    expect(cleaned.text.length).toBeGreaterThan(2 * long.length);
    expect(cleaned.warnings.map(({ code }) => code)).toContain("END_MARKER_INSIDE");
  });

  test("of two books in one file both stay, without the licence between them", () => {
    const file = eras[5]!.file + eras[4]!.file;
    expect(cleanText(file).text.match(new RegExp(BOOK_FIRST_LINE, "g"))).toHaveLength(2);
    expect(cleanText(file).text).not.toMatch(/gutenberg|licen[sc]e|general terms/i);
  });

  test("more than 30 % cut is a warning, when it is not header and licence", () => {
    expect(cleanText(`${START}short\n${END}`).warnings).toEqual([]);
    for (const { file } of eras) expect(cleanText(file).warnings).toEqual([]);
    const pictures = "[Illustration: a lamp on the quay]\n\n".repeat(40);
    expect(cleanText(`${START}short\n\n${pictures}${END}`).warnings.map(({ code }) => code)).toEqual(["MUCH_CUT"]);
  });

  test("a text that is nothing but header and licence stays, with a warning", () => {
    const cleaned = cleanText(START + END);
    expect(cleaned.text).toBe(START + END);
    expect(cleaned.warnings.map(({ code }) => code)).toEqual(["NOTHING_LEFT"]);
  });

  test("letters are composed, and folded when asked", () => {
    expect(cleanText("Cafe\u0301 J\u030c").text).toBe("Café J\u030c");
    expect(cleanText("Cafe\u0301 J\u030c", { foldCase: true }).text).toBe("café ǰ");
  });

  test("cuts name their rule, their lines and their characters", () => {
    const { cuts } = cleanText(`${START}One _two_\n[Illustration: a\n\nb]\nthree\n${END}`);
    expect(cuts.map(({ rule, firstLine, lastLine, characters }) => [rule, firstLine, lastLine, characters])).toEqual([
      ["header", 1, 1, 47],
      ["licence", 10, 10, 45],
      ["blank-lines", 2, 9, 3],
      ["illustrations", 4, 6, 20],
      ["italics", 3, 3, 2],
    ]);
  });
});

describe("recipe notebook", () => {
  const recipe = "notebook";

  test("it does what the notebook does, in the notebook's order", () => {
    const text =
      "Contents\nPREFACE.\nOne [two\n[three] four]\n\n  Five_\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nlicence";
    expect(cleanText(text, { recipe }).text).toBe("preface. one four] five_ *** ");
  });

  test.each([
    ["preface.", "Chapter 1\n*** END OF THE PROJECT GUTENBERG EBOOK X ***"],
    ["end of the project gutenberg ebook", "END OF THE PROJECT GUTENBERG EBOOK\nPreface.\nChapter 1"],
  ])("a missing '%s' is an error that names it", (marker, text) => {
    expect(() => cleanText(text, { recipe })).toThrow(
      expect.objectContaining({
        code: "MARKER_MISSING",
        details: { marker },
        message: expect.stringContaining(marker),
      }),
    );
  });

  test("Python's white space is collapsed, and what only JavaScript takes for white space stays", () => {
    const text = "preface. a\x1c\x85\u2003b\ufeff \ufeffc end of the project gutenberg ebook";
    expect(cleanText(text, { recipe }).text).toBe("preface. a b\ufeff \ufeffc ");
  });

  test("characters that normal form C would compose stay apart, as in the notebook", () => {
    expect(cleanText("preface. e[x]\u0301 end of the project gutenberg ebook", { recipe }).text).toBe(
      "preface. e\u0301 ",
    );
  });
});

describe("options", () => {
  test.each(["", " \n\t "])("the empty text %j is refused", (text) => {
    expect(() => cleanText(text)).toThrow(expect.objectContaining({ name: "CorpusError", code: "EMPTY_TEXT" }));
  });

  test.each([
    { recipe: "Gutenberg" },
    { recip: "notebook" },
    { recipe: "notebook", unwrap: true },
    { recipe: "notebook", foldCase: false },
  ])("%j is refused", (options) => {
    expect(() => cleanText("text", options as object)).toThrow(expect.objectContaining({ code: "BAD_OPTION" }));
  });

  test("unwrap joins prose, joins hyphenated words, and leaves verse, titles and indented lines", () => {
    const prose =
      "It was a long line that a typist had to break somewhere, here or well-\nknown there, or at a dash that somebody wrote at the very end--\nhere.\n";
    const verse = "The lamp, the quay,\nthe sea, the sea,\nand nobody.\n";
    const letter = `    Dear Sir, ${"your lamp is out. ".repeat(3)}\n    Yours, ${"one who saw it. ".repeat(3)}\n`;
    const text = cleanText(`CHAPTER I\n\n${prose}\n${verse}\n${letter}`, { unwrap: true }).text;
    expect(text).toBe(
      "CHAPTER I\n\nIt was a long line that a typist had to break somewhere, here or well-known there, " +
        `or at a dash that somebody wrote at the very end--here.\n\n${verse}\n${letter}`,
    );
  });
});
