import { createPairJoiner, describeCharacter } from "./characters.js";
import { VectorizeError } from "./errors.js";

/** The sorted set of the characters of a text; a character's id is its position. Never changes. */
export interface Vocabulary {
  /** One string a character, sorted by code point. Length `size`. */
  readonly characters: readonly string[];
  /** How many characters there are, 1 or more. */
  readonly size: number;
  /** The id of a character, in `[0, size)`; `undefined` when the vocabulary lacks it. */
  idOf(character: string): number | undefined;
  /** The characters, for `JSON.stringify`; `vocabularyFromJSON` reads them back. */
  toJSON(): string[];
}

const codePointCount = 0x110000;

/**
 * Collects the characters of a text.
 *
 * A character is a Unicode code point: a letter and the combining mark after it are two, a pair of surrogates is one, and
 * a surrogate without its other half is a character of its own, so that every JavaScript string can be encoded.
 *
 * @param text The text, or its parts in order, cut anywhere.
 * @throws {VectorizeError} `EMPTY_TEXT` when there is not one character.
 */
export function createVocabulary(text: string | Iterable<string>): Vocabulary {
  const seen = new Uint8Array(codePointCount);
  const joiner = createPairJoiner();
  for (const chunk of typeof text === "string" ? [text] : text) markCharacters(joiner.next(chunk), seen);
  markCharacters(joiner.rest(), seen);
  const characters: string[] = [];
  for (let codePoint = 0; codePoint < codePointCount; codePoint++) {
    if (seen[codePoint]) characters.push(String.fromCodePoint(codePoint));
  }
  return vocabularyOf(characters);
}

function markCharacters(text: string, seen: Uint8Array): void {
  for (let index = 0; index < text.length; index++) {
    const codePoint = text.codePointAt(index)!;
    if (codePoint > 0xffff) index++;
    seen[codePoint] = 1;
  }
}

/**
 * Reads what `toJSON` of a vocabulary gave.
 *
 * @param json An array of one or more strings of one character each, sorted by code point, each once.
 * @throws {VectorizeError} `BAD_VOCABULARY`, saying which entry is wrong.
 */
export function vocabularyFromJSON(json: unknown): Vocabulary {
  if (!Array.isArray(json) || json.length === 0) {
    const given = json === null ? "null" : Array.isArray(json) ? "an empty array" : typeof json;
    throw new VectorizeError("BAD_VOCABULARY", `a vocabulary is an array of characters, got ${given}`, { given: json });
  }
  let previous = -1;
  json.forEach((entry: unknown, id) => {
    const codePoint = typeof entry === "string" ? (entry.codePointAt(0) ?? -1) : -1;
    if (codePoint < 0 || (entry as string).length !== (codePoint > 0xffff ? 2 : 1)) {
      throw new VectorizeError(
        "BAD_VOCABULARY",
        `entry ${id} of the vocabulary is ${JSON.stringify(entry)}, expected a string of one character`,
        { id, given: entry },
      );
    }
    if (codePoint <= previous) {
      throw new VectorizeError(
        "BAD_VOCABULARY",
        `entry ${id} of the vocabulary, ${describeCharacter(entry as string)}, is not greater than the one before it: ` +
          "characters are sorted by code point, each once",
        { id, given: entry },
      );
    }
    previous = codePoint;
  });
  return vocabularyOf([...json]);
}

/** @param characters Sorted by code point, each once; kept. */
export function vocabularyOf(characters: string[]): Vocabulary {
  if (characters.length === 0) {
    throw new VectorizeError("EMPTY_TEXT", "the text is empty, a vocabulary needs at least one character");
  }
  const ids = new Map(characters.map((character, id) => [character, id]));
  return Object.freeze({
    characters: Object.freeze(characters),
    size: characters.length,
    idOf: (character: string) => ids.get(character),
    toJSON: () => [...characters],
  });
}
