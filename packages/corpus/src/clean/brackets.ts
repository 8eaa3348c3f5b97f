import type { Found } from "./draft.js";
import { noteNames } from "./note-names.js";
import { endOfParagraph, isBlankLine, previousLine } from "./paragraphs.js";

const ILLUSTRATION =
  /^\[\s{0,4}(?:(?:full[- ]page|colou?r(?:ed)?)\s)?(?:illustrations?|illustrated|illustrazion[ei]|ilustraci[oó]n(?:es)?|ilustraç(?:ão|ões)|illustraties?|illustrationen?|abbildung(?:en)?|kuvitus|kuva|frontispiece|decorations?|decorative)(?![\p{L}\p{N}])/iu;
const FOOTNOTE =
  /^\[\s{0,4}(?:footnotes?|fußnoten?|fussnoten?|note\s(?:de\sbas|\d)|nota\sal\spie|voetnoot|anmerkung)(?![\p{L}])/iu;
// In brackets the transcriber's name alone is enough.
const NOTE = new RegExp(
  String.raw`^\[\s{0,4}(?:the\s)?(?:transcri(?:ber|ption|ptor)|${noteNames(String.raw`\s{1,4}`)})`,
  "iu",
);
const REFERENCE = /\[(?:\d{1,4}|[A-Z]|\*{1,3}|[†‡§])\]/g;

const LONGEST_CAPTION = 6_000;
const LONGEST_FOOTNOTE = 30_000;
const DEEPEST_INDENT = 40;
// Enough characters to recognise any of the words above.
const OPENING = 60;

/** Finds `[Illustration]` and `[Illustration: …]`, over several lines and with brackets inside. */
export function findIllustrations(text: string): Found[] {
  return [{ rule: "illustrations", spans: findBrackets(text, ILLUSTRATION, LONGEST_CAPTION) }];
}

/** Finds `[Transcriber's Note: …]`, over several lines and with brackets inside. */
export function findBracketedNotes(text: string): Found[] {
  return [{ rule: "transcriber-notes", spans: findBrackets(text, NOTE, LONGEST_FOOTNOTE) }];
}

/**
 * Finds `[Footnote 1: …]`, and references like `[1]`, `[A]` and `[*]` that stand after a character. A paragraph that
 * begins with `[1]` is a footnote too when the text refers to `[1]` elsewhere.
 */
export function findFootnotes(text: string): Found[] {
  const blocks = findBrackets(text, FOOTNOTE, LONGEST_FOOTNOTE);
  const spans: number[] = [];
  const referred = new Set<string>();
  const references: { start: number; label: string; opens: boolean }[] = [];
  for (const match of text.matchAll(REFERENCE)) {
    const opens = opensParagraph(text, match.index);
    references.push({ start: match.index, label: match[0], opens });
    if (!opens) referred.add(match[0]);
  }
  let block = 0;
  for (const { start, label, opens } of references) {
    for (; block < blocks.length && blocks[block]! <= start; block += 2) spans.push(blocks[block]!, blocks[block + 1]!);
    if (start < (spans.at(-1) ?? 0)) continue;
    if (!opens) spans.push(start, start + label.length);
    else if (referred.has(label)) spans.push(start, endOfNote(text, start, blocks[block] ?? text.length));
  }
  for (; block < blocks.length; block++) spans.push(blocks[block]!);
  return [{ rule: "footnotes", spans }];
}

/**
 * Balanced brackets whose opening matches, outermost first, in one pass. An opening bracket that nothing closes ends
 * with its paragraph's first closing bracket, and stays where there is none.
 */
function findBrackets(text: string, opening: RegExp, longest: number): number[] {
  const found: { start: number; end: number }[] = [];
  const open: number[] = [];
  const brackets = /[[\]]/g;
  for (let match = brackets.exec(text); match; match = brackets.exec(text)) {
    if (match[0] === "[") {
      open.push(match.index);
      continue;
    }
    const start = open.pop();
    if (start === undefined || match.index - start > longest || !opening.test(text.slice(start, start + OPENING)))
      continue;
    while (found.length > 0 && found.at(-1)!.start > start) found.pop();
    found.push({ start, end: match.index + 1 });
  }
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
  let lineStart = position;
  while (lineStart > 0 && position - lineStart < DEEPEST_INDENT && /[ \t]/.test(text[lineStart - 1]!)) lineStart--;
  if (lineStart === 0) return true;
  return text[lineStart - 1] === "\n" && isBlankLine(text, previousLine(text, lineStart));
}

function endOfNote(text: string, start: number, limit: number): number {
  return Math.min(endOfParagraph(text, start), start + LONGEST_FOOTNOTE, limit);
}
