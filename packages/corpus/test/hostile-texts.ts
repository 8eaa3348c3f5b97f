import fc from "fast-check";
import { expect } from "vitest";
import { type CleanedText, type CleanOptions, cleanText, isCorpusError } from "../src/index.js";

// Pieces that mean something to the recipes, so that random texts reach every rule and every combination of them.
export const pieces = [
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
  "[Sidenote: x]",
  "[Greek: logos]",
  "[Music: x]\n",
  "{pg 12}",
  "p12.jpg (3K)\n\nFull Size\n",
  "/* NIND word */\n",
  "/* CENTER /* word\n",
  "<<Project Gutenberg>>",
  "[",
  "Project Gutenberg",
  "Errata\n\n",
  "page 3: “quey” changed to “quay”\n\n",
  "* * * * *\n\n",
  "FOOTNOTES:\n\n[1] x\n\n",
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

/** Texts of such pieces, and of anything else. */
export const randomText = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, { weight: 1, arbitrary: fc.string() }), {
    maxLength: 60,
  })
  .map((parts) => parts.join("").replace(/\r\n?/g, "\n"));

export const gutenbergOptions = fc.record<CleanOptions>({ foldCase: fc.boolean(), unwrap: fc.boolean() });
/** The cleaned text, or nothing when it was refused by an error of this package. */
export function cleanOrRefuse(text: string, options: CleanOptions): CleanedText | undefined {
  try {
    return cleanText(text, options);
  } catch (error) {
    if (isCorpusError(error)) return undefined;
    throw error;
  }
}

/** The given text without what is reported as cut. */
export function uncut({ given, cuts }: CleanedText): string {
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

/** `[start, end]` of each span. */
export function pairs(spans: readonly number[]): [number, number][] {
  return Array.from({ length: spans.length / 2 }, (_, index) => [spans[2 * index]!, spans[2 * index + 1]!]);
}

// JavaScript's white space and Python's, which has the separators U+001C to U+001F and U+0085 too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the separators are white space in Python
const WHITE_SPACE = /[\s\x1c-\x1f\x85]/g;

/** Expects two texts to be the same but for which white space they have; a failure shows where they part. */
export function expectSameButForSpaces(actual: string, expected: string): void {
  expectSame(actual.replace(WHITE_SPACE, " "), expected.replace(WHITE_SPACE, " "));
}

/** Expects two texts to be the same; a failure shows where they part, and not the whole of both. */
export function expectSame(actual: string, expected: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  expect({ at, text: actual.slice(at, at + 80) }).toEqual({ at, text: expected.slice(at, at + 80) });
  expect(actual.length).toBe(expected.length);
}
