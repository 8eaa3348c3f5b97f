import { createPairJoiner } from "./characters.js";
import { createEncoder, type Encoder, type UnknownCharacters } from "./encoder.js";
import { checkNames, VectorizeError } from "./errors.js";
import { createIdBuffer } from "./id-buffer.js";
import type { Ids } from "./ids.js";
import { checkWhole } from "./options.js";
import { type Vocabulary, vocabularyOf } from "./vocabulary.js";

/** How a text is encoded as it arrives. */
export interface EncodeStreamOptions {
  /** The vocabulary to use. Default: that of the text itself, found in the same pass. */
  vocabulary?: Vocabulary;
  /** What becomes of characters that `vocabulary` lacks. Default `"error"`. */
  unknown?: UnknownCharacters;
  /**
   * Room to take at the start, in characters; a file's size in bytes is never too little. Without it the array grows by
   * doubling, and each time the old and the new one exist together for a moment. Default 65,536.
   */
  capacity?: number;
  signal?: AbortSignal;
}

/** The ids of a text, and the vocabulary that they count in. */
export interface EncodedText {
  /** Length: the characters of the text; a view of a buffer that may be longer. */
  ids: Ids;
  vocabulary: Vocabulary;
}

/**
 * Encodes a text that comes in parts, so that no more of it than one part is ever held as a string.
 *
 * One pass: ids are given in the order in which characters first appear, and put in the vocabulary's order at the end,
 * in place. Memory is one byte a character up to 256 different ones, else two or four, and one part.
 *
 * @param chunks Parts in order, cut anywhere, also inside a character; strings, or bytes as strict UTF-8 (a byte order
 *   mark at the start is dropped). The iterator is closed when this ends early.
 * @throws {VectorizeError} `EMPTY_TEXT` when there is no character and no vocabulary, `UNKNOWN_CHARACTERS` (of the first
 *   part that has any), `NOT_UTF8`, `BAD_OPTION`.
 * @throws The signal's reason when aborted.
 */
export async function encodeStream(
  chunks: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: EncodeStreamOptions = {},
): Promise<EncodedText> {
  checkNames(options, ["vocabulary", "unknown", "capacity", "signal"], "encodeStream");
  const { vocabulary, unknown = "error", capacity = 0x10000, signal } = options;
  checkWhole("capacity", capacity, 0);
  signal?.throwIfAborted();
  const learner = vocabulary ? undefined : createLearningEncoder(capacity);
  const encoder = learner ?? createEncoder(vocabulary!, unknown, capacity);
  const joiner = createPairJoiner();
  const decoder = createTextDecoder();
  for await (const chunk of typeof chunks === "string" ? [chunks] : chunks) {
    signal?.throwIfAborted();
    encoder.push(joiner.next(typeof chunk === "string" ? chunk : decoder.next(chunk)));
  }
  encoder.push(joiner.next(decoder.rest()) + joiner.rest());
  const ids = encoder.finish();
  return { ids, vocabulary: vocabulary ?? learner!.vocabulary() };
}

interface LearningEncoder extends Encoder {
  /** The characters of all parts, after `finish`. */
  vocabulary(): Vocabulary;
}

/** An encoder that takes every character in as it comes. */
function createLearningEncoder(capacity: number): LearningEncoder {
  const table = new Int32Array(0x110000).fill(-1);
  const order: number[] = []; // provisional id → code point
  const buffer = createIdBuffer(0, capacity);
  let vocabulary: Vocabulary | undefined;
  return {
    push(text) {
      buffer.reserve(text.length);
      let { ids, length } = buffer;
      for (let index = 0; index < text.length; index++) {
        const codePoint = text.codePointAt(index)!;
        if (codePoint > 0xffff) index++;
        let id = table[codePoint]!;
        if (id < 0) {
          id = table[codePoint] = order.length;
          order.push(codePoint);
          buffer.length = length;
          buffer.widen(order.length);
          ids = buffer.ids;
        }
        ids[length++] = id;
      }
      buffer.length = length;
    },
    finish() {
      const sorted = [...order].sort((a, b) => a - b);
      vocabulary = vocabularyOf(sorted.map((codePoint) => String.fromCodePoint(codePoint)));
      for (const [id, codePoint] of sorted.entries()) table[codePoint] = id;
      const finalIds = Uint32Array.from(order, (codePoint) => table[codePoint]!);
      const ids = buffer.finish();
      for (let index = 0; index < ids.length; index++) ids[index] = finalIds[ids[index]!]!;
      return ids;
    },
    vocabulary: () => vocabulary!,
  };
}

/** Decodes parts of UTF-8. */
function createTextDecoder(): { next(bytes: Uint8Array): string; rest(): string } {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let position = 0;
  const decodePart = (bytes: Uint8Array, stream: boolean) => {
    try {
      return decoder.decode(bytes, { stream });
    } catch (cause) {
      throw new VectorizeError(
        "NOT_UTF8",
        `the bytes are not UTF-8, seen in the part that begins at byte ${position}: decode them first, and pass strings`,
        { position },
        { cause },
      );
    } finally {
      position += bytes.length;
    }
  };
  return { next: (bytes) => decodePart(bytes, true), rest: () => decodePart(new Uint8Array(0), false) };
}
