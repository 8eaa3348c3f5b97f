import { checkOptionNames } from "./check-options.js";
import { findBracketedNotes, findFootnotes, findIllustrations } from "./clean/brackets.js";
import { findClosingCredits, findOpeningCredits, hasGutenbergTitle } from "./clean/credits.js";
import { type Cut, Draft } from "./clean/draft.js";
import { findEdges } from "./clean/edges.js";
import { foldCase } from "./clean/fold-case.js";
import { findBlankLines } from "./clean/lines.js";
import { findMarkers } from "./clean/markers.js";
import { findBold, findItalics } from "./clean/markup.js";
import { cleanAsNotebook } from "./clean/notebook.js";
import { countCharacters } from "./clean/spans.js";
import { findTranscriberNotes } from "./clean/transcriber-notes.js";
import { unwrap } from "./clean/unwrap.js";
import { CorpusError } from "./errors.js";

/** `gutenberg` keeps case and lines; `notebook` does what the Keras notebook does, to the letter. */
export type Recipe = "gutenberg" | "notebook";

/** How a text is cleaned. */
export interface CleanOptions {
  /** Default `"gutenberg"`. */
  readonly recipe?: Recipe | undefined;
  /** Lower-cases the text. Default `false`; the recipe `notebook` always does and takes no other value. */
  readonly foldCase?: boolean | undefined;
  /** Joins the wrapped lines of prose. Default `false`; the recipe `notebook` has none left and refuses it. */
  readonly unwrap?: boolean | undefined;
}

export const CLEAN_OPTION_NAMES = ["recipe", "foldCase", "unwrap"] as const;

/** Something to tell the user; the text is usable all the same. */
export interface Warning {
  readonly code: "NO_MARKER" | "MUCH_CUT" | "NOTHING_LEFT" | "END_MARKER_INSIDE" | "CACHE_UNUSABLE";
  readonly message: string;
}

/** A clean text, and what it took to make it one. */
export interface CleanedText {
  readonly text: string;
  /** What is gone. Positions count in `given`, see `Cut`. */
  readonly cuts: readonly Cut[];
  readonly warnings: readonly Warning[];
  /**
   * The text that the cuts' positions count in: the text that was passed, in normal form C and lower case where the
   * recipe or the options say so. Without the spans of all cuts, and but for newlines that became spaces, it is `text`.
   */
  readonly given: string;
}

// Cutting what stands around a book can bring more of it to the edge; files need two rounds.
const MOST_ROUNDS = 8;
const MUCH = 0.3;

/**
 * Cleans a text and reports everything that it took out.
 *
 * `gutenberg` removes what Project Gutenberg and the transcribers put around and into a book: header, licence, credits,
 * transcriber's notes, `[Illustration …]`, footnotes and the marks of `_italics_` and `=bold=`. A text without any
 * marker of Project Gutenberg keeps everything. `notebook` is the reference notebook's cleaning. Cleaning a cleaned
 * text changes nothing (`notebook` refuses it: its markers are gone). Time and memory are linear in the text.
 *
 * @param text Lines end in `\n`, as `decodeText` leaves them.
 * @throws {CorpusError} `EMPTY_TEXT`, `MARKER_MISSING` (recipe `notebook`), `BAD_OPTION`.
 */
export function cleanText(text: string, options: CleanOptions = {}): CleanedText {
  checkCleanOptions(options);
  checkNotEmpty(text, "the text");
  const { recipe = "gutenberg" } = options;
  return recipe === "notebook" ? cleanNotebook(text) : cleanGutenberg(text, options);
}

/** @throws {CorpusError} `BAD_OPTION`. */
export function checkCleanOptions(options: CleanOptions): void {
  checkOptionNames(options, CLEAN_OPTION_NAMES, "cleanText");
  const { recipe = "gutenberg", foldCase, unwrap } = options;
  if (recipe !== "gutenberg" && recipe !== "notebook") {
    throw new CorpusError("BAD_OPTION", `recipe is "${String(recipe)}", expected "gutenberg" or "notebook"`, {
      recipe,
    });
  }
  if (recipe === "notebook" && (foldCase === false || unwrap === true)) {
    throw new CorpusError(
      "BAD_OPTION",
      'recipe "notebook" always lower-cases and leaves no lines: drop foldCase and unwrap, or use the recipe "gutenberg"',
      { recipe, foldCase, unwrap },
    );
  }
}

/** @throws {CorpusError} `EMPTY_TEXT`. */
export function checkNotEmpty(text: string, what: string): void {
  if (!/\S/.test(text)) {
    throw new CorpusError("EMPTY_TEXT", `${what} is empty: give a text with at least one visible character`);
  }
}

function cleanNotebook(text: string): CleanedText {
  const given = text.toLowerCase();
  const draft = new Draft(given);
  cleanAsNotebook(draft);
  const cuts = draft.cuts();
  return { text: draft.text, cuts, warnings: muchCut(cuts, given), given };
}

function cleanGutenberg(text: string, options: CleanOptions): CleanedText {
  const given = options.foldCase ? foldCase(text) : text.normalize("NFC");
  const draft = new Draft(given, { keepNormal: true });
  const warnings: Warning[] = [];
  if (draft.cut(findEdges) || hasGutenbergTitle(given)) {
    cutAround(draft);
    draft.cut(findIllustrations);
    draft.cut(findBracketedNotes);
    draft.cut(findTranscriberNotes);
    draft.cut(findFootnotes);
    draft.cut(findItalics);
    draft.cut(findBold);
    draft.cut(findBlankLines);
    cutAround(draft);
  } else {
    warnings.push({
      code: "NO_MARKER",
      message: "the text has no marker of Project Gutenberg: nothing was cut",
    });
  }
  if (!/\S/.test(draft.text)) {
    warnings.push({ code: "NOTHING_LEFT", message: "cleaning would leave nothing of this text: nothing was cut" });
    return { text: given, cuts: [], warnings, given };
  }
  if (options.unwrap) unwrap(draft);
  const cuts = draft.cuts();
  const stray = findMarkers(draft.text).filter(({ kind }) => kind === "end").length;
  if (stray > 0) {
    warnings.push({
      code: "END_MARKER_INSIDE",
      message: `${stray} end marker(s) of Project Gutenberg stand far from the end: the text after them was kept`,
    });
  }
  return { text: draft.text, cuts, warnings: [...warnings, ...muchCut(cuts, given)], given };
}

// Until nothing more is found, so that a second cleaning finds nothing either.
function cutAround(draft: Draft): void {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const edges = draft.cut(findEdges);
    const opening = draft.cut(findOpeningCredits);
    const closing = draft.cut(findClosingCredits);
    if (!edges && !opening && !closing) return;
  }
}

function muchCut(cuts: readonly Cut[], given: string): Warning[] {
  const cut = cuts.reduce((sum, { characters }) => sum + characters, 0);
  const share = cut / countCharacters(given);
  if (share <= MUCH) return [];
  const rules = cuts.map(({ rule }) => rule).join(", ");
  return [
    { code: "MUCH_CUT", message: `${Math.round(100 * share)} % of the text was cut (${rules}): have a look at it` },
  ];
}
