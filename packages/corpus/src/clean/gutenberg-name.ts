import type { Found } from "./draft.js";
import { matchesNear } from "./near.js";
import { GUTENBERG } from "./talk.js";

const WORD = /gutenberg/giu;
const LONGEST_NAME = 120;
const NAMES = new RegExp(`${GUTENBERG.source}|gutenberg\\.(?:org|net)\\b`, "giu");
// As far as a remark in brackets goes from the name.
const REACH = 1_000;
const PAIRS = [
  ["<<", ">>"],
  ["[", "]"],
] as const;

/** Where the name of Project Gutenberg stands. */
export function findNames(text: string): number[] {
  return [...matchesNear(text, WORD, LONGEST_NAME, NAMES)].map(({ index }) => index);
}

/** Finds bracketed remarks, `[…]` and `<<…>>`, that name Project Gutenberg. */
export function findNamedRemarks(text: string): Found[] {
  const spans: number[] = [];
  for (const at of findNames(text)) {
    if (at < (spans.at(-1) ?? 0)) continue;
    const from = Math.max(spans.at(-1) ?? 0, at - REACH);
    const before = text.slice(from, at);
    const after = text.slice(at, at + REACH);
    for (const [opening, closing] of PAIRS) {
      const open = before.lastIndexOf(opening);
      const close = after.indexOf(closing);
      if (open < 0 || close < 0 || open < before.lastIndexOf(closing)) continue;
      spans.push(from + open, at + close + closing.length);
      break;
    }
  }
  return [{ rule: "licence", spans }];
}
