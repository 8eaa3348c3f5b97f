import { checkWhole } from "./options.js";

/** Ids of characters: one byte each up to 256 characters in the vocabulary, two up to 65,536, else four. */
export type Ids = Uint8Array | Uint16Array | Uint32Array;

/**
 * An array of `length` zeros, of the narrowest type that holds every id of a vocabulary.
 *
 * @throws {VectorizeError} `BAD_OPTION` when either is not a whole number, 0 or more.
 */
export function idArray(vocabularySize: number, length: number): Ids {
  checkWhole("vocabularySize", vocabularySize, 0);
  checkWhole("length", length, 0);
  if (vocabularySize <= 0x100) return new Uint8Array(length);
  if (vocabularySize <= 0x10000) return new Uint16Array(length);
  return new Uint32Array(length);
}

/** An array of `length` zeros, of the same type as `ids`. */
export function sameIdArray(ids: Ids, length: number): Ids {
  return idArray(2 ** (8 * ids.BYTES_PER_ELEMENT), length);
}
