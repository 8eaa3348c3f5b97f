import { findBracketedNotes, findFootnotes, findIllustrations } from "./clean/brackets.js";
import { findClosingCredits, findOpeningCredits } from "./clean/credits.js";
import { type Cut, Draft, type Finder } from "./clean/draft.js";
import { findEdges } from "./clean/edges.js";
import { findBlankLines } from "./clean/lines.js";
import { findBold, findItalics } from "./clean/markup.js";
import { findTail } from "./clean/tail.js";
import { findTranscriberNotes } from "./clean/transcriber-notes.js";
import { unwrap } from "./clean/unwrap.js";

/** What a single step makes of a text. The cuts' positions count in the text that the step was given. */
export interface StepResult {
  readonly text: string;
  readonly cuts: readonly Cut[];
}

/** One step of cleaning: takes a text, gives what is left of it and what was cut. */
export type CleaningStep = (text: string) => StepResult;

/** Cuts the header, the licence, and licences between books. */
export const cutHeaderAndLicence: CleaningStep = step(findEdges);
/** Cuts the paragraphs of credits and the transcriber's notes at both ends of a text without header and licence. */
export const cutCredits: CleaningStep = step(findOpeningCredits, findClosingCredits);
/** Cuts transcriber's notes anywhere, in brackets, in boxes and as paragraphs, and lists of corrections at the end. */
export const cutTranscriberNotes: CleaningStep = step(findTail, findBracketedNotes, findTranscriberNotes);
/** Cuts `[Illustration]` and `[Illustration: …]`, over several lines and nested. */
export const cutIllustrations: CleaningStep = step(findIllustrations);
/** Cuts `[Footnote 1: …]`, paragraphs that begin with `[1]` when that is referred to, and the references to both. */
export const cutFootnotes: CleaningStep = step(findFootnotes);
/** Cuts the underscores of `_italics_`. */
export const cutItalics: CleaningStep = step(findItalics);
/** Cuts the equals signs of `=bold=`. */
export const cutBold: CleaningStep = step(findBold);
/** Cuts white space at the end of lines, and all but two of the blank lines that follow each other. */
export const cutBlankLines: CleaningStep = step(findBlankLines);

/** Joins the wrapped lines of prose; verse, titles, tables and indented passages stay. */
export const unwrapLines: CleaningStep = (text) => {
  const draft = new Draft(text);
  unwrap(draft);
  return { text: draft.text, cuts: draft.cuts() };
};

function step(...finders: readonly Finder[]): CleaningStep {
  return (text) => {
    const draft = new Draft(text);
    for (const finder of finders) draft.cut(finder);
    return { text: draft.text, cuts: draft.cuts() };
  };
}
