import { unzlibSync } from "fflate";
import { type Bytes, corrupt, unsupported } from "./bytes.js";
import { sizeOf } from "./datatype.js";

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
    at += (isNamed ? 8 : 6) + (version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength);
    const values = Array.from({ length: count }, (_, index) => bytes.u32(at + 4 * index));
    at += 4 * (version === 1 ? count + (count % 2) : count);
    return { id, values };
  });
}

/** Where chunks lie and what they hold. */
export interface Chunking {
  readonly shape: readonly number[];
  /** Bytes of an element. */
  readonly width: number;
  readonly filters: readonly Filter[];
}

/**
 * Puts an array together whose chunks a B-tree lists (layout version 3, class 2). What was never written is zero.
 *
 * @param layout Of the layout message.
 */
export function readChunks(bytes: Bytes, layout: number, { shape, width, filters }: Chunking): Uint8Array {
  const rank = bytes.u8(layout + 2) - 1;
  if (rank !== shape.length) throw corrupt("the chunks of an array have other dimensions than the array");
  const tree = bytes.address(layout + 3);
  const chunk = Array.from({ length: rank }, (_, axis) => bytes.u32(layout + 11 + 4 * axis));
  const [length, chunkLength] = [width * sizeOf(shape), width * sizeOf(chunk)];
  bytes.claimArray(length, true);
  const result = new Uint8Array(length);
  if (tree === undefined) return result;
  const keySize = 8 + 8 * (rank + 1);
  const nodes: [address: number, depth: number][] = [[tree, 0]];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const [address, depth] = node;
    bytes.signature(address, "TREE");
    const level = bytes.u8(address + 5);
    const count = bytes.u16(address + 6);
    for (let index = 0; index < count; index++) {
      const key = address + 24 + index * (keySize + 8);
      const child = bytes.address(key + keySize);
      if (child === undefined || depth > 16) throw corrupt("the list of an array's chunks is broken");
      if (level > 0) nodes.push([child, depth + 1]);
      else {
        bytes.claimArray(chunkLength, true);
        const raw = unfilter(bytes.slice(child, bytes.u32(key)), filters, bytes.u32(key + 4), chunkLength);
        const start = Array.from({ length: rank }, (_, axis) => bytes.u64(key + 8 + 8 * axis));
        place(raw, chunk, result, shape, start, width);
      }
    }
  }
  return result;
}

/** Undoes the filters, the last one first; bits of `mask` say which were left out for this chunk. */
function unfilter(stored: Uint8Array, filters: readonly Filter[], mask: number, length: number): Uint8Array {
  let raw = stored;
  for (const [index, { id, values }] of [...filters.entries()].reverse()) {
    if (mask & (1 << index)) continue;
    if (id === DEFLATE) raw = inflate(raw, length);
    else if (id === SHUFFLE) raw = unshuffle(raw, values[0] ?? 1);
    else if (id === CHECKSUM) raw = raw.subarray(0, Math.max(0, raw.length - 4));
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

/** All first bytes of the elements lie together, then all second ones, … */
function unshuffle(stored: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(stored.length / width);
  const raw = stored.slice();
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < count; index++) raw[index * width + byte] = stored[byte * count + index]!;
  }
  return raw;
}

/** Copies what of a chunk lies inside the array, a row of the last axis at a time. */
function place(
  raw: Uint8Array,
  chunk: readonly number[],
  result: Uint8Array,
  shape: readonly number[],
  start: readonly number[],
  width: number,
): void {
  const last = shape.length - 1;
  if (last < 0) {
    result.set(raw.subarray(0, result.length));
    return;
  }
  const extent = shape.map((size, axis) => Math.min(chunk[axis]!, size - start[axis]!));
  if (extent.some((size) => size <= 0)) return; // left over from a larger array
  const rows = sizeOf(extent.slice(0, last));
  for (let row = 0; row < rows; row++) {
    let [from, to, rest, fromStep, toStep] = [0, start[last]!, row, chunk[last]!, shape[last]!];
    for (let axis = last - 1; axis >= 0; axis--) {
      const index = rest % extent[axis]!;
      rest = Math.floor(rest / extent[axis]!);
      from += index * fromStep;
      to += (start[axis]! + index) * toStep;
      fromStep *= chunk[axis]!;
      toStep *= shape[axis]!;
    }
    result.set(raw.subarray(from * width, (from + extent[last]!) * width), to * width);
  }
}
