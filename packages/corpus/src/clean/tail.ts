import { countCorrections, isOwnErrata } from "./corrections.js";
import type { Found } from "./draft.js";
import { type Paragraph, paragraphFrom } from "./paragraphs.js";
import { isApparatus, SURE, talkOf } from "./talk.js";
import { NOTE } from "./transcriber-notes.js";

// How far from the end of a book its transcriber may begin.
const REACH = 60_000;
const LONGEST_HEADING = 120;
// So much that says nothing may stand between what is surely the transcriber's, and this much after it.
const MOST_DOUBT = 400;
const MOST_DOUBT_AT_END = 600;

// Headings that are followed: no book has more that are not the transcriber's.
const MOST_TRIED = 100;
// So much of what is cut has to be surely the transcriber's.
const LEAST_SURE = 0.25;

// Headings under which a transcriber may write, or the book.
const HEADING =
  /^[^\p{L}\p{N}]{0,12}(?:notes?\b|au\slecteur|to\sthe\sreader|aan\sde\slezer|an\sden\sleser|al\slector|al\slettore|about\sth(?:is|e)\s)/iu;
// And those of lists of errors.
const ERRORS =
  /errat|corrig|correg|corre[cz]|\berros\b|\berrores\b|errori|erreurs|fehler|fouten|korrek|amend|emend|änderung|wijziging|verbeter|typograph|druckfehler|misprint|inconsisten|anomal|\bchanges\b/iu;
const ERRATA = /^[^\p{L}\p{N}]{0,12}(?:errat|corrigend|corrections?\b)/iu;
const LAST_WORDS = /^[^\p{L}\p{N}]{0,12}(?:the\send|finis|fin|ende|fine|fim|einde|slut|конец|終)[^\p{L}\p{N}]{0,12}$/iu;
const TRANSCRIBER = /transcriber|transkri|trascrit|bewerker|transcript(?:eur|or|ie)/iu;

interface Block extends Paragraph {
  readonly words: string;
  /** A line of asterisks or dashes. */
  readonly isRule: boolean;
  /** Whether it is the transcriber's: surely, or perhaps, where others like it stand around it. */
  readonly isSure: boolean;
  readonly mayBe: boolean;
  /** Whether it speaks of what is done to a text: sure enough under a heading that says so. */
  readonly speaks: boolean;
  /** Whether it names a transcriber, or electronic texts. */
  readonly isNamed: boolean;
}

/**
 * Finds what a transcriber wrote after the end of a book: a heading or a note, and behind it, up to the end of the text,
 * paragraphs that speak of the transcription or are lists of corrections by their shape. When more than a few lines
 * follow that a book could have, all of it stays.
 */
export function findTail(text: string): Found[] {
  const { start } = readTail(text);
  if (start >= text.length) return [];
  const isLicence = talkOf(text.slice(start)).licence >= SURE;
  return [{ rule: isLicence ? "licence" : "transcriber-notes", spans: [start, text.length] }];
}

/** Where lists of errata begin that nothing shows to be the transcriber's, and which therefore stay. */
export function findDoubtfulLists(text: string): readonly { readonly start: number; readonly heading: string }[] {
  return readTail(text).doubtful.map(({ start, words }) => ({ start, heading: words.split("\n", 1)[0]!.trim() }));
}

function readTail(text: string): { start: number; doubtful: Block[] } {
  const blocks = blocksOf(text);
  const doubtful: Block[] = [];
  let tried = 0;
  for (const [index, block] of blocks.entries()) {
    if (tried < MOST_TRIED && opensTail(blocks, index)) {
      if (goesToEnd(blocks, index)) return { start: startOf(blocks, index), doubtful };
      tried++;
    }
    if (ERRATA.test(block.words) && standsApart(blocks, index) && !isOwn(blocks, index)) doubtful.push(block);
  }
  return { start: text.length, doubtful };
}

// Without the text's first paragraph, which is the book's, whatever it says.
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const from = text.length <= REACH ? 0 : text.lastIndexOf("\n", text.length - REACH) + 1;
  const first = paragraphFrom(text, from);
  for (let next = first && paragraphFrom(text, first.end); next; next = paragraphFrom(text, next.end)) {
    const words = text.slice(next.start, next.end).trim();
    const isRule = !/[\p{L}\p{N}]/u.test(words);
    blocks.push({ ...next, words, isRule, ...judge(words) });
  }
  return blocks;
}

function judge(words: string): Pick<Block, "isSure" | "mayBe" | "speaks" | "isNamed"> {
  if (isOwnErrata(words)) return { isSure: false, mayBe: false, speaks: false, isNamed: false };
  const { file, editing } = talkOf(words);
  const isNamed = file >= 2 || TRANSCRIBER.test(words) || NOTE.test(words);
  const isShort = words.length < LONGEST_HEADING;
  const isSure = isApparatus({ file, editing }) || countCorrections(words) > 0 || (isShort && isNamed && editing >= 2);
  // A line or two need say little; a paragraph of prose has to say more.
  const mayBe = file + editing >= (isShort ? 1 : 2) || countCorrections(words, { loose: true }) > 0;
  return { isSure: isSure || NOTE.test(words), mayBe: mayBe || isSure, speaks: file + editing >= 2, isNamed };
}

// A note by its name; or a heading that stands apart from what is before it, when what it says, or what follows right
// after it, cannot be the book's.
function opensTail(blocks: readonly Block[], index: number): boolean {
  const block = blocks[index]!;
  // A note in brackets ends at its bracket.
  if (block.isRule || block.words.startsWith("[")) return false;
  if (NOTE.test(block.words)) return true;
  const heading = block.words.split("\n", 2).join(" ").slice(0, LONGEST_HEADING);
  const [second] = blocks.slice(index + 1, index + 3).filter(({ isRule }) => !isRule);
  // One that names who corrected, above a list of corrections, need not stand apart.
  const saysAll =
    block.isNamed && ERRORS.test(heading) && block.words.length < LONGEST_HEADING && second?.mayBe === true;
  if (!standsApart(blocks, index) && !saysAll) return false;
  if (ERRORS.test(heading)) return block.isSure || (second?.mayBe ?? false);
  const saysWho =
    second?.isNamed || blocks.slice(index + 1, index + 4).some(({ words }) => countCorrections(words) > 0);
  return block.isNamed || (HEADING.test(heading) && (saysWho ?? false));
}

// The ruled lines above go with it.
function startOf(blocks: readonly Block[], index: number): number {
  let first = index;
  while (blocks[first - 1]?.isRule) first--;
  return blocks[first]!.start;
}

function standsApart(blocks: readonly Block[], index: number): boolean {
  return blocks[index]!.gap >= 2 || (blocks[index - 1]?.isRule ?? false);
}

function isOwn(blocks: readonly Block[], index: number): boolean {
  return blocks.slice(index, index + 3).some(({ words }) => isOwnErrata(words));
}

// Walks on from a heading while what follows is the transcriber's: does it up to the end, and surely?
function goesToEnd(blocks: readonly Block[], from: number): boolean {
  let sure = 0;
  let known = 0;
  let all = 0;
  let lists = 0;
  let doubt = 0;
  let gap = 0;
  let introduces = false;
  const heading = blocks[from]!.words.slice(0, LONGEST_HEADING);
  const isTold = NOTE.test(heading) || ERRORS.test(heading);
  for (let index = from; index < blocks.length; index++) {
    const block = blocks[index]!;
    const { words, isRule } = block;
    const isSure = block.isSure || (isTold && block.speaks);
    if (isRule) continue;
    // "The following words stand in both forms:", and the words.
    const isListed = introduces && block.gap < 2;
    introduces = words.endsWith(":") && words.length < 2 * LONGEST_HEADING;
    const mayBe = block.mayBe || isListed || (introduces && block !== blocks[from]);
    if (LAST_WORDS.test(words)) return false;
    all += words.length;
    if (isSure) sure += words.length;
    if (mayBe) {
      lists++;
      known += words.length;
      doubt = 0;
      gap = 0;
    } else if (block !== blocks[from]) {
      doubt += words.length;
      gap = Math.max(gap, block.gap);
      if (doubt > Math.max(MOST_DOUBT, known)) return false;
    }
  }
  if (sure < LEAST_SURE * all) return false;
  return doubt === 0 || (lists > 1 && gap < 2 && doubt <= Math.min(MOST_DOUBT_AT_END, known / 2));
}
