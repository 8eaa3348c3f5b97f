import { FormatError } from "./errors.js";

/** Where a vocabulary is kept inside Keras and PyTorch files: an attribute, a metadata key. */
export const VOCABULARY_KEY = "charlstm_vocabulary";

/** The name of the file that carries a model's vocabulary beside it: `model.h5.vocabulary.json`. */
export function vocabularyFileName(modelFile: string): string {
  return `${modelFile}.vocabulary.json`;
}

/** The text of a `.vocabulary.json` file: one JSON array of the characters in the order of their ids. */
export function formatVocabulary(vocabulary: readonly string[]): string {
  return `${JSON.stringify(checkVocabulary(vocabulary))}\n`;
}

/**
 * Reads a vocabulary: a JSON array of the characters in the order of their ids.
 *
 * @throws {FormatError} `BAD_VOCABULARY` when it is no array of distinct single characters (code points).
 */
export function parseVocabulary(json: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw bad("it is not valid JSON", { cause });
  }
  return checkVocabulary(value);
}

function checkVocabulary(value: unknown): string[] {
  if (!Array.isArray(value)) throw bad("it should be a JSON array of characters");
  value.forEach((character: unknown, id) => {
    if (typeof character !== "string" || character.length === 0 || [...character].length !== 1) {
      throw bad(`entry ${id} is ${JSON.stringify(character)}, expected one character`);
    }
  });
  if (new Set(value).size !== value.length) throw bad("a character occurs twice");
  return value as string[];
}

function bad(reason: string, options?: ErrorOptions): FormatError {
  return new FormatError(
    "BAD_VOCABULARY",
    `the vocabulary cannot be used: ${reason}; it is a JSON array of the characters in the order of their ids`,
    { reason },
    options,
  );
}

/** A vocabulary out of a model file, if it fits; a damaged one is left out with a warning. */
export function embeddedVocabulary(json: string | undefined, size: number, warnings: string[]): string[] | undefined {
  if (json === undefined) return undefined;
  try {
    const vocabulary = parseVocabulary(json);
    if (vocabulary.length === size) return vocabulary;
    warnings.push(`the vocabulary in the file has ${vocabulary.length} characters, the model ${size}: it is left out`);
  } catch (error) {
    warnings.push((error as FormatError).message);
  }
  return undefined;
}
