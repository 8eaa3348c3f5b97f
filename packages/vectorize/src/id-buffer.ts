import { type Ids, idArray } from "./ids.js";

/** An array of ids that grows: `ids` up to `length` are written, the rest is room. */
export interface IdBuffer {
  ids: Ids;
  length: number;
  /** Makes room for `count` more; `ids` may become another array. */
  reserve(count: number): void;
  /** Makes elements wide enough for a vocabulary of this size; `ids` may become another array. */
  widen(vocabularySize: number): void;
  /** What is written, without a copy. */
  finish(): Ids;
}

/**
 * @param capacity Room at the start. Room that is never written costs address space, not memory: a large array comes
 *   from the operating system as untouched zero pages.
 */
export function createIdBuffer(vocabularySize: number, capacity: number): IdBuffer {
  const move = (size: number, room: number) => {
    const wider = idArray(size, room);
    wider.set(buffer.ids.subarray(0, buffer.length));
    buffer.ids = wider;
    vocabularySize = size;
  };
  const buffer: IdBuffer = {
    ids: idArray(vocabularySize, capacity),
    length: 0,
    reserve(count) {
      const needed = buffer.length + count;
      if (needed > buffer.ids.length) move(vocabularySize, Math.max(needed, 2 * buffer.ids.length));
    },
    widen(size) {
      if (size > 2 ** (8 * buffer.ids.BYTES_PER_ELEMENT)) move(size, buffer.ids.length);
    },
    finish: () => buffer.ids.subarray(0, buffer.length),
  };
  return buffer;
}
