import type { Draft } from "./draft.js";
import { findWraps } from "./wraps.js";

/** Joins the wrapped lines of prose: a newline becomes a space, or goes after a hyphen or dash and in Chinese and Japanese. */
export function unwrap(draft: Draft): void {
  const { spaces, found } = findWraps(draft.text);
  const pieces: string[] = [];
  let position = 0;
  for (const at of spaces) {
    pieces.push(draft.text.slice(position, at));
    position = at + 1;
  }
  pieces.push(draft.text.slice(position));
  draft.substitute(pieces.join(" "));
  draft.cut(() => found);
}
