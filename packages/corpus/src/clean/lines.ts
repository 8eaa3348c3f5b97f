import type { Found } from "./draft.js";
import { isBlankLine, nextLine } from "./paragraphs.js";

const MOST_BLANK_LINES = 2;

/** Finds white space at the end of lines, and all but two of the blank lines that follow each other. */
export function findBlankLines(text: string): Found[] {
  const spans: number[] = [];
  let blank = 0;
  for (let start = 0; start < text.length; ) {
    const next = nextLine(text, start);
    const end = text[next - 1] === "\n" ? next - 1 : next;
    let written = end;
    while (written > start && /[ \t]/.test(text[written - 1]!)) written--;
    blank = written === start ? blank + 1 : 0;
    if (blank > MOST_BLANK_LINES) push(spans, start, next);
    else if (written < end) push(spans, written, end);
    start = next;
  }
  return [{ rule: "blank-lines", spans }];
}

function push(spans: number[], start: number, end: number): void {
  if (spans.at(-1) === start) spans[spans.length - 1] = end;
  else spans.push(start, end);
}

// A paragraph is prose, wrapped by a typist, when its lines but the last are this long on average and none is shorter
// than the least; Shakespeare's and Homer's lines are 35 to 50 characters long, typists' 60 to 75.
const PROSE_MEAN = 52;
const PROSE_LEAST = 38;

/**
 * Finds where the lines of prose were wrapped. A verse, a title, a table and an indented passage stay as they are.
 *
 * @returns The newlines that become spaces, and those after a hyphen or dash that go altogether, with the spaces there.
 */
export function findWraps(text: string): { spaces: number[]; found: Found[] } {
  const spaces: number[] = [];
  const spans: number[] = [];
  for (let start = 0; start < text.length; ) {
    if (isBlankLine(text, start)) {
      start = nextLine(text, start);
      continue;
    }
    const breaks: number[] = [];
    let least = Number.POSITIVE_INFINITY;
    let flush = true;
    let lineStart = start;
    let next = nextLine(text, start);
    while (next < text.length && !isBlankLine(text, next)) {
      breaks.push(next - 1);
      least = Math.min(least, next - 1 - lineStart);
      flush &&= !/\s/.test(text[next]!);
      lineStart = next;
      next = nextLine(text, next);
    }
    const mean = (lineStart - start) / breaks.length - 1;
    if (flush && mean >= PROSE_MEAN && least >= PROSE_LEAST) {
      for (const at of breaks) {
        if (/[-\u2014]/.test(text[at - 1]!)) spans.push(at, at + 1);
        else spaces.push(at);
      }
    }
    start = next;
  }
  return { spaces, found: [{ rule: "line-wraps", spans }] };
}
