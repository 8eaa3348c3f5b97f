import type { CutRule, Found } from "./draft.js";
import { nextLine, type Paragraph, paragraphBefore, paragraphFrom } from "./paragraphs.js";
import { isApparatus, LONGEST_TALK, SURE, talkOf } from "./talk.js";
import { endOfNote, isTitle, LONGEST_NOTE, NOTE } from "./transcriber-notes.js";

// The first words of a file that has no start marker (before 1993, or when someone cut it off).
const TITLE_OF_FILE =
  /^\W{0,12}(?:(?:the|this is the)\s)?project gutenberg(?:['’]s)?\s{1,4}(?:e-?text|e-?book|edition)\b|^\W{0,12}project gutenberg['’]s\s[\s\S]{1,200}?,\sby\s|^\W{0,12}welcome to the world of free plain vanilla electronic texts|^\W{0,12}this is the [\w,]{1,9} e-?text(?: file)? presented by project gutenberg/i;

const FIELD =
  /^\W{0,3}(?:title|author|editor|translator|illustrator|commentator|contributor|release date|posting date|last updated?|most recently updated|(?:e-?book|etext)(?: no\.?)?|language|character set encoding|edition|credits|original publication|other information and formats)\s{0,3}[:#]/i;

const CREDIT = new RegExp(
  String.raw`^[^\p{L}\p{N}]{0,6}(?:(?:` +
    [
      String.raw`(?:text\s)?(?:produced|prepared|transcribed|scanned|digiti[sz]ed|typed|keyed|created|converted|proofed|proofread|re-?proofed)(?:,?\s(?:and\s)?(?:produced|prepared|transcribed|scanned|digiti[sz]ed|typed|converted|proofed|proofread|edited|formatted))*\s(?:by|from|for)`,
      String.raw`e-?(?:text|book)\s(?:was\s)?(?:prepared|produced|created|transcribed|scanned|typed)`,
      String.raw`th(?:is|e)\s(?:project\sgutenberg\s)?(?:e-?text|e-?book|file|text|edition|transcription|digital\sedition|html\sedition)\s(?:was|is|has\sbeen)\s(?:first\s)?(?:prepared|produced|created|transcribed|scanned|typed|converted|digiti[sz]ed|made|provided|taken|based|contributed|derived)`,
      String.raw`special\sthanks\s(?:are\sdue\s)?to`,
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

// Who speaks in a heading like these, in brackets or above a paragraph before the title page, is told by what follows.
const SPEAKER =
  /^[^\p{L}\p{N}]{0,12}(?:(?:e-?(?:text|book)|electronic|online|digital|text|the)\s)?(?:(?:redactor|editor|updater|proof-?(?:reader|er)|producer|submitter|preparer|typist|scanner|producteur|bewerker|herausgeber|éditeur)(?:['’]?s)?['’]?\s(?:notes?|remarks?|comments?)|production\snotes?|notes?|notas?|remarks?|au\slecteur|to\sthe\sreader|aan\sde\slezer|an\sden\sleser|al\slettore|al\slector|ao\sleitor|anmerkung(?:en)?|hinweise?|opmerking(?:en)?|errata|corrections?)(?![\p{L}\p{N}])/iu;
// Nobody but those who make electronic texts is called so.
const NAMED_NOTE = /^\[\s{0,4}(?:redactor|updater|proof-?(?:reader|er)|note\sproject\sgutenberg)/iu;
const LONGEST_HEADING = 60;

// A paragraph longer than this holds more than a credit: only its first line goes.
const LONGEST_CREDIT = LONGEST_TALK;
const LONGEST_BRACKET = 12_000;

// How far a title page may go on: short paragraphs, one of which can name who made the file.
const TITLE_PAGE = 1_500;
const LONGEST_TITLE = 400;
const LONGEST_TITLE_LINE = 50;

// What says nothing may be this long between two paragraphs of a header or a licence.
const LONGEST_BRIDGE = 1_500;

/** Whether a text begins as Project Gutenberg's files do, with or without a start marker. */
export function hasGutenbergTitle(text: string): boolean {
  let licences = 0;
  let paragraph = paragraphFrom(text, 0);
  for (let count = 0; paragraph && count < 8; count++) {
    const words = wordsOf(text, paragraph);
    if (TITLE_OF_FILE.test(words) && count === 0) return true;
    if (talkOf(words).licence > SURE) licences++;
    paragraph = paragraphFrom(text, paragraph.end);
  }
  return licences >= 3;
}

interface Piece {
  readonly rule: CutRule;
  readonly start: number;
  readonly end: number;
}

/**
 * Finds the paragraphs before the book's own first line: who produced the file, from which images, its title and
 * encoding, a transcriber's note; and the blank lines around them. On the title page after them it finds who entered
 * the text. Only for the text inside the markers.
 */
export function findOpeningCredits(text: string): Found[] {
  const pieces = openingCredits(text, 0);
  const book = pieces.at(-1)?.end ?? 0;
  return joinByRule([...pieces, ...titlePageCredits(text, book)]);
}

/** Where the book begins that follows a start marker in the middle of a text: after its credits. */
export function endOfOpeningCredits(text: string, position: number): number {
  return openingCredits(text, position).at(-1)?.end ?? position;
}

function openingCredits(text: string, from: number): Piece[] {
  const pieces: Piece[] = [];
  let position = from;
  for (let first = paragraphFrom(text, from); first; first = restOf(first, position) ?? paragraphFrom(text, position)) {
    const found =
      readOpening(text, first) ?? (pieces.some(({ rule }) => rule === "header") ? readBridge(text, first) : undefined);
    if (!found) {
      if (first.start > position) pieces.push({ rule: "blank-lines", start: position, end: first.start });
      break;
    }
    pieces.push({ rule: found.rule, start: position, end: found.end });
    position = found.end;
  }
  return pieces;
}

/** What a paragraph before the book is, and where it ends; nothing: it is the book's. */
function readOpening(text: string, paragraph: Paragraph): { rule: CutRule; end: number } | undefined {
  const words = wordsOf(text, paragraph);
  const end = endOfCredit(text, paragraph);
  const bracket = words.startsWith("[") ? endOfBracket(text, paragraph.start + words.indexOf("[")) : undefined;
  if (bracket !== undefined) {
    const inside = text.slice(paragraph.start, bracket);
    const isNote = NOTE.test(inside) || NAMED_NOTE.test(inside);
    if (isNote || isApparatus(talkOf(inside))) return { rule: "transcriber-notes", end: bracket };
  }
  if (TITLE_OF_FILE.test(words) || FIELD.test(words)) return { rule: "header", end };
  if (NOTE.test(words)) return { rule: "transcriber-notes", end: endOfNote(text, paragraph) };
  if (CREDIT.test(words)) return { rule: "credits", end };
  const long = paragraph.end - paragraph.start >= LONGEST_CREDIT;
  const talk = talkOf(words);
  if (talk.licence >= SURE && !long) return { rule: "header", end };
  if (isApparatus(talk) && !long && (talk.file >= SURE || !isTitle(words))) {
    const rule = talk.editing > talk.file ? "transcriber-notes" : "credits";
    return { rule, end: rule === "credits" ? end : endOfNote(text, paragraph) };
  }
  return readSpokenNote(text, paragraph, words);
}

// "Au lecteur.", "Ebook Editor's Note": a heading, and what follows it speaks of the file.
function readSpokenNote(text: string, paragraph: Paragraph, words: string): { rule: CutRule; end: number } | undefined {
  if (!SPEAKER.test(words)) return undefined;
  if (words.length > LONGEST_HEADING) {
    const { file, editing } = talkOf(words);
    const isNote = file + editing >= 2 && paragraph.end - paragraph.start < LONGEST_CREDIT;
    return isNote ? { rule: "transcriber-notes", end: endOfNote(text, paragraph) } : undefined;
  }
  const second = paragraphFrom(text, paragraph.end);
  if (!second || second.end - second.start >= LONGEST_CREDIT || !isApparatus(talkOf(wordsOf(text, second)))) {
    return undefined;
  }
  return { rule: "transcriber-notes", end: endOfNote(text, second) };
}

// A sentence or a ruled line that says nothing, between two that are of the header.
function readBridge(text: string, first: Paragraph): { rule: CutRule; end: number } | undefined {
  for (let next: Paragraph | undefined = first; next; next = paragraphFrom(text, next.end)) {
    if (next.end - first.start > LONGEST_BRIDGE) return undefined;
    const words = wordsOf(text, next);
    if (next !== first && talkOf(words).licence >= SURE) return { rule: "header", end: next.start };
    const isRule = !/[\p{L}\p{N}]/u.test(words);
    if (!isRule && (isTitle(words) || next.lines > 12) && talkOf(words).licence === 0) return undefined;
  }
  return undefined;
}

// "Entered by A. Volunteer, someone@example.org", a note on the electronic edition: between title and first chapter.
function titlePageCredits(text: string, from: number): Piece[] {
  const pieces: Piece[] = [];
  let next = paragraphFrom(text, from);
  const book = next?.start ?? from;
  while (next && next.end - book <= TITLE_PAGE) {
    const words = wordsOf(text, next);
    const talk = talkOf(words);
    const spoken = readSpokenNote(text, next, words);
    if (spoken && next.start > book) {
      pieces.push({ rule: spoken.rule, start: next.start, end: spoken.end });
      next = paragraphFrom(text, spoken.end);
      continue;
    }
    if (next.start > book && talk.file > SURE) pieces.push({ rule: "credits", start: next.start, end: next.end });
    else if (isProse(words)) break;
    next = paragraphFrom(text, next.end);
  }
  return pieces;
}

function isProse(words: string): boolean {
  const lines = words.split("\n").length;
  return words.length > LONGEST_TITLE || (words.length > LONGEST_TITLE_LINE * lines && /[.!?]["”’)]?$/u.test(words));
}

/** Finds credits and what is left of a licence after the book's own last line, and the blank lines there. */
export function findClosingCredits(text: string): Found[] {
  let end = text.length;
  const pieces: Piece[] = [];
  for (let last = paragraphBefore(text, end); last; last = paragraphBefore(text, end)) {
    const rule = readClosing(text, last);
    if (!rule) {
      if (last.end < end) pieces.push({ rule: "blank-lines", start: last.end, end });
      break;
    }
    const start = rule === "licence" ? startOfLicence(text, last) : last.start;
    pieces.push({ rule, start, end });
    end = start;
  }
  return joinByRule(pieces.reverse());
}

function readClosing(text: string, paragraph: Paragraph): "credits" | "licence" | undefined {
  if (paragraph.end - paragraph.start >= LONGEST_CREDIT || paragraph.start === 0) return undefined;
  const words = wordsOf(text, paragraph);
  if (CREDIT.test(words)) return "credits";
  return talkOf(words).licence >= SURE ? "licence" : undefined;
}

// A licence without a marker goes back over what says nothing, as long as more of the licence stands before that.
function startOfLicence(text: string, last: Paragraph): number {
  let { start } = last;
  for (let before = paragraphBefore(text, start); before && before.start > 0; ) {
    if (start - before.start > LONGEST_BRIDGE) break;
    if (readClosing(text, before)) start = before.start;
    before = paragraphBefore(text, before.start);
  }
  return start;
}

/** Where a bracket ends that opens here, and the line with it when nothing else is in it. */
function endOfBracket(text: string, open: number): number | undefined {
  let depth = 0;
  const limit = Math.min(text.length, open + LONGEST_BRACKET);
  for (let at = open; at < limit; at++) {
    if (text[at] === "[") depth++;
    if (text[at] !== "]" || --depth > 0) continue;
    const next = nextLine(text, at);
    return text.slice(at + 1, next).trim() === "" ? next : at + 1;
  }
  return undefined;
}

// What is left of a long paragraph whose first line went, when that is long enough for its end not to matter: looking
// for the end again after each line would take long.
function restOf(paragraph: Paragraph, position: number): Paragraph | undefined {
  const longEnough = position > paragraph.start && paragraph.end - position > LONGEST_NOTE;
  return longEnough ? { ...paragraph, start: position, gap: 0 } : undefined;
}

function wordsOf(text: string, { start, end }: Paragraph): string {
  return text.slice(start, Math.min(end, start + LONGEST_CREDIT)).trim();
}

function endOfCredit(text: string, paragraph: Paragraph): number {
  return paragraph.end - paragraph.start < LONGEST_CREDIT ? paragraph.end : nextLine(text, paragraph.start);
}

function joinByRule(found: readonly Piece[]): Found[] {
  const rules = new Map<CutRule, number[]>();
  for (const { rule, start, end } of found) {
    const list = rules.get(rule) ?? [];
    if (list.at(-1) === start) list[list.length - 1] = end;
    else list.push(start, end);
    rules.set(rule, list);
  }
  return [...rules].map(([rule, spans]) => ({ rule, spans }));
}
