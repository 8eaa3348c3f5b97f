import { unzlibSync } from "fflate";
import { type Bytes, corrupt, unsupported } from "./bytes.js";

/** One step of what a chunk went through on its way into the file. */
export interface Filter {
  readonly id: number;
  readonly values: readonly number[];
}

const DEFLATE = 1;
const SHUFFLE = 2;
const CHECKSUM = 3;

/** Reads a filter pipeline message (format specification, IV.A.2.l). */
export function readFilters(bytes: Bytes, offset: number): Filter[] {
  const version = bytes.u8(offset);
  if (version !== 1 && version !== 2) throw unsupported(`filters of version ${version}`);
  let at = offset + (version === 1 ? 8 : 2);
  return Array.from({ length: bytes.u8(offset + 1) }, () => {
    const id = bytes.u16(at);
    const isNamed = version === 1 || id >= 256;
    const nameLength = isNamed ? bytes.u16(at + 2) : 0;
    const count = bytes.u16(at + (isNamed ? 6 : 4));
    at += (isNamed ? 8 : 6) + nameLength; // which version 1 tells with the zeros up to a multiple of eight
    const values = Array.from({ length: count }, (_, index) => bytes.u32(at + 4 * index));
    at += 4 * (version === 1 ? count + (count % 2) : count);
    return { id, values };
  });
}

/**
 * Undoes the filters of a chunk, the last one first.
 *
 * @param mask Its bits say which were left out for this chunk.
 * @param length Bytes that come out.
 * @throws {FormatError} `CORRUPT_FILE`: other bytes come out, or not those that the checksum is of; `UNSUPPORTED_FILE`.
 */
export function unfilter(stored: Uint8Array, filters: readonly Filter[], mask: number, length: number): Uint8Array {
  let raw = stored;
  for (const [index, { id, values }] of [...filters.entries()].reverse()) {
    if (mask & (1 << index)) continue;
    if (id === DEFLATE) raw = inflate(raw, length);
    else if (id === SHUFFLE) raw = unshuffle(raw, values[0] ?? 1);
    else if (id === CHECKSUM) raw = checked(raw);
    else throw unsupported(`arrays compressed by filter ${id}`);
  }
  if (raw.length !== length) throw corrupt(`a chunk has ${raw.length} bytes, expected ${length}`);
  return raw;
}

/** Never into more than a chunk's bytes (and a checksum's), whatever the stream claims. */
function inflate(stored: Uint8Array, length: number): Uint8Array {
  try {
    return unzlibSync(stored, { out: new Uint8Array(length + 4) });
  } catch (error) {
    throw corrupt(`a compressed chunk cannot be read (${(error as Error).message})`);
  }
}

/** All first bytes of the elements lie together, then all second ones, …; what is left over stays where it is. */
function unshuffle(stored: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(stored.length / width);
  if (count === 0) return stored; // else a width of 2^32 would be counted up to
  const raw = Uint8Array.from(stored); // a Buffer's slice would be the file's own bytes
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < count; index++) raw[index * width + byte] = stored[byte * count + index]!;
  }
  return raw;
}

/** What is before a checksum of four bytes, if it is of that. */
function checked(stored: Uint8Array): Uint8Array {
  const length = stored.length - 4;
  if (length < 0) throw corrupt("a chunk is shorter than its checksum");
  const raw = stored.subarray(0, length);
  const told = new DataView(stored.buffer, stored.byteOffset + length).getUint32(0, true);
  if (told !== fletcher32(raw)) throw corrupt("the checksum of a chunk does not match");
  return raw;
}

/** Words that may be summed before a sum leaves 32 bits. */
const MOST_WORDS = 360;

/**
 * The checksum of HDF5's filter 3, over words of two bytes, the first one the higher.
 *
 * @see Fletcher (1982), "An Arithmetic Checksum for Serial Transmissions"; H5_checksum_fletcher32 of the HDF5 library.
 */
export function fletcher32(data: Uint8Array): number {
  const folded = (sum: number) => (sum & 0xffff) + (sum >>> 16);
  let [first, second] = [0, 0];
  const words = data.length >> 1;
  for (let start = 0; start < words; start += MOST_WORDS) {
    for (let word = start; word < Math.min(words, start + MOST_WORDS); word++) {
      first += (data[2 * word]! << 8) | data[2 * word + 1]!;
      second += first;
    }
    [first, second] = [folded(first), folded(second)];
  }
  if (data.length % 2 === 1) {
    first += data[data.length - 1]! << 8;
    [first, second] = [folded(first), folded(second + first)];
  }
  return ((folded(second) << 16) | folded(first)) >>> 0;
}
