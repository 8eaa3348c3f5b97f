import type { Found } from "./draft.js";
import { isBlankLine, nextLine } from "./paragraphs.js";

// A paragraph is prose, wrapped by a typist, when its lines but the last are this long on average and none is shorter
// than the least; Shakespeare's and Homer's lines are 35 to 50 characters long, typists' 60 to 75.
const PROSE_MEAN = 52;
const PROSE_LEAST = 38;
// Characters of Chinese and Japanese are twice as wide, and all lines but the last are full.
const WIDE_MEAN = 20;
const WIDE_LEAST = 0.8;
// More of a line is not looked at.
const LONGEST_LINE = 400;

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fc\uff00-\uff65]/u;
const CAPITAL = /^[^\p{L}\p{N}]{0,4}\p{Lu}/u;
// Columns, or the dots that lead to a page number.
const ROW = /\S(?: {3,}|\t|[ \t]\|)[ \t]*\S|\.{4}|(?:\. ){4}|^\|/;
// A number at the end, or a gap within a sentence, says less: more than half of the lines need one.
const PERHAPS_ROW = /[^.?!:;,"”’»)\s-] {2}\S|\s\d{1,4}(?:-\d{1,4})?$/;
const ITEM = /^(?:[-*•◦‣·–—+]\s|[([]?\d{1,3}[.)\]:]\s|[([]?[a-zA-Z][.)\]]\s|[([]?[ivxlc]{1,5}[.)\]]\s)/;
const LEAST_VERSES = 3;

/**
 * Finds where the lines of prose were wrapped. Verse, titles, tables, lists and indented passages stay as they are.
 *
 * @returns The newlines that become spaces, and those that go altogether: after a hyphen or dash, and between characters
 *   of Chinese and Japanese, which are written without spaces.
 */
export function findWraps(text: string): { spaces: number[]; found: Found[] } {
  const spaces: number[] = [];
  const spans: number[] = [];
  for (let start = 0; start < text.length; ) {
    const lines: string[] = [];
    const breaks: number[] = [];
    let next = start;
    while (next < text.length && !isBlankLine(text, next)) {
      const line = next;
      next = nextLine(text, next);
      const end = text[next - 1] === "\n" ? next - 1 : next;
      lines.push(text.slice(line, Math.min(end, line + LONGEST_LINE)));
      breaks.push(end);
    }
    breaks.pop(); // the end of the last line
    if (breaks.length > 0 && isProse(lines)) {
      for (const at of breaks) {
        if (/[-\u2014]/.test(text[at - 1]!) || (WIDE.test(text[at - 1]!) && WIDE.test(text[at + 1]!)))
          spans.push(at, at + 1);
        else spaces.push(at);
      }
    }
    start = lines.length === 0 ? nextLine(text, start) : next;
  }
  return { spaces, found: [{ rule: "line-wraps", spans }] };
}

function isProse(lines: readonly string[]): boolean {
  const full = lines.slice(0, -1);
  const lengths = full.map((line) => line.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const least = lengths.reduce((smallest, length) => Math.min(smallest, length));
  const isWide = full.every((line) => WIDE.test(line[0] ?? "") || WIDE.test(line.at(-1) ?? ""));
  const isFull = isWide ? mean >= WIDE_MEAN && least >= WIDE_LEAST * mean : mean >= PROSE_MEAN && least >= PROSE_LEAST;
  if (!isFull || lines.slice(1).some((line) => /^\s/.test(line))) return false;
  if (lines.length >= LEAST_VERSES && lines.every((line) => CAPITAL.test(line))) return false;
  if (lines.filter((line) => ITEM.test(line)).length > 1) return false;
  const rows = lines.filter((line) => ROW.test(line)).length;
  const perhaps = lines.filter((line) => ROW.test(line) || PERHAPS_ROW.test(line)).length;
  return 2 * rows < lines.length && 2 * perhaps <= lines.length;
}
