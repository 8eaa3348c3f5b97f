import type { Cut, Draft } from "./clean/draft.js";
import { findNames } from "./clean/gutenberg-name.js";
import { findMarkers } from "./clean/markers.js";
import { findItalics } from "./clean/markup.js";
import { countCharacters } from "./clean/spans.js";
import { findDoubtfulLists } from "./clean/tail.js";

/** Something to tell the user; the text is usable all the same. */
export interface Warning {
  readonly code:
    | "NO_MARKER"
    | "MUCH_CUT"
    | "NOTHING_LEFT"
    | "END_MARKER_INSIDE"
    | "NAME_LEFT"
    | "LIST_LEFT"
    | "MIXED_ENCODING"
    | "BYTES_LOST"
    | "ENCODING_UNKNOWN"
    | "CACHE_UNUSABLE";
  readonly message: string;
}

const MUCH = 0.3;
const SAYS_NOTHING: ReadonlySet<string> = new Set(["header", "licence", "blank-lines"]);
const MOST_LINES = 5;

/** That nothing was cut from a text without a marker. */
export function notCleaned(draft: Draft): Warning {
  const mark = findItalics(draft.text)[0]?.spans[0];
  const marks =
    mark === undefined
      ? ""
      : `; marks like _italics_ (${linesOf(draft, [mark])}) stay unless texts without a marker are to be cleaned too`;
  return { code: "NO_MARKER", message: `the text has no marker of Project Gutenberg: nothing was cut${marks}` };
}

/** That a text without a marker was cleaned all the same, for a mark that nobody writes but who transcribes a book. */
export function cleanedByMark(draft: Draft, { start, words }: { start: number; words: string }): Warning {
  return {
    code: "NO_MARKER",
    message: `the text has no marker of Project Gutenberg; "${words}" (${linesOf(draft, [start])}) shows that it is a transcription: it was cleaned as one`,
  };
}

/** What has to be said of a cleaned text: what could not be told, and stayed; and if much is gone. */
export function warningsOf(draft: Draft, given: string): Warning[] {
  const warnings: Warning[] = [];
  const stray = findMarkers(draft.text).filter(({ kind }) => kind === "end");
  if (stray.length > 0) {
    warnings.push({
      code: "END_MARKER_INSIDE",
      message: `${stray.length} end marker(s) of Project Gutenberg stand far from the end (${linesOf(
        draft,
        stray.map(({ start }) => start),
      )}): the text after them was kept`,
    });
  }
  const names = findNames(draft.text);
  if (names.length > 0) {
    warnings.push({
      code: "NAME_LEFT",
      message: `the text still names Project Gutenberg (${linesOf(draft, names)}): take that out before you pass the text on`,
    });
  }
  const [list, ...more] = findDoubtfulLists(draft.text);
  if (list) {
    const lines = linesOf(
      draft,
      [list, ...more].map(({ start }) => start),
    );
    warnings.push({
      code: "LIST_LEFT",
      message: `the list "${list.heading.slice(0, 60)}" (${lines}) may be the transcriber's or the book's own: it was kept`,
    });
  }
  return [...warnings, ...muchCut(draft.cuts(), given)];
}

/** Whether much is gone, without header, licence and blank lines: their length says nothing of the book. */
export function muchCut(cuts: readonly Cut[], given: string): Warning[] {
  const around = cuts.filter(({ rule }) => SAYS_NOTHING.has(rule));
  const inside = cuts.filter((cut) => !around.includes(cut));
  const cut = charactersOf(inside);
  const share = cut / (countCharacters(given) - charactersOf(around));
  if (!(share > MUCH)) return [];
  const rules = inside.map(({ rule }) => rule).join(", ");
  return [
    { code: "MUCH_CUT", message: `${Math.round(100 * share)} % of the text was cut (${rules}): have a look at it` },
  ];
}

function charactersOf(cuts: readonly Cut[]): number {
  return cuts.reduce((sum, { characters }) => sum + characters, 0);
}

// Lines of the file, so that they can be found there.
function linesOf(draft: Draft, places: readonly number[]): string {
  const lines = places.slice(0, MOST_LINES).map((place) => draft.lineInGiven(place));
  const more = places.length - lines.length;
  return `line${places.length === 1 ? "" : "s"} ${lines.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
