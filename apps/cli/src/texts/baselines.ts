import { gzipSync } from "node:zlib";
import { itemMark, markovScores } from "@charlstm/training";
import { decode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import type { Io } from "../terminal/io.js";
import { working } from "../terminal/working.js";

/** A yardstick beside a model's loss on the same held-out text. */
export interface Baseline {
  name: string;
  /** In nats per character. */
  loss: number;
}

/** Characters that are counted and predicted at most: the last ones before the border and the first ones after it. */
const mostCounted = 10_000_000;
export const mostPredicted = 250_000;

/**
 * What counting and compressing make of a held-out text, or of the first `mostPredicted` characters of it: the best order-n
 * Markov model, and gzip.
 *
 * @throws `io.signal`'s reason, as soon as it is aborted.
 */
export async function baselines(
  io: Io,
  split: { train: Ids; heldOut: Ids },
  vocabulary: Vocabulary,
): Promise<Baseline[]> {
  const train = split.train.subarray(Math.max(0, split.train.length - mostCounted));
  const heldOut = split.heldOut.subarray(0, mostPredicted);
  const counted = markovScores(train, heldOut, vocabulary.size, { signal: io.signal });
  const what = `counting ${train.length.toLocaleString("en")} characters for a Markov model, to compare with`;
  const markov = (await working(io, what, counted)).reduce((best, score) => (score.loss < best.loss ? score : best));
  return [
    { name: `order-${markov.order} Markov`, loss: markov.loss },
    { name: "gzip", loss: gzipLoss(train, heldOut, vocabulary) },
  ];
}

/** Characters that gzip can look back on: its window of 32 KiB. */
const gzipWindow = 32 * 1024;

/** What the held-out text adds to a gzip file, in nats per character. */
function gzipLoss(train: Ids, heldOut: Ids, vocabulary: Vocabulary): number {
  const before = decode(train.subarray(Math.max(0, train.length - gzipWindow)), vocabulary);
  // A mark of items is a line's end to it, as it was in the text.
  const bytes = (text: string) => gzipSync(text.replaceAll(itemMark, "\n"), { level: 9 }).length;
  return ((bytes(before + decode(heldOut, vocabulary)) - bytes(before)) * 8 * Math.LN2) / heldOut.length;
}
