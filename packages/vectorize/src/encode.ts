import { createEncoder, type UnknownCharacters } from "./encoder.js";
import { checkNames, VectorizeError } from "./errors.js";
import type { Ids } from "./ids.js";
import type { Vocabulary } from "./vocabulary.js";

/** What becomes of unknown characters. */
export interface EncodeOptions {
  /** What becomes of characters that the vocabulary lacks: an error that names them, nothing, or another character. Default `"error"`. */
  unknown?: UnknownCharacters;
}

/**
 * The ids of a text's characters.
 *
 * @returns An id a character (code point), each in `[0, vocabulary.size)`; one byte each up to 256 characters, else two or four.
 * @throws {VectorizeError} `UNKNOWN_CHARACTERS`, with every one in `details.unknown`; `BAD_OPTION`.
 */
export function encode(text: string, vocabulary: Vocabulary, options: EncodeOptions = {}): Ids {
  checkNames(options, ["unknown"], "encode");
  const { unknown = "error" } = options;
  const encoder = createEncoder(vocabulary, unknown, text.length);
  encoder.push(text);
  const ids = encoder.finish();
  return ids.length === text.length ? ids : ids.slice();
}

/** Characters joined at once: strings that grow without end cost 32 bytes a character until they are flattened. */
const partLength = 4096;

/**
 * The text that ids stand for.
 *
 * @param ids Whole numbers in `[0, vocabulary.size)`; not modified.
 * @throws {VectorizeError} `UNKNOWN_ID`, with the first wrong one and its position.
 */
export function decode(ids: ArrayLike<number>, vocabulary: Vocabulary): string {
  const parts: string[] = [];
  for (let start = 0; start < ids.length; start += partLength) {
    const end = Math.min(start + partLength, ids.length);
    let part = "";
    for (let position = start; position < end; position++) {
      const character = vocabulary.characters[ids[position]!];
      if (character === undefined) throw unknownId(ids[position]!, position, vocabulary.size);
      part += character;
    }
    parts.push(part);
  }
  return parts.join("");
}

/** The error for an id outside a vocabulary. */
export function unknownId(id: number, position: number, vocabularySize: number): VectorizeError {
  return new VectorizeError(
    "UNKNOWN_ID",
    `id ${id} at ${position} is not in the vocabulary of ${vocabularySize}: ids are whole numbers from 0 to ${vocabularySize - 1}; ` +
      "use the vocabulary that the text was encoded with",
    { id, position, vocabularySize },
  );
}
