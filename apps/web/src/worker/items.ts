// Texts of items: with marks where a run reads them, and without them for everybody else.
import { createTextJoiner, type ItemKind, itemMark, type SplitText, splitItems, splitText } from "@charlstm/training";
import { decode, type Ids } from "@charlstm/vectorize";
import { type PreparedText, prepareText } from "./prepared-text.js";

/** A text as a run of items reads it: each item with its mark. Where nothing is an item it is the text itself. */
export function inItems(prepared: PreparedText, items: ItemKind | undefined): PreparedText {
  if (items === undefined) return prepared;
  const { ids, vocabulary, origin } = prepared;
  const joiner = createTextJoiner(items);
  let text = "";
  for (const { begin, end } of origin.places ?? [{ begin: 0, end: ids.length }]) {
    text += joiner.next(decode(ids.subarray(begin, end), vocabulary));
    joiner.endText();
  }
  return prepareText(text + joiner.rest(), origin);
}

/** How many items a text has. */
export function countItems(prepared: PreparedText, items: ItemKind): number {
  const { ids, vocabulary } = inItems(prepared, items);
  const mark = vocabulary.idOf(itemMark);
  let marks = 0;
  for (const id of ids) if (id === mark) marks++;
  return Math.max(0, marks - 1);
}

/** Holds the end of a text out, of several the end of each, or some of its items. What moves parts together is done in a copy. */
export function split({ ids, origin: { places } }: PreparedText, share: number, items?: ItemKind): SplitText {
  if (items !== undefined) return splitItems(ids.slice(), share);
  return places ? splitText(ids.slice(), share, places) : splitText(ids, share);
}

/** The first items of a part with their marks, as many as have room in so many characters; one at the least. */
export function firstItems(ids: Ids, characters: number): Ids {
  const mark = ids[0]!;
  const end = ids.lastIndexOf(mark, characters - 1);
  return ids.subarray(0, 1 + (end > 0 ? end : ids.indexOf(mark, 1)));
}

/** A vocabulary as it is shown: the mark of items is no character, so that none stands for it. */
export const shownVocabulary = (characters: readonly string[]): string[] =>
  characters.map((character) => (character === itemMark ? "" : character));
