// Items: texts with a beginning and an end that a model learns, such as names, tweets, recipes, tunes.
import { type Ids, idArray, itemStarts } from "@charlstm/vectorize";
import { TrainingError } from "./errors.js";

/** The two parts of a text: what trains, and what only measures. */
export interface SplitText {
  train: Ids;
  heldOut: Ids;
}

/** What of a text is an item: each line, each paragraph, or each file whole. */
export type ItemKind = "line" | "paragraph" | "file";

/** The names of `ItemKind`. */
export const itemKinds: readonly ItemKind[] = ["line", "paragraph", "file"];

/**
 * The character before each item and after the last, in the vocabulary of a model of items and in no text: a code point that Unicode
 * keeps for programs' own use (a noncharacter). It is never part of what is written.
 */
export const itemMark = "\ufdd0";

/**
 * What of its text a model has learnt as an item, `undefined` for a model that knows none. Of a model whose settings are lost, because
 * another tool's file has none, it is told by its characters.
 */
export function itemKindOf({
  vocabulary,
  settings,
}: {
  vocabulary: readonly string[];
  settings?: object;
}): ItemKind | undefined {
  if (!vocabulary.includes(itemMark)) return undefined;
  const kind = itemKinds.find((kind) => kind === (settings as { items?: unknown } | undefined)?.items);
  return kind ?? (vocabulary.includes("\n") ? "paragraph" : "line");
}

/** Puts marks into texts that come in pieces. */
export interface ItemMarker {
  /** A piece of a text with a mark before each item that begins in it. */
  next(piece: string): string;
  /** Says that the next piece is another text's. */
  endText(): void;
}

/**
 * Starts to mark items. What separates them is left out, line ends or empty lines; so are white space at their ends and items of white
 * space alone.
 */
export function createItemMarker(kind: ItemKind): ItemMarker {
  let held = ""; // white space that may be an item's, or its end
  let isInside = false;
  return {
    next(piece) {
      if (piece.includes(itemMark)) throw reserved();
      const text = held + piece;
      const body = text.trimEnd();
      held = text.slice(body.length);
      if (body === "") return "";
      // Empty lines before the first item are none of it.
      const [first, ...others] = itemsIn(isInside ? body : body.replace(/^(?:[^\S\n]*\n)+/, ""), kind);
      const begun = isInside ? first! : marked(first!);
      isInside = true;
      return begun + others.map(marked).join("");
    },
    endText() {
      held = "";
      isInside = false;
    },
  };
}

/** A text cut where items end; time is linear in it, whatever its white space. */
function itemsIn(text: string, kind: ItemKind): string[] {
  if (kind === "file") return [text];
  const parts = text.split(kind === "line" ? "\n" : /\n(?:[^\S\n]*\n)+/);
  return parts.map((part) => part.trimEnd());
}

const marked = (item: string) => (item === "" ? "" : itemMark + item);

/**
 * Holds items out: a share of them, evenly among all, so that what is sorted by name is not measured by its last letter.
 *
 * @param ids Items with their marks.
 * @param share In `[0, 1)`.
 * @returns Items with their marks in both parts; what is held out is empty where the share is less than one item.
 * @throws {VectorizeError} `TEXT_TOO_SHORT` when there is no item.
 */
export function splitItems(ids: Ids, share: number): SplitText {
  const starts = itemStarts(ids);
  const items = starts.length - 1;
  const isHeld = (item: number) => Math.floor((item + 1) * share) > Math.floor(item * share);
  let size = 0;
  for (let item = 0; item < items; item++) if (isHeld(item)) size += starts[item + 1]! - starts[item]!;
  if (size === 0) return { train: ids, heldOut: ids.subarray(0, 0) };
  const heldOut = idArray(2 ** (8 * ids.BYTES_PER_ELEMENT), size + 1);
  let [kept, trained] = [0, 0];
  for (let item = 0; item < items; item++) {
    const [start, end] = [starts[item]!, starts[item + 1]!];
    if (isHeld(item)) {
      heldOut.set(ids.subarray(start, end), kept);
      kept += end - start;
    } else {
      // What moves stays before what is still to be read.
      ids.copyWithin(trained, start, end);
      trained += end - start;
    }
  }
  heldOut[kept] = ids[trained] = ids[ids.length - 1]!;
  return { train: ids.subarray(0, trained + 1), heldOut };
}

/** Refuses what no text may have. */
export function reserved(): TrainingError {
  return new TrainingError(
    "RESERVED_CHARACTER",
    "the text has the character U+FDD0, which marks where an item begins and ends and is no character of any text: take it out",
  );
}
