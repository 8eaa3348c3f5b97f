import { findBrackets } from "./brackets.js";
import type { Finder, Found } from "./draft.js";
import { matchesNear } from "./near.js";
import { isBlankLine, nextLine } from "./paragraphs.js";

const SIDE_NOTE = /^\[\s{0,4}(?:side-?\s?notes?|head-?\s?notes?|marginal\snotes?)\s{0,4}:/iu;
const NO_WORDS =
  /^\[\s{0,4}(?:(?:pg|page|p)\.?\s{0,2}[\divxlc]{1,7}\s{0,2}\]|blank\spages?\s{0,2}\]|(?:images?|pictures?|maps?|photos?)\s(?:un|not\s)available|music(?:al)?(?:\snotation)?\s{0,2}(?:\]|:[^\n\]]{0,40}\]))/iu;
const PAGE_IN_BRACES = /\{(?:pg|page|p\.)\s{0,2}[\divxlc]{1,7}\}/giu;
// The words of a song and those in other letters are the book's.
const WORDS =
  /\[(?:music(?:al)?(?:\snotation)?|greek|hebrew|arabic|syriac|sanskrit|cyrillic|armenian|coptic)(?:\s(?:transliteration|script|text|characters?|letters?))?\s{0,2}:\s{0,4}([^[\]]{1,900})\]/giu;
// "/* NIND" begins a passage that the proofreaders' editor shall not indent, "/* RIGHT" one at the right, "*/" ends it. Where a text
// has such a word, the same signs without one are the editor's too; elsewhere they may be a program's.
const FORMATTED =
  /(?<![^\n])[ \t]{0,60}(\/[*#$][ \t]{1,4}(?:(?:NIND|RIGHT|CENTER)\b[ \t]{0,4})?)((?:(?!\/[*#$])[\s\S]){0,600}?)\s{0,4}[*#$]\/(?![^\n])/gu;
const FORMAT_WORD = /\/[*#$][ \t]{1,4}(?:NIND|RIGHT|CENTER)\b/u;
const FORMAT_SIGN = /\/[*#$][ \t]/gu;
const LONGEST_FORMATTED = 700;
const PICTURE_NAME =
  /(?<![^\n])[ \t]{0,60}[\w%.-]{1,60}\.(?:jpe?g|png|gif)[ \t]{1,4}\(\d{1,5}[ \t]?[KM]B?\)[ \t]{0,60}(?![^\n])/giu;
const PICTURE_ENDING = /\.(?:jpe?g|png|gif)[ \t]/giu;
const LONGEST_PICTURE_NAME = 200;
const ENLARGE = /^[ \t]{0,60}\[?full size\]?[ \t]{0,60}$/iu;

const LONGEST = 2_000;
// Blank lines between the name of a picture and the words that enlarge it.
const WIDEST_GAP = 4;

/** Finds `[Sidenote: …]` and `[Headnote: …]`, which interrupt the sentence that they stand beside. */
export function findSideNotes(text: string): Found[] {
  return [{ rule: "side-notes", spans: findBrackets(text, SIDE_NOTE, LONGEST) }];
}

/**
 * Find what stands for something that a plain text lacks and has no words of its own: `[Page 12]`, `{pg 12}`,
 * `[Blank Page]`, `[Music]`, `[Image unavailable.]`; the names and sizes of pictures; and the marks around
 * `[Greek: logos]` and a proofreader's passage, whose words stay.
 */
export const markFinders: readonly Finder[] = [
  (text) => [{ rule: "marks", spans: findBrackets(text, NO_WORDS, LONGEST) }],
  (text) => [
    { rule: "marks", spans: matches(text.matchAll(PAGE_IN_BRACES), (start, all) => [start, start + all.length]) },
  ],
  (text) => [{ rule: "marks", spans: matches(text.matchAll(WORDS), around) }],
  (text) => [{ rule: "marks", spans: findFormatted(text) }],
  (text) => [{ rule: "illustrations", spans: findPictures(text) }],
];

function findFormatted(text: string): number[] {
  if (!FORMAT_WORD.test(text)) return [];
  return matches(matchesNear(text, FORMAT_SIGN, LONGEST_FORMATTED, FORMATTED), aroundPassage);
}

function matches(
  found: Iterable<RegExpExecArray>,
  spansOf: (start: number, all: string, inside: string) => number[],
): number[] {
  const spans: number[] = [];
  for (const match of found) spans.push(...spansOf(match.index, match[0], match.at(-1) ?? ""));
  return spans;
}

function around(start: number, all: string, inside: string): number[] {
  const end = start + all.length;
  return [start, end - 1 - inside.length, end - 1, end];
}

function aroundPassage(start: number, all: string, inside: string): number[] {
  const mark = start + all.indexOf("/");
  const words = inside === "" ? start + all.length : start + all.lastIndexOf(inside);
  return [mark, words, words + inside.length, start + all.length].filter((_, index, spans) => {
    const pair = index - (index % 2);
    return spans[pair]! < spans[pair + 1]!;
  });
}

function findPictures(text: string): number[] {
  const spans: number[] = [];
  for (const match of matchesNear(text, PICTURE_ENDING, LONGEST_PICTURE_NAME, PICTURE_NAME)) {
    let end = nextLine(text, match.index);
    let line = end;
    for (let gap = 0; gap < WIDEST_GAP && line < text.length && isBlankLine(text, line); gap++)
      line = nextLine(text, line);
    const next = nextLine(text, line);
    if (next - line <= LONGEST && ENLARGE.test(text.slice(line, next).trimEnd())) end = next;
    spans.push(match.index, end);
  }
  return spans;
}
