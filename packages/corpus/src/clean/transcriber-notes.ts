import { countCorrections } from "./corrections.js";
import type { Found } from "./draft.js";
import { matchesNear } from "./near.js";
import { noteNames } from "./note-names.js";
import { isBlankLine, nextLine, type Paragraph, paragraphFrom, previousLine } from "./paragraphs.js";
import { talkOf } from "./talk.js";

const NAMES = noteNames(String.raw`[ \t]{1,4}`);

/** How a transcriber's note begins, after at most a box's border. */
export const NOTE = new RegExp(String.raw`^[^\p{L}\p{N}\n]{0,12}(?:${NAMES})`, "iu");
// Not `^` with the flag m: for that, U+2028 ends a line too.
const NOTE_LINES = new RegExp(String.raw`(?<![^\n])${NOTE.source.slice(1)}`, "giu");
// One of these words is in each of the names, which are shorter than this.
const WORD = /tran?s[ck]ri|bearbeit|bewerker/giu;
const LONGEST_NAME = 100;
const HEADING_ONLY = new RegExp(String.raw`^[^\p{L}\p{N}]{0,12}(?:${NAMES})[^\p{L}\p{N}]*$`, "iu");

/** A paragraph with more characters is no note. */
export const LONGEST_NOTE = 8_000;
// What may be a sentence of a note, or a title; and how much of a note may say nothing of a transcription.
const SHORT = 100;
const MOST_DOUBT = 800;

/**
 * Finds transcriber's notes that are paragraphs: a heading with what follows it and speaks of the transcription, or a
 * paragraph that begins with the words, boxed or not. (Those in brackets are `findBracketedNotes`, lists of corrections
 * after the book `findTail`.)
 */
export function findTranscriberNotes(text: string): Found[] {
  const spans: number[] = [];
  for (const match of matchesNear(text, WORD, LONGEST_NAME, NOTE_LINES)) {
    const start = match.index;
    if (start < (spans.at(-1) ?? 0) || !startsParagraph(text, start)) continue;
    const paragraph = paragraphFrom(text, start)!;
    spans.push(paragraph.start, endOfNote(text, paragraph));
  }
  return [{ rule: "transcriber-notes", spans }];
}

/** Where a note ends that begins with this paragraph. What does not surely belong to it stays. */
export function endOfNote(text: string, first: Paragraph): number {
  if (first.end - first.start > LONGEST_NOTE) return nextLine(text, first.start);
  let end = first.end;
  if (isNoteHeading(text, first)) {
    const second = paragraphFrom(text, first.end);
    if (!second || second.end - second.start > LONGEST_NOTE || isTitle(text.slice(second.start, second.end))) {
      return first.end;
    }
    end = second.end;
  }
  let sure = end;
  for (let next = paragraphFrom(text, end); next; next = paragraphFrom(text, end)) {
    // Up to a wider gap, what may belong to the note does.
    if (next.gap > 1) return end;
    const words = text.slice(next.start, next.end);
    const belief = beliefIn(words);
    if (next.end - first.start > LONGEST_NOTE || belief === "no") return sure;
    end = next.end;
    if (belief === "yes") sure = end;
    else if (end - sure > MOST_DOUBT) return sure;
  }
  return sure;
}

// Whether a paragraph is nothing but the name of a transcriber's note.
function isNoteHeading(text: string, { start, end }: Paragraph): boolean {
  return HEADING_ONLY.test(text.slice(start, end).trim());
}

// Whether a paragraph right after a note is more of it.
function beliefIn(words: string): "yes" | "perhaps" | "no" {
  if (isTitle(words)) return "no";
  const { file, editing } = talkOf(words);
  // A mark that is shown, "_so_", says as much as a second word.
  const shows = /[_=]\p{L}{1,20}[_=]/u.test(words) ? 1 : 0;
  if ((editing > 0 && editing + shows >= 2) || file + editing >= 2 || countCorrections(words) > 0) return "yes";
  return file + editing > 0 || isShortSentence(words) ? "perhaps" : "no";
}

/** Whether a paragraph may be a title: titles end in no stop, and chapters have numbers; a correction is no title. */
export function isTitle(words: string): boolean {
  const line = words.trim();
  if (line.length > SHORT || countCorrections(line) > 0) return false;
  return !/[.,:;!?)\]"'”’»…_|+=-]$/u.test(line) || CHAPTER.test(line);
}

const CHAPTER =
  /^[^\p{L}\p{N}\n]{0,12}(?:chapter|book|part|volume|canto|act|scene|letter|kapitel|buch|teil|chapitre|livre|partie|capitolo|libro|capítulo|capitulo|hoofdstuk|deel)[ \t]{1,4}(?:the[ \t]{1,4})?(?:[ivxlcdm]{1,8}|\d{1,4}|first|second|third|fourth|fifth|last|\p{L}{2,12})[^\p{L}\p{N}\n]{0,4}$/iu;

function isShortSentence(words: string): boolean {
  const line = words.trim();
  return line.length <= SHORT && !line.includes("\n") && /[.!?][)\]"”’]?$/u.test(line) && !isTitle(line);
}

function startsParagraph(text: string, start: number): boolean {
  if (start === 0) return true;
  const lineBefore = previousLine(text, start);
  return isBlankLine(text, lineBefore) || /^[ \t]*[+*=\-_~|]{3}/.test(text.slice(lineBefore, lineBefore + 80));
}
