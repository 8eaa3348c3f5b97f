/** The last ids, for the penalties' sliding window: a ring, so that adding costs the same however long the text is. */
export interface RecentIds {
  /** The first `count` are filled, in no order that matters to a penalty. */
  readonly ids: Uint32Array;
  readonly count: number;
  add(id: number): void;
  /** A copy, oldest first. */
  inOrder(): number[];
}

/** @param capacity Integer >= 1. */
export function createRecentIds(capacity: number): RecentIds {
  const ids = new Uint32Array(capacity);
  let added = 0;
  return {
    ids,
    get count() {
      return Math.min(added, capacity);
    },
    add(id) {
      ids[added % capacity] = id;
      added++;
    },
    inOrder() {
      const first = Math.max(0, added - capacity);
      return Array.from({ length: added - first }, (_, index) => ids[(first + index) % capacity]!);
    },
  };
}
