/** Draws for the texts that are written here: seeded, so that every build has the same ones. */
export interface Draw {
  /** A whole number in `[0, below)`. */
  number(below: number): number;
  one<Item>(items: readonly Item[]): Item;
  /** As many different ones; at most all. */
  some<Item>(items: readonly Item[], count: number): Item[];
}

export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  // Mulberry32.
  const number = (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  const one = <Item>(items: readonly Item[]): Item => items[number(items.length)]!;
  const some = <Item>(items: readonly Item[], count: number): Item[] => {
    const left = [...items];
    return Array.from({ length: Math.min(count, items.length) }, () => left.splice(number(left.length), 1)[0]!);
  };
  return { number, one, some };
}
