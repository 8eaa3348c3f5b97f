import type { CutRule, Found } from "./draft.js";
import { endOfParagraph } from "./paragraphs.js";

const WORD = /[\p{L}\p{N}]/u;
const LETTER = /\p{L}/u;

/**
 * Finds the underscores of `_italics_`, within a paragraph and nested. Runs of underscores (`Mr. ____`, a ruled line)
 * and those inside a word (`snake_case`) are not markup; `1_st_` is.
 */
export function findItalics(text: string): Found[] {
  return findPairs(text, "_", "italics", (before, after) => ({
    opens: !LETTER.test(before),
    closes: !WORD.test(after),
  }));
}

/** Finds the equals signs of `=bold=`, within a paragraph; `a = b = c` is not markup. */
export function findBold(text: string): Found[] {
  return findPairs(text, "=", "bold", (before, after) => ({
    opens: !WORD.test(before) && after.trim() !== "",
    closes: !WORD.test(after) && before.trim() !== "",
  }));
}

/**
 * Pairs single marks inside each paragraph as brackets are paired, the innermost first; a mark that could open and
 * close closes when one is open. What is left over are closing marks before opening ones, so that another look at the
 * shortened text pairs none of them.
 */
function findPairs(
  text: string,
  mark: string,
  rule: CutRule,
  roles: (before: string, after: string) => { opens: boolean; closes: boolean },
): Found[] {
  const paired: number[] = [];
  let open: number[] = [];
  let paragraphEnd = -1;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (text[at + 1] === mark) {
      while (text[at + 1] === mark) at++; // a run
      continue;
    }
    if (at >= paragraphEnd) {
      open = [];
      paragraphEnd = endOfParagraph(text, at);
    }
    const { opens, closes } = roles(characterBefore(text, at), characterAfter(text, at));
    const partner = closes ? open.pop() : undefined;
    if (partner !== undefined) paired.push(partner, at);
    else if (opens) open.push(at);
  }
  paired.sort((left, right) => left - right);
  const spans: number[] = [];
  for (const at of paired) spans.push(at, at + 1);
  return [{ rule, spans }];
}

function characterBefore(text: string, at: number): string {
  const unit = text.charCodeAt(at - 1);
  const isLowHalf = unit >= 0xdc00 && unit < 0xe000 && at >= 2;
  return text.slice(Math.max(0, at - (isLowHalf ? 2 : 1)), at);
}

function characterAfter(text: string, at: number): string {
  const point = text.codePointAt(at + 1);
  return point === undefined ? "" : String.fromCodePoint(point);
}
