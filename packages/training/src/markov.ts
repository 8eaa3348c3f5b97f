import type { Ids } from "@charlstm/vectorize";

/** How well a text is predicted by counting what followed the last `order` characters in another. */
export interface MarkovScore {
  order: number;
  /** Mean cross-entropy, in nats per character. */
  loss: number;
}

/** Orders that are tried; longer contexts have hardly been seen before in a book. */
const orders = [1, 2, 3, 4, 5, 6] as const;

/**
 * The best order-n Markov model of a text: a yardstick for what memorizing short stretches is worth.
 *
 * Interpolated Witten–Bell smoothing: the estimate of order n is mixed with that of order n − 1, with weight T / (T + N) for the
 * shorter one, where the context has been followed N times by T different characters; order −1 is uniform.
 *
 * @param train Ids to count.
 * @param heldOut Ids to predict.
 * @returns The scores of orders 1 to 6.
 * @see Witten and Bell (1991), The zero-frequency problem; Chen and Goodman (1999).
 */
export function markovScores(train: Ids, heldOut: Ids, vocabularySize: number): MarkovScore[] {
  const counts = countContexts(train, heldOut, vocabularySize);
  const losses = new Float64Array(orders.length);
  let predictions = 0;
  const longest = orders.at(-1)!;
  for (let place = longest; place < heldOut.length; place++) {
    let probability = 1 / vocabularySize;
    for (let order = 0; order <= longest; order++) {
      const context = counts[order]!.get(contextKey(heldOut, place, order, vocabularySize));
      if (context !== undefined && context.total > 0) {
        const seen = context.followers.get(heldOut[place]!) ?? 0;
        const kinds = context.followers.size;
        probability = (seen + kinds * probability) / (context.total + kinds);
      }
      if (order >= orders[0]) losses[order - orders[0]]! -= Math.log(probability);
    }
    predictions++;
  }
  return orders.map((order, index) => ({ order, loss: losses[index]! / predictions }));
}

interface Followers {
  total: number;
  followers: Map<number, number>;
}

/** Counts what follows in `train`, for the contexts that `heldOut` asks for and no others: those of a whole book would fill memory. */
function countContexts(train: Ids, heldOut: Ids, vocabularySize: number): Map<number | string, Followers>[] {
  return Array.from({ length: orders.at(-1)! + 1 }, (_, order) => {
    const contexts = new Map<number | string, Followers>();
    for (let place = order; place < heldOut.length; place++) {
      contexts.set(contextKey(heldOut, place, order, vocabularySize), { total: 0, followers: new Map() });
    }
    for (let place = order; place < train.length; place++) {
      const context = contexts.get(contextKey(train, place, order, vocabularySize));
      if (!context) continue;
      context.total++;
      context.followers.set(train[place]!, (context.followers.get(train[place]!) ?? 0) + 1);
    }
    return contexts;
  });
}

/** The `order` ids before a place as one number, or as text where a number can't hold them. */
function contextKey(ids: Ids, place: number, order: number, vocabularySize: number): number | string {
  if (vocabularySize ** order > Number.MAX_SAFE_INTEGER) return ids.subarray(place - order, place).join();
  let key = 0;
  for (let index = place - order; index < place; index++) key = key * vocabularySize + ids[index]!;
  return key;
}
