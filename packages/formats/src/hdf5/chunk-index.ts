import { type Bytes, corrupt, unsupported } from "./bytes.js";
import { type ChunkList, openExtensibleArray, openFixedArray } from "./chunk-arrays.js";
import { sizeOf } from "./datatype.js";
import { readRecords } from "./records.js";

/** A part of an array as it lies in the file. */
interface Chunk {
  /** Its place among the chunks, in each dimension. */
  readonly place: readonly number[];
  readonly address: number;
  /** Bytes in the file. */
  readonly stored: number;
  /** Bits of the filters that were left out for it. */
  readonly mask: number;
}

/** What of an array says where its chunks are. */
export interface ChunkedArray {
  readonly shape: readonly number[];
  /** What each dimension can grow to; `undefined` for one without a limit. */
  readonly limits: readonly (number | undefined)[];
  /** Bytes of an element. */
  readonly width: number;
  readonly isFiltered: boolean;
}

/** How an array is cut, and its chunks, those that were written. */
export interface ChunkIndex {
  /** Elements of a chunk in each dimension. */
  readonly chunk: readonly number[];
  chunks(): Iterable<Chunk>;
}

/** Reads the layout message of a chunked array (format specification, IV.A.2.i). */
export function readChunkIndex(bytes: Bytes, layout: number, array: ChunkedArray): ChunkIndex {
  const rank = array.shape.length;
  if (bytes.u8(layout) === 3) {
    const chunk = chunkOf(rank, bytes.u8(layout + 2), (axis) => bytes.u32(layout + 11 + 4 * axis));
    const tree = bytes.address(layout + 3);
    return { chunk, chunks: () => inBTree1(bytes, tree, chunk) };
  }
  const flags = bytes.u8(layout + 2);
  if (flags & 1) throw unsupported("chunks over the edge of an array that are not compressed as the others are");
  const width = bytes.u8(layout + 4);
  if (width < 1 || width > 8) throw corrupt("the chunks of an array have no size");
  const chunk = chunkOf(rank, bytes.u8(layout + 3), (axis) => bytes.unsigned(layout + 5 + width * axis, width));
  const kindAt = layout + 5 + width * (rank + 1);
  const kind = bytes.u8(kindAt);
  return {
    chunk,
    chunks: () => indexed(bytes, { kind, at: kindAt + 1, isFilteredAlone: (flags & 2) !== 0 }, chunk, array),
  };
}

function chunkOf(rank: number, told: number, lengthOf: (axis: number) => number): number[] {
  if (told !== rank + 1) throw corrupt("the chunks of an array have other dimensions than the array");
  const chunk = Array.from({ length: rank }, (_, axis) => lengthOf(axis));
  if (!chunk.every((length) => length > 0)) throw corrupt("the chunks of an array have no size");
  return chunk;
}

const SINGLE = 1;
const IMPLICIT = 2;
const FIXED_ARRAY = 3;
const EXTENSIBLE_ARRAY = 4;
const BTREE = 5;

/** Bytes that each kind of index says of itself before its address. */
const ABOUT: Readonly<Record<number, number>> = { [IMPLICIT]: 0, [FIXED_ARRAY]: 1, [EXTENSIBLE_ARRAY]: 5, [BTREE]: 6 };

interface Index {
  readonly kind: number;
  /** Where what the index says of itself begins. */
  readonly at: number;
  /** Whether a single chunk has a size and a mask of its own. */
  readonly isFilteredAlone: boolean;
}

function* indexed(
  bytes: Bytes,
  { kind, at, isFilteredAlone }: Index,
  chunk: readonly number[],
  array: ChunkedArray,
): Iterable<Chunk> {
  const length = array.width * sizeOf(chunk);
  const about = kind === SINGLE ? (isFilteredAlone ? 12 : 0) : ABOUT[kind];
  if (about === undefined) throw unsupported(`an index of chunks of kind ${kind}`);
  const address = bytes.address(at + about);
  if (address === undefined) return; // nothing was written
  if (kind === SINGLE) {
    const place = chunk.map(() => 0);
    yield isFilteredAlone
      ? { place, address, stored: bytes.u64(at), mask: bytes.u32(at + 8) }
      : { place, address, stored: length, mask: 0 };
  } else if (kind === BTREE) yield* inBTree2(bytes, address, length, array);
  else if (kind === IMPLICIT) {
    const numberOf = numbering(chunk, array.limits, false);
    for (const place of placesOf(chunk, array.shape))
      yield { place, address: address + numberOf(place) * length, stored: length, mask: 0 };
  } else {
    const numberOf = numbering(chunk, array.limits, kind === EXTENSIBLE_ARRAY);
    const list = kind === FIXED_ARRAY ? openFixedArray(bytes, address) : openExtensibleArray(bytes, address);
    if (!list) return;
    for (const place of placesOf(chunk, array.shape))
      yield* listed(bytes, list, { place, number: numberOf(place), length }, array.isFiltered);
  }
}

/** The places of all chunks that an array has elements in. */
function* placesOf(chunk: readonly number[], shape: readonly number[]): Iterable<number[]> {
  const counts = shape.map((size, axis) => Math.ceil(size / chunk[axis]!));
  const count = sizeOf(counts);
  for (let number = 0; number < count; number++) {
    const place: number[] = [];
    let rest = number;
    for (let axis = counts.length - 1; axis >= 0; axis--) {
      place[axis] = rest % counts[axis]!;
      rest = Math.floor(rest / counts[axis]!);
    }
    yield place;
  }
}

/**
 * Chunks are numbered as if the array had grown to its limits, the last dimension fastest; in an extensible array the one that has no
 * limit is slowest.
 */
function numbering(
  chunk: readonly number[],
  limits: readonly (number | undefined)[],
  isExtensible: boolean,
): (place: readonly number[]) => number {
  const endless = isExtensible ? limits.indexOf(undefined) : -1;
  const order = chunk.map((_, axis) => axis).filter((axis) => axis !== endless);
  if (endless >= 0) order.unshift(endless);
  const counts = chunk.map((length, axis) => Math.ceil((limits[axis] ?? 0) / length));
  return (place) => order.reduce((number, axis) => number * counts[axis]! + place[axis]!, 0);
}

function* listed(
  bytes: Bytes,
  { entryAt, entrySize }: ChunkList,
  { place, number, length }: { place: number[]; number: number; length: number },
  isFiltered: boolean,
): Iterable<Chunk> {
  const entry = entryAt(number);
  const address = entry === undefined ? undefined : bytes.address(entry);
  if (entry === undefined || address === undefined) return;
  yield { place, address, ...storedOf(bytes, entry + 8, isFiltered ? entrySize - 12 : 0, length) };
}

/** How a chunk is stored: with filters a size of so many bytes and a mask are told. */
function storedOf(bytes: Bytes, at: number, sizeWidth: number, length: number): { stored: number; mask: number } {
  if (sizeWidth < 0 || sizeWidth > 8) throw corrupt("the list of an array's chunks is broken");
  if (sizeWidth === 0) return { stored: length, mask: 0 };
  return { stored: bytes.unsigned(at, sizeWidth), mask: bytes.u32(at + sizeWidth) };
}

const CHUNKS = 10;
const FILTERED_CHUNKS = 11;

function* inBTree2(bytes: Bytes, tree: number, length: number, { shape, isFiltered }: ChunkedArray): Iterable<Chunk> {
  const rank = shape.length;
  const sizeWidth = isFiltered ? bytes.u16(tree + 10) - 8 * rank - 12 : 0;
  for (const record of readRecords(bytes, tree, isFiltered ? FILTERED_CHUNKS : CHUNKS)) {
    const address = bytes.address(record);
    if (address === undefined) continue;
    const placeAt = record + (isFiltered ? 12 + sizeWidth : 8);
    const place = Array.from({ length: rank }, (_, axis) => bytes.u64(placeAt + 8 * axis));
    yield { place, address, ...storedOf(bytes, record + 8, sizeWidth, length) };
  }
}

/** The B-tree of layout version 3: keys of size, mask and offset, each before the address of its chunk or node. */
function* inBTree1(bytes: Bytes, tree: number | undefined, chunk: readonly number[]): Iterable<Chunk> {
  if (tree === undefined) return;
  const rank = chunk.length;
  const keySize = 8 + 8 * (rank + 1);
  const nodes: [address: number, depth: number][] = [[tree, 0]];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const [at, depth] = node;
    bytes.signature(at, "TREE");
    const level = bytes.u8(at + 5);
    const count = bytes.u16(at + 6);
    for (let index = 0; index < count; index++) {
      const key = at + 24 + index * (keySize + 8);
      const address = bytes.address(key + keySize);
      if (address === undefined || depth > 16) throw corrupt("the list of an array's chunks is broken");
      if (level > 0) nodes.push([address, depth + 1]);
      else {
        const place = chunk.map((length, axis) => bytes.u64(key + 8 + 8 * axis) / length);
        yield { place, address, stored: bytes.u32(key), mask: bytes.u32(key + 4) };
      }
    }
  }
}
