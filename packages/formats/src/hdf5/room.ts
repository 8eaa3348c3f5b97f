/** Where blocks of a file that is being made go: one after the other, each at a multiple of eight bytes. */
export class Room {
  readonly #blocks: Uint8Array[] = [];
  #end: number;

  /** @param start Bytes of the file that are left free at its beginning. */
  constructor(start: number) {
    this.#end = start;
  }

  /** Puts a block in; gives its address. */
  place(block: Uint8Array): number {
    const address = 8 * Math.ceil(this.#end / 8);
    this.#blocks.push(new Uint8Array(address - this.#end), block);
    this.#end = address + block.length;
    return address;
  }

  /** Bytes up to the end of the last block. */
  get end(): number {
    return this.#end;
  }

  /** The file, with what belongs at its beginning. */
  file(beginning: Uint8Array): Uint8Array {
    const file = new Uint8Array(this.#end);
    let at = 0;
    for (const part of [beginning, ...this.#blocks]) {
      file.set(part, at);
      at += part.length;
    }
    return file;
  }
}

/** A field of a block: its number, and the bytes it takes. */
export type Field = Uint8Array | readonly [value: number, width: 1 | 2 | 4 | 8];

/** Fields one after the other, little-endian. */
export function block(...fields: Field[]): Uint8Array {
  const length = fields.reduce((sum, field) => sum + (field instanceof Uint8Array ? field.length : field[1]), 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    if (field instanceof Uint8Array) {
      bytes.set(field, at);
      at += field.length;
      continue;
    }
    const [value, width] = field;
    if (width === 8) view.setBigUint64(at, BigInt(value), true);
    else if (width === 4) view.setUint32(at, value, true);
    else if (width === 2) view.setUint16(at, value, true);
    else view.setUint8(at, value);
    at += width;
  }
  return bytes;
}

/** Bytes with zeros up to a multiple of eight. */
export function padded(bytes: Uint8Array): Uint8Array {
  return extended(bytes, 8 * Math.ceil(bytes.length / 8));
}

/** Bytes with zeros up to a length. */
export function extended(bytes: Uint8Array, length: number): Uint8Array {
  const result = new Uint8Array(length);
  result.set(bytes);
  return result;
}

/** Text of ASCII characters, with a zero byte at its end. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from([...text, "\0"], (character) => character.charCodeAt(0));
}

/** HDF5's address of nothing: all bits set. */
export const NOWHERE = new Uint8Array(8).fill(0xff);
