/**
 * A run of lines that are not blank; `end` is after the newline of the last one. Looking for its other end stops after
 * `PARAGRAPH_REACH` characters: what is longer is prose that has lost its blank lines, and nobody asks for its end.
 */
export interface Paragraph {
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  /** Blank lines between this paragraph and what stands before it. */
  readonly gap: number;
}

const PARAGRAPH_REACH = 20_000;

/** The first paragraph at or after `position`, which must be the start of a line; none: only blank lines follow. */
export function paragraphFrom(text: string, position: number): Paragraph | undefined {
  let gap = 0;
  let start = position;
  for (; start < text.length && isBlankLine(text, start); gap++) start = nextLine(text, start);
  if (start >= text.length) return undefined;
  let lines = 0;
  let end = start;
  for (; end < text.length && end - start < PARAGRAPH_REACH && !isBlankLine(text, end); lines++) {
    end = nextLine(text, end);
  }
  return { start, end, lines, gap };
}

/** The last paragraph that ends at or before `position`, which must be the start of a line or the text's end. */
export function paragraphBefore(text: string, position: number): Paragraph | undefined {
  let end = position;
  let gap = 0;
  for (; end > 0 && isBlankLine(text, previousLine(text, end)); gap++) end = previousLine(text, end);
  if (end === 0) return undefined;
  let lines = 0;
  let start = end;
  for (; start > 0 && end - start < PARAGRAPH_REACH && !isBlankLine(text, previousLine(text, start)); lines++) {
    start = previousLine(text, start);
  }
  return { start, end, lines, gap };
}

/** Where the paragraph ends that `position` lies in: before the newline that a blank line follows, or at the end. */
export function endOfParagraph(text: string, position: number): number {
  for (let newline = text.indexOf("\n", position); newline >= 0; newline = text.indexOf("\n", newline + 1)) {
    if (newline + 1 < text.length && isBlankLine(text, newline + 1)) return newline;
  }
  return text.length;
}

/** The start of the line after the one that `position` lies in, or the text's end. */
export function nextLine(text: string, position: number): number {
  const newline = text.indexOf("\n", position);
  return newline < 0 ? text.length : newline + 1;
}

/** Whether the line that starts at `start` holds nothing but white space. */
export function isBlankLine(text: string, start: number): boolean {
  for (let index = start; index < text.length; index++) {
    const character = text[index]!;
    if (character === "\n") return true;
    if (character.trim() !== "") return false;
  }
  return true;
}

/** The start of the line before the one that starts at `lineStart`. */
export function previousLine(text: string, lineStart: number): number {
  return lineStart < 2 ? 0 : text.lastIndexOf("\n", lineStart - 2) + 1;
}
