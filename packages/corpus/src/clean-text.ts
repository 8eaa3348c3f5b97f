import { findBracketedNotes, findFootnotes, findIllustrations, firstMark } from "./clean/brackets.js";
import { compose, foldCase } from "./clean/compose.js";
import { findClosingCredits, findOpeningCredits, hasGutenbergTitle } from "./clean/credits.js";
import { type Cut, Draft, type Finder } from "./clean/draft.js";
import { findEdges } from "./clean/edges.js";
import { findNamedRemarks } from "./clean/gutenberg-name.js";
import { findBlankLines } from "./clean/lines.js";
import { findSideNotes, markFinders } from "./clean/marks.js";
import { findBold, findItalics } from "./clean/markup.js";
import { cleanAsNotebook } from "./clean/notebook.js";
import { findTail } from "./clean/tail.js";
import { findTranscriberNotes } from "./clean/transcriber-notes.js";
import { unwrap } from "./clean/unwrap.js";
import { CorpusError, checkNames } from "./errors.js";
import { cleanedByMark, muchCut, notCleaned, type Warning, warningsOf } from "./warnings.js";

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
  /** Cleans a text too that nothing shows to be Project Gutenberg's. Default `false`; only for `gutenberg`. */
  readonly cleanUnmarked?: boolean | undefined;
}

export const CLEAN_OPTION_NAMES = ["recipe", "foldCase", "unwrap", "cleanUnmarked"] as const;

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

// Files need two or three.
const MOST_ROUNDS = 8;

/**
 * Cleans a text and reports everything that it took out.
 *
 * `gutenberg` removes what Project Gutenberg and the transcribers put around and into a book: header, licence, credits,
 * transcriber's notes, `[Illustration …]`, footnotes, side notes and the marks of `_italics_` and `=bold=`. A text with
 * nothing of Project Gutenberg's in it keeps everything. `notebook` is the reference notebook's cleaning. Cleaning a cleaned
 * text changes nothing (`notebook` refuses it: its markers are gone). Time and memory are linear in the text.
 *
 * @param text Lines end in `\n`, as `decodeText` leaves them.
 * @throws {CorpusError} `EMPTY_TEXT`, `MARKER_MISSING` (recipe `notebook`), `BAD_OPTION`.
 */
export function cleanText(text: string, options: CleanOptions = {}): CleanedText {
  checkCleanOptions(options);
  const steps = cleaningSteps(text, options);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/**
 * `cleanText` in steps, for a caller who has other things to do between two of them: a step reads the text a few times.
 *
 * @param options Checked ones.
 * @throws {CorpusError} `EMPTY_TEXT`, `MARKER_MISSING` (recipe `notebook`).
 */
export function* cleaningSteps(text: string, options: CleanOptions): Generator<void, CleanedText> {
  checkNotEmpty(text, "the text");
  return options.recipe === "notebook" ? cleanNotebook(text) : yield* cleanGutenberg(text, options);
}

/** @throws {CorpusError} `BAD_OPTION`. */
export function checkCleanOptions(options: CleanOptions): void {
  checkNames(options, CLEAN_OPTION_NAMES, "cleanText");
  const { recipe = "gutenberg", foldCase, unwrap, cleanUnmarked } = options;
  if (recipe !== "gutenberg" && recipe !== "notebook") {
    throw new CorpusError("BAD_OPTION", `recipe is "${String(recipe)}", expected "gutenberg" or "notebook"`, {
      recipe,
    });
  }
  if (recipe === "notebook" && (foldCase === false || unwrap === true || cleanUnmarked === true)) {
    throw new CorpusError(
      "BAD_OPTION",
      'recipe "notebook" always lower-cases, leaves no lines and needs its markers: drop foldCase, unwrap and cleanUnmarked, or use the recipe "gutenberg"',
      { recipe, foldCase, unwrap, cleanUnmarked },
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

function* cleanGutenberg(text: string, options: CleanOptions): Generator<void, CleanedText> {
  const given = options.foldCase ? foldCase(text) : compose(text);
  yield;
  const draft = new Draft(given, { keepNormal: true });
  const warnings: Warning[] = [];
  const marked = draft.cut(findEdges) || hasGutenbergTitle(given);
  const mark = marked ? undefined : firstMark(given);
  if (mark) warnings.push(cleanedByMark(draft, mark));
  if (marked || mark || options.cleanUnmarked) {
    // Cutting one thing can bring another to the edge. Until nothing more is found, so that a second cleaning finds
    // nothing either.
    for (let round = 0; round < MOST_ROUNDS && (yield* cutOnce(draft)); round++);
  } else {
    warnings.push(notCleaned(draft));
  }
  if (!/\S/.test(draft.text)) {
    warnings.push({ code: "NOTHING_LEFT", message: "cleaning would leave nothing of this text: nothing was cut" });
    return { text: given, cuts: [], warnings, given };
  }
  warnings.push(...warningsOf(draft, given));
  yield;
  if (options.unwrap) unwrap(draft);
  yield;
  return { text: draft.text, cuts: draft.cuts(), warnings, given };
}

const FINDERS: readonly Finder[] = [
  findEdges,
  findOpeningCredits,
  findClosingCredits,
  findTail,
  findFootnotes,
  findIllustrations,
  findBracketedNotes,
  findNamedRemarks,
  findTranscriberNotes,
  findSideNotes,
  ...markFinders,
  findItalics,
  findBold,
  findBlankLines,
];

function* cutOnce(draft: Draft): Generator<void, boolean> {
  let found = false;
  for (const finder of FINDERS) {
    if (draft.cut(finder)) found = true;
    yield;
  }
  return found;
}
