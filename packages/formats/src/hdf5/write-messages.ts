// The messages of object headers that a Keras file needs, in the versions that every HDF5 library since 1.6 reads (format
// specification, IV.A.2).
import { FormatError } from "../errors.js";
import { MessageType } from "./object-header.js";
import { ascii, block, extended, padded, type Room } from "./room.js";

/** A number's type, as a datatype message. */
export const FLOAT32 = block(
  [0x11, 1],
  [0x20, 1],
  [31, 1],
  [0, 1],
  [4, 4],
  [0, 2],
  [32, 2],
  [23, 1],
  [8, 1],
  [0, 1],
  [23, 1],
  [127, 4],
);
export const INT64 = block([0x10, 1], [0x08, 1], [0, 2], [8, 4], [0, 2], [64, 2]);

/** Text of a fixed length, ASCII, with a zero byte at its end. */
function textType(width: number): Uint8Array {
  return block([0x13, 1], [0, 1], [0, 2], [width, 4]);
}

function dataspace(shape: readonly number[]): Uint8Array {
  return block([1, 1], [shape.length, 1], [0, 2], [0, 4], ...shape.map((length) => [length, 8] as const));
}

/** One message of an object header. */
export interface WrittenMessage {
  readonly type: number;
  readonly data: Uint8Array;
}

/** An array that lies in one piece at an address. */
export function arrayMessages(
  type: Uint8Array,
  shape: readonly number[],
  address: number,
  length: number,
): WrittenMessage[] {
  return [
    { type: MessageType.dataspace, data: dataspace(shape) },
    { type: MessageType.datatype, data: type },
    // Version 2: room is taken late, nothing is filled in, the filling is zero.
    { type: MessageType.fill, data: block([2, 1], [2, 1], [2, 1], [1, 1], [0, 4]) },
    { type: MessageType.layout, data: block([3, 1], [1, 1], [address, 8], [length, 8]) },
  ];
}

/** The members of a group. */
export function groupMessage(tree: number, heap: number): WrittenMessage {
  return { type: MessageType.symbolTable, data: block([tree, 8], [heap, 8]) };
}

/** Bytes that a message of a header may have. */
const LONGEST_MESSAGE = 65_528;

/**
 * A text, or a list of texts, as an attribute; each text takes as many bytes as the longest.
 *
 * @throws {FormatError} `BAD_MODEL` for what is longer than an attribute may be.
 */
export function textAttribute(name: string, value: string | readonly string[]): WrittenMessage {
  const texts = typeof value === "string" ? [value] : value;
  const width = Math.max(...texts.map((text) => text.length)) + 1;
  const [key, type, space] = [ascii(name), textType(width), dataspace(typeof value === "string" ? [] : [texts.length])];
  const data = block(
    ...([
      [1, 1],
      [0, 1],
      [key.length, 2],
      [type.length, 2],
      [space.length, 2],
    ] as const),
    ...[key, type, space].map(padded),
    ...texts.map((text) => extended(ascii(text), width)),
  );
  if (data.length > LONGEST_MESSAGE) {
    throw new FormatError(
      "BAD_MODEL",
      `the model cannot be written: "${name}" has ${data.length} bytes, an HDF5 attribute at most ${LONGEST_MESSAGE}; write .keras`,
      { name, length: data.length },
    );
  }
  return { type: MessageType.attribute, data };
}

/** Puts an object header of version 1 in; gives its address. */
export function placeHeader(room: Room, messages: readonly WrittenMessage[]): number {
  const written = messages.map(({ type, data }) => {
    const content = padded(data);
    return block([type, 2], [content.length, 2], [0, 4], content);
  });
  const length = written.reduce((sum, { length }) => sum + length, 0);
  return room.place(block([1, 1], [0, 1], [messages.length, 2], [1, 4], [length, 4], [0, 4], ...written));
}
