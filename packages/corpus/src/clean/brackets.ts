import type { CutRule, Found } from "./draft.js";
import { isBlankLine, nextLine, previousLine } from "./paragraphs.js";

const ILLUSTRATION =
  /^\[\s{0,4}(?:(?:full[- ]page|colou?r(?:ed)?)\s)?(?:illustrations?|illustrated|illustrazion[ei]|ilustraci[oó]n(?:es)?|ilustraç(?:ão|ões)|illustraties?|illustrationen?|abbildung(?:en)?|kuvitus|kuva|frontispiece|decorations?|decorative)(?![\p{L}\p{N}])/iu;
const FOOTNOTE =
  /^\[\s{0,4}(?:footnotes?|fußnoten?|fussnoten?|note\s(?:de\sbas|\d)|nota\sal\spie|voetnoot|anmerkung)(?![\p{L}])/iu;
const NOTE =
  /^\[\s{0,4}(?:the\s)?(?:transcri(?:ber|ption)|transcriptor|anmerkungen?\s(?:zur|des|der)\s(?:transkri|bearbeit)|notes?\s(?:du|de\sla|au|sur\sla)\stranscri|notas?\s(?:del?|do|da)\s(?:la\s)?trans?cri|not[ae]\s(?:del|di|dei)\strascri|opmerking(?:en)?\svan\sde\s(?:bewerker|transcri))/iu;
const REFERENCE = /\[(?:\d{1,4}|[A-Z]|\*{1,3}|[†‡§])\]/g;

const LONGEST_CAPTION = 6_000;
const LONGEST_FOOTNOTE = 30_000;
const DEEPEST_INDENT = 40;

/** Finds `[Illustration]` and `[Illustration: …]`, over several lines and with brackets inside. */
export function findIllustrations(text: string): Found[] {
  return asFound("illustrations", findBrackets(text, ILLUSTRATION, LONGEST_CAPTION));
}

/** Finds `[Transcriber's Note: …]`, over several lines and with brackets inside. */
export function findBracketedNotes(text: string): Found[] {
  return asFound("transcriber-notes", findBrackets(text, NOTE, LONGEST_FOOTNOTE));
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
    else if (referred.has(label)) spans.push(start, endOfParagraph(text, start, blocks[block] ?? text.length));
  }
  spans.push(...blocks.slice(block));
  return asFound("footnotes", spans);
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
    if (start === undefined || match.index - start > longest || !opening.test(text.slice(start, start + 60))) continue;
    while (found.length > 0 && found.at(-1)!.start > start) found.pop();
    found.push({ start, end: match.index + 1 });
  }
  const spans: number[] = [];
  let index = 0;
  for (const start of open) {
    if (!opening.test(text.slice(start, start + 60))) continue;
    const close = text
      .slice(start, start + longest)
      .split(/\n[ \t]*\n/, 1)[0]!
      .indexOf("]");
    if (close < 0) continue;
    for (; index < found.length && found[index]!.start < start; index++)
      spans.push(found[index]!.start, found[index]!.end);
    const end = start + close + 1;
    if (start < (spans.at(-1) ?? 0)) continue;
    spans.push(start, end);
    while (index < found.length && found[index]!.start < end) index++;
  }
  for (; index < found.length; index++) spans.push(found[index]!.start, found[index]!.end);
  return spans;
}

function opensParagraph(text: string, position: number): boolean {
  let lineStart = position;
  while (lineStart > 0 && position - lineStart < DEEPEST_INDENT && /[ \t]/.test(text[lineStart - 1]!)) lineStart--;
  if (lineStart === 0) return true;
  return text[lineStart - 1] === "\n" && isBlankLine(text, previousLine(text, lineStart));
}

function endOfParagraph(text: string, start: number, limit: number): number {
  let end = nextLine(text, start);
  while (end < limit && end - start < LONGEST_FOOTNOTE && !isBlankLine(text, end)) end = nextLine(text, end);
  return Math.min(end, limit);
}

function asFound(rule: CutRule, spans: readonly number[]): Found[] {
  return spans.length > 0 ? [{ rule, spans }] : [];
}
