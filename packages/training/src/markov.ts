import type { Ids } from "@charlstm/vectorize";
import { turnNowAndThen } from "./next-turn.js";
import { PairTable } from "./pair-table.js";

/** How well a text is predicted by counting what followed the last `order` characters in another. */
export interface MarkovScore {
  order: number;
  /** Mean cross-entropy, in nats per character. */
  loss: number;
}

/** Orders that are tried: 1 to this one. Longer contexts have hardly been seen before in a book. */
const longest = 6;

/**
 * The best order-n Markov model of a text: a yardstick for what memorizing short stretches is worth.
 *
 * Interpolated Witten–Bell smoothing: the estimate of order n is mixed with that of order n − 1, with weight T / (T + N) for the
 * shorter one, where the context has been followed N times by T different characters; order −1 is uniform.
 *
 * Takes about a second for every million characters that are counted; timers and signals get their turn meanwhile.
 *
 * @param train Ids to count.
 * @param heldOut Ids to predict.
 * @param options `signal` stops it; its reason is thrown.
 * @returns The scores of orders 1 to 6.
 * @see Witten and Bell (1991), The zero-frequency problem; Chen and Goodman (1999).
 */
export async function markovScores(
  train: Ids,
  heldOut: Ids,
  vocabularySize: number,
  { signal }: { signal?: AbortSignal } = {},
): Promise<MarkovScore[]> {
  const turn = turnNowAndThen();
  const pause = async () => {
    await turn();
    signal?.throwIfAborted();
  };
  const contexts = await findContexts(heldOut, pause);
  const counts = await countFollowers(train, contexts, pause);
  const losses = new Float64Array(longest);
  const path = new Int32Array(longest + 1);
  for (let place = longest; place < heldOut.length; place++) {
    if (place % slice === 0) await pause();
    let probability = 1 / vocabularySize;
    const depth = walk(contexts, heldOut, place, path);
    for (let order = 0; order <= depth; order++) {
      const context = path[order]!;
      const total = counts.totals[context]!;
      if (total > 0) {
        const follower = counts.followers.find(context, heldOut[place]!);
        const seen = follower < 0 ? 0 : counts.seen[follower]!;
        const kinds = counts.kinds[context]!;
        probability = (seen + kinds * probability) / (total + kinds);
      }
      if (order > 0) losses[order - 1]! -= Math.log(probability);
    }
  }
  return Array.from(losses, (loss, index) => ({ order: index + 1, loss: loss / (heldOut.length - longest) }));
}

/** Places between two looks at the clock. */
const slice = 4096;

/**
 * The contexts of a text as a tree: the root is the empty one, and a child has one character more, before. Only what the held-out
 * text asks for is in it: the contexts of a whole book would fill memory. Pair (parent, id) number n is context n + 1.
 */
type Contexts = PairTable;

async function findContexts(heldOut: Ids, pause: () => Promise<void>): Promise<Contexts> {
  const contexts = new PairTable();
  for (let place = longest; place < heldOut.length; place++) {
    if (place % slice === 0) await pause();
    let context = 0;
    for (let order = 1; order <= longest; order++) context = contexts.add(context, heldOut[place - order]!) + 1;
  }
  return contexts;
}

/** Fills `path` with the contexts before a place that are in the tree, by their orders; returns the longest one's. */
function walk(contexts: Contexts, ids: Ids, place: number, path: Int32Array): number {
  const reach = Math.min(place, longest);
  for (let order = 1; order <= reach; order++) {
    const context = contexts.find(path[order - 1]!, ids[place - order]!) + 1;
    if (context === 0) return order - 1; // what is longer is not there either
    path[order] = context;
  }
  return reach;
}

/** What followed each context: how often in all, how many characters, and each one how often. */
interface Counts {
  totals: Uint32Array;
  kinds: Uint32Array;
  /** Pairs (context, id). */
  followers: PairTable;
  /** By the follower's number. */
  seen: Uint32Array;
}

async function countFollowers(train: Ids, contexts: Contexts, pause: () => Promise<void>): Promise<Counts> {
  const totals = new Uint32Array(contexts.size + 1);
  const kinds = new Uint32Array(contexts.size + 1);
  const followers = new PairTable();
  let seen = new Uint32Array(1024);
  const path = new Int32Array(longest + 1);
  for (let place = 0; place < train.length; place++) {
    if (place % slice === 0) await pause();
    const depth = walk(contexts, train, place, path);
    for (let order = 0; order <= depth; order++) {
      const context = path[order]!;
      totals[context]!++;
      const follower = followers.add(context, train[place]!);
      if (follower === seen.length) {
        const larger = new Uint32Array(seen.length * 2);
        larger.set(seen);
        seen = larger;
      }
      if (seen[follower]!++ === 0) kinds[context]!++;
    }
  }
  return { totals, kinds, followers, seen };
}
