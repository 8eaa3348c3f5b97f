import type { Found } from "./draft.js";
import { nextLine } from "./paragraphs.js";

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
