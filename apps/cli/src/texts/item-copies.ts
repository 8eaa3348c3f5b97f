// Whether a model of items writes new ones, or those that it was trained on.
import { type Backend, readingOptions, writeItems } from "@charlstm/training";
import { decode, type Ids, itemStarts, type Vocabulary } from "@charlstm/vectorize";
import type { Io } from "../terminal/io.js";
import { working } from "../terminal/working.js";

/** What the items are that a model writes. */
export interface ItemCopies {
  /** Whole items that were looked at. */
  written: number;
  /** Those that stand, letter for letter, among those that trained. */
  copied: number;
  new: number;
}

const most = 100;

/**
 * Writes items as `generate` does, always the same ones, and looks for them in the training text.
 *
 * @param train Items with their marks.
 * @param maxLength Characters of an item at the most; what is longer is no whole one.
 */
export async function countCopies(
  io: Io,
  backend: Backend,
  { vocabulary, train, maxLength }: { vocabulary: Vocabulary; train: Ids; maxLength: number },
): Promise<ItemCopies> {
  const written: string[] = [];
  const options = { ...readingOptions, count: most, maxLength, seed: 0, signal: io.signal };
  const writing = (async () => {
    for await (const { text, isWhole } of writeItems(backend, vocabulary, options)) if (isWhole) written.push(text);
  })();
  await working(io, `writing ${most} items, to tell how many are copied`, writing);
  const copies = copiesAmong(new Set(written), train, vocabulary);
  const copied = written.filter((text) => copies.has(text)).length;
  return { written: written.length, copied, new: written.length - copied };
}

/** Those of some texts that are items of the training text: only items of their lengths are decoded. */
function copiesAmong(texts: ReadonlySet<string>, train: Ids, vocabulary: Vocabulary): Set<string> {
  const lengths = new Set([...texts].map((text) => [...text].length));
  const starts = itemStarts(train);
  const found = new Set<string>();
  for (let item = 0; item + 1 < starts.length; item++) {
    const [start, end] = [starts[item]! + 1, starts[item + 1]!];
    if (!lengths.has(end - start)) continue;
    const text = decode(train.subarray(start, end), vocabulary);
    if (texts.has(text)) found.add(text);
  }
  return found;
}
