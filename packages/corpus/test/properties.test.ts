import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CleanedText, type CleanOptions, cleanText, isCorpusError } from "../src/index.js";

// Pieces that mean something to the recipes, so that random texts reach every rule and every combination of them.
const pieces = [
  "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n",
  "*** START OF THIS PROJECT GUTENBERG EBOOK A LONG\nTITLE ***\n\n",
  "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\n",
  "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n",
  "*** START: FULL LICENSE ***\n",
  "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n",
  "End of the Project Gutenberg EBook of X, by Y\n",
  "Ende dieses Projekt Gutenberg Etextes\n",
  "The Project Gutenberg EBook of X, by Y\n\n",
  "Produced by A\nand B\n\n",
  "Title: X\n\n",
  "Transcriber's Note:\n\n",
  "[Transcriber's Note: x]\n\n",
  "[Illustration]\n\n",
  "[Illustration: a [b] c\n\nd]\n",
  "[Illustration",
  "[Footnote 1: x]\n\n",
  "[1]",
  "\n\n[1] note\n",
  "_word_",
  "_",
  "__",
  "=bold=",
  "=",
  "[",
  "]",
  "a ",
  "word-\n",
  "A line of prose that is long enough for a typist to have wrapped it here,\n",
  "short verse\n",
  "\n",
  "\n\n\n\n",
  "   \n",
  "\u0301",
  "\u0338",
  "e\u0301",
  "\u1100\u1161",
  "\u1161",
  "😀",
  "\ud800",
  "İ",
  "J\u030c",
  "Σ",
  "PREFACE.\n",
  "preface.",
  "*** END OF THE PROJECT GUTENBERG EBOOK PRIDE ***",
  "end of the project [x]gutenberg   ebook",
];

const randomText = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 60,
  })
  .map((parts) => parts.join("").replace(/\r\n?/g, "\n"));

const gutenbergOptions = fc.record<CleanOptions>({ foldCase: fc.boolean(), unwrap: fc.boolean() });
const RUNS = { numRuns: 3000 };

function cleanOrRefuse(text: string, options: CleanOptions): CleanedText | undefined {
  try {
    return cleanText(text, options);
  } catch (error) {
    if (isCorpusError(error)) return undefined;
    throw error;
  }
}

/** The given text without what is reported as cut. */
function uncut({ given, cuts }: CleanedText): string {
  const spans = cuts.flatMap((cut) => pairs(cut.spans)).sort((left, right) => left[0] - right[0]);
  let rest = "";
  let position = 0;
  for (const [start, end] of spans) {
    expect(start).toBeGreaterThanOrEqual(position); // no two cuts overlap
    expect(end).toBeGreaterThan(start);
    rest += given.slice(position, start);
    position = end;
  }
  return rest + given.slice(position);
}

function pairs(spans: readonly number[]): [number, number][] {
  return Array.from({ length: spans.length / 2 }, (_, index) => [spans[2 * index]!, spans[2 * index + 1]!]);
}

describe("recipe gutenberg", () => {
  test("cleaning twice equals cleaning once", () => {
    fc.assert(
      fc.property(randomText, gutenbergOptions, (text, options) => {
        const once = cleanOrRefuse(text, options);
        if (once) expect(cleanText(once.text, options).text).toBe(once.text);
      }),
      RUNS,
    );
  });

  test("nothing but the reported cuts is missing", () => {
    fc.assert(
      fc.property(randomText, fc.boolean(), (text, foldCase) => {
        const cleaned = cleanOrRefuse(text, { foldCase });
        if (!cleaned) return;
        expect(cleaned.given).toBe((foldCase ? text.toLowerCase() : text).normalize("NFC"));
        expect(uncut(cleaned)).toBe(cleaned.text);
      }),
      RUNS,
    );
  });

  test("unwrapping turns newlines into spaces and changes nothing else", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(text, { unwrap: true });
        if (cleaned) expect(uncut(cleaned).replaceAll("\n", " ")).toBe(cleaned.text.replaceAll("\n", " "));
      }),
      RUNS,
    );
  });

  test("something visible is always left, in normal form C", () => {
    fc.assert(
      fc.property(randomText, gutenbergOptions, (text, options) => {
        const cleaned = cleanOrRefuse(text, options);
        expect(cleaned === undefined).toBe(!/\S/.test(text));
        if (cleaned) {
          expect(cleaned.text).toMatch(/\S/);
          expect(cleaned.text.normalize("NFC")).toBe(cleaned.text);
        }
      }),
      RUNS,
    );
  });

  test("a cut says how many characters and which lines it took", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(text, {});
        for (const cut of cleaned?.cuts ?? []) {
          const { given } = cleaned!;
          const gone = pairs(cut.spans).map(([start, end]) => given.slice(start, end));
          expect(cut.places).toBe(gone.length);
          expect(cut.characters).toBe(gone.reduce((sum, piece) => sum + [...piece].length, 0));
          expect(cut.firstLine).toBe(given.slice(0, cut.spans[0]).split("\n").length);
          expect(cut.lastLine).toBe(given.slice(0, cut.spans.at(-1)! - 1).split("\n").length);
        }
      }),
      RUNS,
    );
  });
});

describe("recipe notebook", () => {
  const recipe = "notebook";

  test("a cleaned text is refused or comes back unchanged", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const once = cleanOrRefuse(text, { recipe });
        const twice = once && cleanOrRefuse(once.text, { recipe });
        if (once && twice) expect(twice.text).toBe(once.text);
      }),
      RUNS,
    );
  });

  test("nothing but the reported cuts is missing, and white space is spaces", () => {
    fc.assert(
      fc.property(randomText, (text) => {
        const cleaned = cleanOrRefuse(`${text} preface. ${text} end of the project gutenberg ebook`, { recipe });
        if (!cleaned) return;
        expect(uncut(cleaned).replace(/\s/g, " ")).toBe(cleaned.text.replace(/\s/g, " "));
        expect(cleaned.text).not.toMatch(/\n| {2}/);
      }),
      RUNS,
    );
  });
});

describe("a text made to be slow", () => {
  const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n";
  const END = "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";
  // Work that grows with the square of the length would take days on a million characters, and the test time out.
  test.each(pieces.filter((piece) => piece.trim() !== ""))("%j a million characters long is cleaned", (piece) => {
    const body = piece.repeat(Math.ceil(1e6 / piece.length));
    expect(cleanText(`${START}${body}${END}`, { unwrap: true }).text).toMatch(/\S/);
    const notebook = cleanText(`preface. ${body} x end of the project gutenberg ebook`, { recipe: "notebook" });
    expect(notebook.text).toMatch(/^preface\./);
  });
});
