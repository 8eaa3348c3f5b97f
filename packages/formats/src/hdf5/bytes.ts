import { FormatError } from "../errors.js";

/** "No such address" in HDF5: all bits set. */
const UNDEFINED_ADDRESS = 0xffff_ffff_ffff_ffffn;

const utf8 = new TextDecoder("utf-8", { fatal: false });

/**
 * Little-endian reads from an untrusted file: no read leaves the file, and all reads together may take only a few times
 * the file's length, so that links that form a circle end in an error instead of an endless loop.
 */
export class Bytes {
  readonly bytes: Uint8Array;
  private readonly view: DataView;
  private budget: number;
  private arrayBudget: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.budget = 65_536 + 16 * bytes.length;
    this.arrayBudget = 65_536 + 16 * bytes.length;
  }

  /** Checks that `length` bytes from `offset` on are in the file and charges them to the budget. */
  private claim(offset: number, length: number): void {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.bytes.length)) {
      throw corrupt(`it points at bytes ${offset} to ${offset + length}, the file has ${this.bytes.length}`);
    }
    this.budget -= length + 1;
    if (this.budget < 0) throw corrupt("its parts refer to each other in circles");
  }

  /**
   * Charges the bytes of an array that is about to be made. Together the arrays that lie plainly in a file are no larger than it,
   * and those that are compressed no more than sixteen times: an array that is named a thousand times is refused.
   */
  claimArray(length: number, isCompressed: boolean): void {
    this.arrayBudget -= isCompressed ? length : 16 * length;
    if (!(this.arrayBudget >= 0)) {
      throw corrupt(`its arrays take more memory than a file of ${this.bytes.length} bytes can hold`);
    }
  }

  u8(offset: number): number {
    this.claim(offset, 1);
    return this.view.getUint8(offset);
  }

  u16(offset: number): number {
    this.claim(offset, 2);
    return this.view.getUint16(offset, true);
  }

  u32(offset: number): number {
    this.claim(offset, 4);
    return this.view.getUint32(offset, true);
  }

  /** An unsigned 64-bit length that may have no limit, which is all bits set. */
  limit(offset: number): number | undefined {
    return this.slice(offset, 8).every((byte) => byte === 255) ? undefined : this.u64(offset);
  }

  /** An unsigned 64-bit length; one beyond 2^53 cannot be meant. */
  u64(offset: number): number {
    this.claim(offset, 8);
    const value = this.view.getBigUint64(offset, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(`it claims a length of ${value}`);
    return Number(value);
  }

  /** An unsigned number of up to eight bytes. */
  unsigned(offset: number, width: number): number {
    return this.slice(offset, width).reduceRight((value, byte) => 256 * value + byte, 0);
  }

  /** A file address, or `undefined` for HDF5's undefined address. */
  address(offset: number): number | undefined {
    this.claim(offset, 8);
    const value = this.view.getBigUint64(offset, true);
    if (value === UNDEFINED_ADDRESS) return undefined;
    if (value >= BigInt(this.bytes.length)) {
      throw corrupt(`it points at byte ${value}, the file has ${this.bytes.length}`);
    }
    return Number(value);
  }

  slice(offset: number, length: number): Uint8Array {
    this.claim(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  signature(offset: number, expected: string): void {
    const found = String.fromCharCode(...this.slice(offset, expected.length));
    if (found !== expected) throw corrupt(`byte ${offset} should start a ${expected} block`);
  }

  /** Text up to a zero byte, which must come within `limit` bytes. */
  cString(offset: number, limit: number): string {
    const end = this.bytes.indexOf(0, offset);
    if (end < 0 || end > offset + limit) throw corrupt("a name has no end");
    return text(this.slice(offset, end - offset));
  }
}

/** Decodes UTF-8 and drops what follows a zero byte. */
export function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return utf8.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

export function corrupt(reason: string): FormatError {
  return new FormatError(
    "CORRUPT_FILE",
    `the HDF5 data is damaged: ${reason}; copy or download the file again, or save the model again`,
    { reason },
  );
}

export function unsupported(feature: string): FormatError {
  return new FormatError(
    "UNSUPPORTED_FILE",
    `the HDF5 data uses ${feature}, which Keras does not write and this reader does not know: ` +
      "h5repack (of the HDF5 tools) makes a copy that it may know, or load the model in Keras and save it again",
    { feature },
  );
}
