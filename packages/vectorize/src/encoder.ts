import { codePointName, describeCharacter } from "./characters.js";
import { checkNames, VectorizeError } from "./errors.js";
import { createIdBuffer, type IdBuffer } from "./id-buffer.js";
import type { Ids } from "./ids.js";
import type { Vocabulary } from "./vocabulary.js";

/** What becomes of a character that the vocabulary lacks. */
export type UnknownCharacters = "error" | "skip" | { replace: string };

/** One character that the vocabulary lacks, as `details.unknown` of an `UNKNOWN_CHARACTERS` error lists them. */
export interface UnknownCharacter {
  character: string;
  /** Such as `U+00E9`. */
  codePoint: string;
  /** How often it occurs. */
  count: number;
  /** Characters before its first occurrence. */
  position: number;
}

/** Characters that a message names; `details` has them all. */
const namedCharacters = 8;

/** Turns the parts of a text into ids; no part may end inside a surrogate pair. */
export interface Encoder {
  push(text: string): void;
  /** The ids of all parts; a view of a buffer that may be longer. */
  finish(): Ids;
}

/** @param capacity UTF-16 units expected in all; more are welcome. */
export function createEncoder(vocabulary: Vocabulary, unknown: UnknownCharacters, capacity: number): Encoder {
  const table = codePointTable(vocabulary);
  const fallback = fallbackId(vocabulary, unknown);
  const buffer = createIdBuffer(vocabulary.size, capacity);
  let position = 0;
  return {
    push(text) {
      position = encodeInto(buffer, text, { table, fallback, vocabulary, position });
    },
    finish: () => buffer.finish(),
  };
}

/** Ids below 0 of `fallbackId`. */
const refuse = -1;
const skip = -2;

function fallbackId(vocabulary: Vocabulary, unknown: UnknownCharacters): number {
  if (unknown === "error") return refuse;
  if (unknown === "skip") return skip;
  if (unknown === null || typeof unknown !== "object") {
    throw new VectorizeError(
      "BAD_OPTION",
      `unknown is ${JSON.stringify(unknown)}, expected "error", "skip" or { replace: character }`,
      { name: "unknown", given: unknown },
    );
  }
  checkNames(unknown, ["replace"], "unknown");
  const id = vocabulary.idOf(unknown.replace);
  if (id === undefined) {
    throw new VectorizeError(
      "BAD_OPTION",
      `unknown characters are to be replaced by ${JSON.stringify(unknown.replace)}, expected one character of the vocabulary`,
      { name: "unknown", given: unknown },
    );
  }
  return id;
}

interface Lookup {
  table: Int32Array;
  fallback: number;
  vocabulary: Vocabulary;
  /** Characters of the text before this part. */
  position: number;
}

function encodeInto(buffer: IdBuffer, text: string, { table, fallback, vocabulary, position }: Lookup): number {
  buffer.reserve(text.length);
  const { ids } = buffer;
  let { length } = buffer;
  const missing = new Map<number, { count: number; position: number }>();
  for (let index = 0; index < text.length; index++, position++) {
    const codePoint = text.codePointAt(index)!;
    if (codePoint > 0xffff) index++;
    let id = codePoint < table.length ? table[codePoint]! : -1;
    if (id < 0) {
      id = fallback;
      if (fallback === refuse) {
        const entry = missing.get(codePoint);
        if (entry) entry.count++;
        else missing.set(codePoint, { count: 1, position });
      }
    }
    if (id >= 0) ids[length++] = id;
  }
  buffer.length = length;
  if (missing.size > 0) throw unknownCharacters(missing, vocabulary);
  return position;
}

function unknownCharacters(missing: Map<number, { count: number; position: number }>, vocabulary: Vocabulary) {
  const unknown: UnknownCharacter[] = [...missing].map(([codePoint, { count, position }]) => ({
    character: String.fromCodePoint(codePoint),
    codePoint: codePointName(codePoint),
    count,
    position,
  }));
  const named = unknown.slice(0, namedCharacters).map(({ character, count, position }) => {
    const times = count === 1 ? "once, at" : `${count} times, first at`;
    return `${describeCharacter(character)} ${times} ${position}`;
  });
  const more = unknown.length > namedCharacters ? ` and ${unknown.length - namedCharacters} more` : "";
  return new VectorizeError(
    "UNKNOWN_CHARACTERS",
    `the text has ${unknown.length === 1 ? "a character" : `${unknown.length} characters`} that the vocabulary of ` +
      `${vocabulary.size} lacks: ${named.join(", ")}${more}; remove them, or set unknown to "skip" or { replace: character }`,
    { unknown, vocabularySize: vocabulary.size },
  );
}

const tables = new WeakMap<Vocabulary, Int32Array>();

/** Code point → id, or -1; as long as the greatest code point asks. Made once a vocabulary. */
function codePointTable(vocabulary: Vocabulary): Int32Array {
  let table = tables.get(vocabulary);
  if (!table) {
    const greatest = vocabulary.characters.at(-1)!.codePointAt(0)!;
    table = new Int32Array(greatest + 1).fill(-1);
    for (const [id, character] of vocabulary.characters.entries()) table[character.codePointAt(0)!] = id;
    tables.set(vocabulary, table);
  }
  return table;
}
