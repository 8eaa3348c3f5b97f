import type { CutRule, Found } from "./draft.js";
import { nextLine, type Paragraph, paragraphBefore, paragraphFrom } from "./paragraphs.js";
import { endOfNote, LONGEST_NOTE, NOTE } from "./transcriber-notes.js";

// The first words of a file that has no start marker (before 1993, or when someone cut it off).
const TITLE_OF_FILE =
  /^\W{0,12}(?:(?:the|this is the)\s)?project gutenberg(?:['’]s)?\s{1,4}(?:e-?text|e-?book|edition)\b|^\W{0,12}project gutenberg['’]s\s[\s\S]{1,200}?,\sby\s|^\W{0,12}welcome to the world of free plain vanilla electronic texts/i;

const FIELD =
  /^\W{0,3}(?:title|author|editor|translator|illustrator|commentator|contributor|release date|posting date|last updated?|most recently updated|(?:e-?book|etext)(?: no\.?)?|language|character set encoding|edition|credits|original publication|other information and formats)\s{0,3}[:#]/i;

const CREDIT = new RegExp(
  String.raw`^[^\p{L}\p{N}]{0,6}(?:(?:` +
    [
      String.raw`(?:text\s)?(?:produced|prepared|transcribed|scanned|digiti[sz]ed|typed|keyed|created|converted|proofed|proofread|re-?proofed)(?:,?\s(?:and\s)?(?:produced|prepared|transcribed|scanned|digiti[sz]ed|typed|converted|proofed|proofread|edited|formatted))*\s(?:by|from|for)`,
      String.raw`e-?(?:text|book)\s(?:was\s)?(?:prepared|produced|created|transcribed|scanned|typed)`,
      String.raw`th(?:is|e)\s(?:project\sgutenberg\s)?(?:e-?text|e-?book|file|text|edition|transcription|digital\sedition|html\sedition)\s(?:was|is|has\sbeen)\s(?:first\s)?(?:prepared|produced|created|transcribed|scanned|typed|converted|digiti[sz]ed|made|provided|taken|based|contributed|derived)`,
      String.raw`this\se-?book\sis\sfor\sthe\suse\sof`,
      String.raw`copyright\slaws\sare\schanging`,
      String.raw`html\sversion\sby|proofread(?:ing|ers)?\b[^.]{0,40}\b(?:by|team)|ocr(?:ed)?\sby|credits?\s?:|updated?\seditions\swill|further\scorrections\sby|(?:additional|revised|corrected)\s(?:editing|editions?|proofreading|corrections)\sby`,
      String.raw`(?:note|images?)\s?:?\s(?:project\sgutenberg|images\sof\sthe\soriginal|the\soriginal\s(?:file|book)s?|(?:generously\s)?(?:made|provided))`,
      String.raw`produit\spar|ce\s(?:document|livre|texte|fichier)\s(?:fut|a\sété|est)\s(?:produit|num|créé|prépar)|texte\spréparé\spar`,
      String.raw`(?:dieses?|das)\s(?:buch|e-?book|e-?text|werk)\s(?:wurde|ist)\s(?:erstellt|produziert|von|erzeugt|aus\sden)|erstellt\svon`,
      String.raw`produ[cz]id[oa]\spor|prodotto\sda|questo\s(?:e-?text|libro|e-?book)\s(?:è|e)\sstato|geproduceerd\sdoor|dit\se-?(?:book|text)\s(?:is|werd)|producerad\sav|framställd?\sav|tuottanut`,
    ].join("|") +
    String.raw`)(?![\p{L}\p{N}]))`,
  "iu",
);
const TELLTALE =
  /distributed\s+proofread|pgdp\.net|gutenberg\.(?:org|net)|archive\.org|internet\sarchive|https?:\/\/|this\sfile\sshould\sbe\snamed/i;

// A paragraph longer than this holds more than a credit: only its first line goes.
const LONGEST_CREDIT = 2_500;

/** Whether a text begins as Project Gutenberg's files do, with or without a start marker. */
export function hasGutenbergTitle(text: string): boolean {
  const first = paragraphFrom(text, 0);
  return first !== undefined && TITLE_OF_FILE.test(text.slice(first.start, first.start + LONGEST_CREDIT));
}

/**
 * Finds the paragraphs before the book's own first line: who produced the file, from which images, its title and
 * encoding, a transcriber's note; and the blank lines around them. Only for the text inside the markers.
 */
export function findOpeningCredits(text: string): Found[] {
  return joinByRule(openingCredits(text, 0));
}

/** Where the book begins that follows a start marker in the middle of a text: after its credits. */
export function endOfOpeningCredits(text: string, position: number): number {
  return openingCredits(text, position).at(-1)?.spans[1] ?? position;
}

function openingCredits(text: string, from: number): { rule: CutRule; spans: [number, number] }[] {
  const found: { rule: CutRule; spans: [number, number] }[] = [];
  let position = from;
  for (let first = paragraphFrom(text, from); first; first = restOf(first, position) ?? paragraphFrom(text, position)) {
    const opening = text.slice(first.start, Math.min(first.end, first.start + LONGEST_CREDIT));
    let rule: CutRule;
    let end = endOfCredit(text, first);
    if (TITLE_OF_FILE.test(opening) || FIELD.test(opening)) rule = "header";
    else if (NOTE.test(opening)) {
      rule = "transcriber-notes";
      end = endOfNote(text, first);
    } else if (CREDIT.test(opening) || (first.end - first.start < LONGEST_CREDIT && TELLTALE.test(opening)))
      rule = "credits";
    else {
      if (first.start > position) found.push({ rule: "blank-lines", spans: [position, first.start] });
      break;
    }
    found.push({ rule, spans: [position, end] });
    position = end;
  }
  return found;
}

/** Finds credits after the book's own last line, and the blank lines there. Only for the text inside the markers. */
export function findClosingCredits(text: string): Found[] {
  let end = text.length;
  const found: { rule: CutRule; spans: [number, number] }[] = [];
  for (let last = paragraphBefore(text, end); last; last = paragraphBefore(text, end)) {
    const whole = text.slice(last.start, Math.min(last.end, last.start + LONGEST_CREDIT));
    if (last.end - last.start >= LONGEST_CREDIT || !CREDIT.test(whole)) {
      if (last.end < end) found.push({ rule: "blank-lines", spans: [last.end, end] });
      break;
    }
    found.push({ rule: "credits", spans: [last.start, end] });
    end = last.start;
  }
  return joinByRule(found.reverse());
}

// What is left of a long paragraph whose first line went, when that is long enough for its end not to matter: looking
// for the end again after each line would take long.
function restOf(paragraph: Paragraph, position: number): Paragraph | undefined {
  const longEnough = position > paragraph.start && paragraph.end - position > LONGEST_NOTE;
  return longEnough ? { ...paragraph, start: position, gap: 0 } : undefined;
}

function endOfCredit(text: string, paragraph: Paragraph): number {
  return paragraph.end - paragraph.start < LONGEST_CREDIT ? paragraph.end : nextLine(text, paragraph.start);
}

function joinByRule(found: readonly { rule: CutRule; spans: readonly [number, number] }[]): Found[] {
  const rules = new Map<CutRule, number[]>();
  for (const { rule, spans } of found) {
    const list = rules.get(rule) ?? [];
    if (list.at(-1) === spans[0]) list[list.length - 1] = spans[1];
    else list.push(...spans);
    rules.set(rule, list);
  }
  return [...rules].map(([rule, spans]) => ({ rule, spans }));
}
