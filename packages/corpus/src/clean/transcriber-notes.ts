import type { Found } from "./draft.js";
import { noteNames } from "./note-names.js";
import { isBlankLine, nextLine, type Paragraph, paragraphFrom } from "./paragraphs.js";

const NAMES = noteNames(String.raw`[ \t]{1,4}`);

/** How a transcriber's note begins, after at most a box's border. */
export const NOTE = new RegExp(String.raw`^[^\p{L}\p{N}\n]{0,12}(?:${NAMES})`, "iu");
const NOTE_LINES = new RegExp(NOTE.source, "gimu");
const HEADING_ONLY = new RegExp(String.raw`^[^\p{L}\p{N}]{0,12}(?:${NAMES})[^\p{L}\p{N}]*$`, "iu");

/** A paragraph with more characters is no note. */
export const LONGEST_NOTE = 8_000;
const MOST_LINES = 80;
// A list of corrections at the end of a book has any layout: it goes up to the end if it is this near to it.
const TAIL_PART = 0.85;
const LONGEST_TAIL = 20_000;

/**
 * Finds transcriber's notes that are paragraphs: a heading with what follows it without a wider gap, or a paragraph
 * that begins with the words, boxed or not. (Those in brackets are `findBracketedNotes`.)
 */
export function findTranscriberNotes(text: string): Found[] {
  const spans: number[] = [];
  for (const match of text.matchAll(NOTE_LINES)) {
    const start = match.index;
    if (start < (spans.at(-1) ?? 0) || !startsParagraph(text, start)) continue;
    const paragraph = paragraphFrom(text, start)!;
    spans.push(paragraph.start, isTail(text, start) ? text.length : endOfNote(text, paragraph));
  }
  return [{ rule: "transcriber-notes", spans }];
}

/** Where a note ends that begins with this paragraph. */
export function endOfNote(text: string, first: Paragraph): number {
  if (first.end - first.start > LONGEST_NOTE) return nextLine(text, first.start);
  if (!HEADING_ONLY.test(text.slice(first.start, first.end).trim())) return first.end;
  const second = paragraphFrom(text, first.end);
  if (!second || second.end - second.start > LONGEST_NOTE) return first.end;
  let end = second.end;
  let lines = first.lines + second.lines;
  for (let next = paragraphFrom(text, end); next && next.gap === 1; next = paragraphFrom(text, end)) {
    lines += next.lines;
    // Without a gap that says where the note ends, only what is surely of it goes.
    if (lines > MOST_LINES || next.end - first.start > LONGEST_NOTE) return second.end;
    end = next.end;
  }
  return end;
}

function isTail(text: string, start: number): boolean {
  return start > TAIL_PART * text.length && text.length - start <= LONGEST_TAIL;
}

function startsParagraph(text: string, start: number): boolean {
  if (start === 0) return true;
  const lineBefore = text.lastIndexOf("\n", start - 2) + 1;
  return isBlankLine(text, lineBefore) || /^[ \t]*[+*=\-_~|]{3}/.test(text.slice(lineBefore, lineBefore + 80));
}
