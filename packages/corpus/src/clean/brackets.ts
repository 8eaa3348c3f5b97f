import type { Found } from "./draft.js";
import { noteNames } from "./note-names.js";
import { endOfParagraph, isBlankLine, previousLine } from "./paragraphs.js";

const ILLUSTRATION =
  /^\[\s{0,4}(?:(?:full[- ]page|colou?r(?:ed)?)\s)?(?:illustrations?|illustrated|illustrazion[ei]|ilustraci[oó]n(?:es)?|ilustraç(?:ão|ões)|illustraties?|illustrationen?|abbildung(?:en)?|kuvitus|kuva|frontispiece|decorations?|decorative|(?:illus\.?|pictures?|images?|photo(?:graph)?s?|maps?)(?=\s{0,2}(?:\d{1,4}\s{0,2})?[:\]]))(?![\p{L}\p{N}])/iu;
const FOOTNOTE =
  /^\[\s{0,4}(?:footnotes?|fußnoten?|fussnoten?|note\s(?:de\sbas|\d)|nota\sal\spie|voetnoot|anmerkung)(?![\p{L}])/iu;
// In brackets the transcriber's name alone is enough, and that of others who only work on electronic texts.
const NOTE = new RegExp(
  String.raw`^\[\s{0,4}(?:the\s)?(?:(?:e-?text|e-?book)\s)?(?:transcri(?:ber|ption|ptor)|(?:redactor|updater|proof-?reader|scanner)(?:['’]?s)?\snotes?\b|${noteNames(String.raw`\s{1,4}`)})`,
  "iu",
);
// "[T]he law" is a letter that an editor changed; a reference stands after a word.
const REFERENCE = /\[(\d{1,4}[a-z]?|[A-Z]|\*{1,3}|[†‡§])\](?!\p{Ll})/gu;
const LABEL = /^\[\s{0,4}\p{L}[\p{L}\s]{0,20}?\s{0,4}(\d{1,4}[a-z]?|[A-Z]|\*{1,3}|[†‡§])\s{0,4}[\]:.]/u;

const NOTES_HEADING =
  /(^|\n)[^\p{L}\p{N}\n]{0,12}(?:footnotes?|notes?|fußnoten|voetnoten|notas|noter)[ \t]{0,2}:?[^\p{L}\p{N}\n]{0,12}\n\s{0,12}$/iu;

const LONGEST_CAPTION = 6_000;
const LONGEST_FOOTNOTE = 30_000;
const DEEPEST_INDENT = 40;
// Enough characters to recognise any of the words above.
const OPENING = 60;

// What nobody writes but who transcribes a book: alone in its line, or with a colon.
const MARK =
  /(?<![^\n])[ \t]{0,60}\[(?:illustrations?\](?=[ \t]{0,60}(?![^\n]))|(?:illustrations?|footnote(?: (?:\d{1,4}|[A-Z]))?|transcriber['’]s note|sidenote): )/iu;

/** The first mark that shows a text to be a transcription of a book: where it stands, and its words. */
export function firstMark(text: string): { readonly start: number; readonly words: string } | undefined {
  const match = MARK.exec(text);
  return match ? { start: match.index, words: match[0].trim() } : undefined;
}

/** Finds `[Illustration]` and `[Illustration: …]`, over several lines and with brackets inside. */
export function findIllustrations(text: string): Found[] {
  return [{ rule: "illustrations", spans: findBrackets(text, ILLUSTRATION, LONGEST_CAPTION) }];
}

/** Finds `[Transcriber's Note: …]`, over several lines and with brackets inside. */
export function findBracketedNotes(text: string): Found[] {
  return [{ rule: "transcriber-notes", spans: findBrackets(text, NOTE, LONGEST_FOOTNOTE) }];
}

/**
 * Finds `[Footnote 1: …]` and the references to it, `[1]`, `[A]` or `[*]`. A paragraph that begins with `[1]` is a footnote
 * too when the text refers to `[1]` elsewhere. A reference without a note stays, as it is none.
 */
export function findFootnotes(text: string): Found[] {
  const blocks = findBrackets(text, FOOTNOTE, LONGEST_FOOTNOTE);
  const labels = labelsOf(text, blocks);
  const references = readReferences(text);
  const referred = new Set(references.filter(({ opens }) => !opens).map(({ label }) => label));
  for (const { label, opens } of references) if (opens && referred.has(label)) labels.add(label);
  const notes = references.filter(({ label, opens }) => opens && labels.has(label));
  const spans: number[] = [];
  let block = 0;
  let note = 0;
  for (const { start, label, opens } of references) {
    for (; block < blocks.length && blocks[block]! <= start; block += 2) spans.push(blocks[block]!, blocks[block + 1]!);
    while (note < notes.length && notes[note]!.start <= start) note++;
    if (start < (spans.at(-1) ?? 0) || !labels.has(label)) continue;
    if (!opens) spans.push(start, start + label.length + 2);
    else if (referred.has(label)) {
      spans.push(startOfNote(text, start, spans.at(-1) ?? 0), endOfNote(text, start, notes[note], blocks[block]));
    }
  }
  for (; block < blocks.length; block++) spans.push(blocks[block]!);
  return [{ rule: "footnotes", spans }];
}

interface Reference {
  readonly start: number;
  readonly label: string;
  /** Whether it opens a paragraph, or a line of notes: then it is a note itself. */
  readonly opens: boolean;
  /** Where the text last referred to the same label before; -1: nowhere. */
  readonly referredAt: number;
}

function readReferences(text: string): Reference[] {
  const last = new Map<string, number>();
  let notesEnd = 0;
  return [...text.matchAll(REFERENCE)].map(({ index: start, 1: label = "" }) => {
    // In a paragraph that a note opens, each line may open another.
    const opens = start < notesEnd ? opensLine(text, start) : opensParagraph(text, start);
    if (opens && start >= notesEnd) notesEnd = endOfParagraph(text, start);
    const referredAt = last.get(label) ?? -1;
    if (!opens) last.set(label, start);
    return { start, label, opens, referredAt };
  });
}

// The labels of the notes in brackets; to one without a label any star or dagger may refer.
function labelsOf(text: string, blocks: readonly number[]): Set<string> {
  const labels = new Set<string>();
  for (let index = 0; index < blocks.length; index += 2) {
    const label = LABEL.exec(text.slice(blocks[index]!, blocks[index]! + OPENING))?.[1];
    for (const each of label === undefined ? ["*", "**", "***", "†", "‡", "§"] : [label]) labels.add(each);
  }
  return labels;
}

/**
 * Balanced brackets whose opening matches, outermost first, in one pass. An opening bracket that nothing closes ends
 * with its paragraph's first closing bracket, and stays where there is none.
 */
export function findBrackets(text: string, opening: RegExp, longest: number): number[] {
  const found: { start: number; end: number }[] = [];
  const open: number[] = [];
  let next = text.indexOf("[");
  for (let close = text.indexOf("]"); close >= 0; close = text.indexOf("]", close + 1)) {
    for (; next >= 0 && next < close; next = text.indexOf("[", next + 1)) open.push(next);
    const start = open.pop();
    if (start === undefined || close - start > longest || !opening.test(text.slice(start, start + OPENING))) continue;
    while (found.length > 0 && found.at(-1)!.start > start) found.pop();
    found.push({ start, end: close + 1 });
  }
  for (; next >= 0; next = text.indexOf("[", next + 1)) open.push(next);
  return withUnclosed(
    text,
    found,
    open.filter((start) => opening.test(text.slice(start, start + OPENING))),
    longest,
  );
}

// Both searches only ever go forward: a text full of unclosed brackets takes no longer than another.
function withUnclosed(
  text: string,
  closed: readonly { start: number; end: number }[],
  unclosed: readonly number[],
  longest: number,
): number[] {
  const spans: number[] = [];
  let index = 0;
  let close = -1;
  let paragraphEnd = -1;
  for (const start of unclosed) {
    if (start < (spans.at(-1) ?? 0)) continue;
    if (close < start) close = text.indexOf("]", start);
    if (close < 0) break;
    if (paragraphEnd < start) paragraphEnd = endOfParagraph(text, start);
    if (close >= paragraphEnd || close - start > longest) continue;
    let end = close + 1;
    for (; index < closed.length && closed[index]!.start < start; index++) {
      spans.push(closed[index]!.start, closed[index]!.end);
    }
    if (start < (spans.at(-1) ?? 0)) continue;
    for (; index < closed.length && closed[index]!.start < end; index++) end = Math.max(end, closed[index]!.end);
    spans.push(start, end);
  }
  for (; index < closed.length; index++) spans.push(closed[index]!.start, closed[index]!.end);
  return spans;
}

function opensParagraph(text: string, position: number): boolean {
  const start = startOfIndent(text, position);
  return opensLine(text, position) && (start === 0 || isBlankLine(text, previousLine(text, start)));
}

function opensLine(text: string, position: number): boolean {
  const start = startOfIndent(text, position);
  return start === 0 || text[start - 1] === "\n";
}

function startOfIndent(text: string, position: number): number {
  let start = position;
  while (start > 0 && position - start < DEEPEST_INDENT && /[ \t]/.test(text[start - 1]!)) start--;
  return start;
}

// The heading above the first note of a list goes with it.
function startOfNote(text: string, start: number, from: number): number {
  const before = text.slice(Math.max(from, start - OPENING), start);
  const heading = NOTES_HEADING.exec(before);
  return heading ? start - heading[0].length + (heading[1]?.length ?? 0) : start;
}

// A note goes up to the next one when that was referred to before both: only notes stand between them then, and some
// have several paragraphs. Else it goes to the end of its paragraph.
function endOfNote(text: string, start: number, next: Reference | undefined, block: number | undefined): number {
  const limit = Math.min(start + LONGEST_FOOTNOTE, block ?? text.length);
  if (next && next.referredAt >= 0 && next.referredAt < start && next.start <= limit)
    return lineStart(text, next.start);
  return Math.min(endOfParagraph(text, start), limit);
}

// Without the indentation of what stands there.
function lineStart(text: string, position: number): number {
  let start = position;
  while (start > 0 && text[start - 1] !== "\n") start--;
  return start;
}
