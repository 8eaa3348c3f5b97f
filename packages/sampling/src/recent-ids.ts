/** The last ids of a text, for penalties that look back. */
export interface RecentIds {
  add(id: number): void;
  /** The last `count` ids, or all that there are, oldest first; valid until the next `add`. */
  last(count: number): Uint32Array;
}

/**
 * Ids gather in one array, of which at least the last `capacity` are kept: when twice as many have come, they move to its
 * front. So adding costs the same however long the text is, and nothing is reserved that is not used.
 *
 * @param capacity Integer >= 1, or `Infinity` to keep them all.
 */
export function createRecentIds(capacity: number): RecentIds {
  let ids = new Uint32Array(Math.min(2 * capacity, 256));
  let end = 0;
  function makeRoom(): void {
    const kept = ids.subarray(end - Math.min(end, capacity), end);
    if (2 * kept.length > ids.length) ids = new Uint32Array(Math.min(2 * capacity, 2 * ids.length));
    ids.set(kept);
    end = kept.length;
  }
  return {
    add(id) {
      if (end === ids.length) makeRoom();
      ids[end++] = id;
    },
    last: (count) => ids.subarray(end - Math.min(end, count), end),
  };
}
