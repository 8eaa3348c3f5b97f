import type { ItemKind } from "../src/items.js";
import { createTextJoiner } from "../src/texts.js";

/** Texts as one, cut into pieces of `size` units, each item after a mark, and a mark at the end. */
export function joined(texts: readonly string[], kind: ItemKind, size = 3): string {
  const joiner = createTextJoiner(kind);
  let whole = "";
  for (const text of texts) {
    for (let start = 0; start < text.length; start += size) whole += joiner.next(text.slice(start, start + size));
    joiner.endText();
  }
  return whole + joiner.rest();
}
