export type { Cut, CutRule } from "./clean/draft.js";
export { cleanPrompt } from "./clean-prompt.js";
export { type CleanedText, type CleanOptions, cleanText, type Recipe } from "./clean-text.js";
export { type DecodedText, type DecodeOptions, decodeText } from "./decode.js";
export { createDecoder, type PieceDecoder } from "./encodings.js";
export { CorpusError, type CorpusErrorCode, isCorpusError } from "./errors.js";
export { DEFAULT_MIRRORS } from "./fetch/addresses.js";
export type { Attempt, AttemptCode } from "./fetch/attempt.js";
export type { Book } from "./fetch/cache.js";
export type { Clock } from "./fetch/clock.js";
export type { FetchedBook, FetchOptions, FetchProgress } from "./fetch/fetch-book.js";
export { type Corpus, type CorpusSource, type LoadOptions, parseSource } from "./load-corpus.js";
export {
  type CleaningStep,
  cutBlankLines,
  cutBold,
  cutCredits,
  cutFootnotes,
  cutHeaderAndLicence,
  cutIllustrations,
  cutItalics,
  cutTranscriberNotes,
  type StepResult,
  unwrapLines,
} from "./steps.js";
export type { Warning } from "./warnings.js";
