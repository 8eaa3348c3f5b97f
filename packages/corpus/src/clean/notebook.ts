import { CorpusError } from "../errors.js";
import type { Draft, Found } from "./draft.js";

const START_MARKER = "preface.";
const END_MARKER = "end of the project gutenberg ebook";

// Python's `\s`, which is not JavaScript's: it has the separators U+001C to U+001F and U+0085, and lacks U+FEFF.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the separators are white space in Python
const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/**
 * The reference notebook's cleaning, to the letter, on a lower-cased text: newlines to spaces, from `preface.`
 * (kept) up to `end of the project gutenberg ebook` (not kept; the asterisks before it are), `\[.*?\]` dropped, white
 * space collapsed. Where a marker is missing the notebook silently keeps the wrong text; this is an error instead.
 *
 * @throws {CorpusError} `MARKER_MISSING`.
 */
export function cleanAsNotebook(draft: Draft): void {
  draft.substitute(draft.text.replaceAll("\n", " "));
  const start = draft.text.indexOf(START_MARKER);
  if (start < 0) throw markerMissing(START_MARKER, "in the text");
  const end = draft.text.indexOf(END_MARKER, start);
  if (end < 0) throw markerMissing(END_MARKER, `after "${START_MARKER}"`);
  draft.cut((text) => outside(text, start, end));
  draft.cut(findBrackets);
  draft.substitute(draft.text.replace(WHITE_SPACE, (run) => " ".repeat(run.length)));
  draft.cut(findRepeatedSpaces);
  // Dropping and collapsing can write the end marker anew ("end of the [1] project …"): it ends the text too.
  draft.cut((text) => {
    const again = text.indexOf(END_MARKER);
    return again < 0 ? [] : outside(text, 0, again);
  });
}

function markerMissing(marker: string, where: string): CorpusError {
  return new CorpusError(
    "MARKER_MISSING",
    `recipe "notebook" needs "${marker}" ${where}, and it is not there: use the recipe "gutenberg", or the 1894 ` +
      "illustrated edition of Pride and Prejudice, for which the notebook was written",
    { marker },
  );
}

function outside(text: string, start: number, end: number): Found[] {
  const found: Found[] = [];
  if (start > 0) found.push({ rule: "before-marker", spans: [0, start] });
  if (end < text.length) found.push({ rule: "after-marker", spans: [end, text.length] });
  return found;
}

// `\[.*?\]` by hand: the regular expression takes quadratic time on a text full of unclosed brackets.
function findBrackets(text: string): Found[] {
  const spans: number[] = [];
  for (let open = text.indexOf("["); open >= 0; ) {
    const close = text.indexOf("]", open);
    if (close < 0) break;
    spans.push(open, close + 1);
    open = text.indexOf("[", close);
  }
  return [{ rule: "brackets", spans }];
}

function findRepeatedSpaces(text: string): Found[] {
  const spans: number[] = [];
  for (const run of text.matchAll(/ {2,}/g)) spans.push(run.index + 1, run.index + run[0].length);
  return [{ rule: "white-space", spans }];
}
