// Lists of chunks by their number in the array: what HDF5 1.10 and later keep where at most one dimension can grow.
import { type Bytes, corrupt } from "./bytes.js";

/** Where the entry of a chunk lies, by the chunk's number; `undefined` where the list has none. */
type EntryAt = (index: number) => number | undefined;

/** A list of chunks, of which at least one was written, and the bytes of an entry. */
export interface ChunkList {
  readonly entryAt: EntryAt;
  readonly entrySize: number;
}

/** Bytes before the entries of a block: signature, version, kind, the list's address; and of the checksum behind them. */
const HEAD = 14;
const CHECKSUM = 4;

/** Opens a fixed array: all entries in one block, or in pages of which some may never have been written (III.D of the specification). */
export function openFixedArray(bytes: Bytes, address: number): ChunkList | undefined {
  bytes.signature(address, "FAHD");
  const entrySize = bytes.u8(address + 6);
  const pageLength = pageEntries(bytes.u8(address + 7));
  const count = bytes.u64(address + 8);
  const block = bytes.address(address + 16);
  if (block === undefined) return undefined;
  bytes.signature(block, "FADB");
  const within = (index: number) => {
    if (index >= count) throw corrupt("a list of chunks is shorter than its array");
    if (count <= pageLength) return block + HEAD + index * entrySize;
    const bitmap = block + HEAD;
    const firstPage = bitmap + Math.ceil(Math.ceil(count / pageLength) / 8) + CHECKSUM;
    return inPage(bytes, { bitmap, firstBit: 0, firstPage, pageLength, entrySize }, index);
  };
  return { entryAt: within, entrySize };
}

interface Pages {
  /** Where the bits lie that say which pages were written, and which of them is the first page's. */
  readonly bitmap: number;
  readonly firstBit: number;
  readonly firstPage: number;
  readonly pageLength: number;
  readonly entrySize: number;
}

function inPage(bytes: Bytes, pages: Pages, index: number): number | undefined {
  const { bitmap, firstBit, firstPage, pageLength, entrySize } = pages;
  const page = Math.floor(index / pageLength);
  const bit = firstBit + page;
  if ((bytes.u8(bitmap + Math.floor(bit / 8)) & (0x80 >> (bit % 8))) === 0) return undefined;
  return firstPage + page * (pageLength * entrySize + CHECKSUM) + (index % pageLength) * entrySize;
}

function pageEntries(bits: number): number {
  if (bits > 32) throw corrupt("a list of chunks has pages of no possible size");
  return 2 ** bits;
}

/**
 * Opens an extensible array: some entries in an index block, the others in data blocks that double in size; the first of these are
 * listed in the index block, the later ones in secondary blocks (III.E of the specification).
 */
export function openExtensibleArray(bytes: Bytes, address: number): ChunkList | undefined {
  bytes.signature(address, "EAHD");
  const [entrySize, bits, inIndex, smallest, fewest, pageBits] = [6, 7, 8, 9, 10, 11].map((at) =>
    bytes.u8(address + at),
  ) as [number, number, number, number, number, number];
  const index = bytes.address(address + 60);
  if (index === undefined) return undefined;
  bytes.signature(index, "EAIB");
  if (!isPowerOfTwo(smallest) || !isPowerOfTwo(fewest) || bits > 64)
    throw corrupt("a list of chunks has blocks of no possible size");
  const shape = { entrySize, smallest, pageLength: pageEntries(pageBits), offsetWidth: Math.ceil(bits / 8) };
  const direct = 2 * Math.log2(fewest); // the rows of data blocks that the index block lists itself
  const blocks = index + HEAD + inIndex * entrySize;
  const secondary = blocks + 8 * 2 * (fewest - 1);
  const entryAt = (number: number) => {
    if (number < inIndex) return index + HEAD + number * entrySize;
    const rest = number - inIndex;
    const row = Math.floor(Math.log2(rest / smallest + 1));
    if (row > bits - Math.log2(smallest)) throw corrupt("a list of chunks is shorter than its array");
    const within = rest - smallest * (2 ** row - 1);
    return row < direct
      ? inDataBlock(bytes, shape, { row, within, list: blocks + 8 * blocksBefore(row) })
      : inSecondary(bytes, shape, { row, within, list: secondary + 8 * (row - direct) });
  };
  return { entryAt, entrySize };
}

interface ArrayShape {
  readonly entrySize: number;
  /** Entries of the smallest data block. */
  readonly smallest: number;
  readonly pageLength: number;
  /** Bytes of the number of a block's first entry, which the block begins with. */
  readonly offsetWidth: number;
}

/** An entry: the row of data blocks of equal size that it is in, its number within the row, and where the list of these blocks is. */
interface InRow {
  readonly row: number;
  readonly within: number;
  readonly list: number;
}

const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;
/** Data blocks of one row: 1, 1, 2, 2, 4, 4, … */
const blocksIn = (row: number) => 2 ** Math.floor(row / 2);
/** Entries of a data block of one row, in units of the smallest: 1, 2, 2, 4, 4, 8, … */
const entriesIn = (row: number) => 2 ** Math.floor((row + 1) / 2);
const blocksBefore = (row: number) => {
  let count = 0;
  for (let before = 0; before < row; before++) count += blocksIn(before);
  return count;
};

function inDataBlock(
  bytes: Bytes,
  { entrySize, smallest, pageLength, offsetWidth }: ArrayShape,
  { row, within, list }: InRow,
  bitmap?: number,
): number | undefined {
  const length = smallest * entriesIn(row);
  const number = Math.floor(within / length);
  const block = bytes.address(list + 8 * number);
  if (block === undefined) return undefined;
  bytes.signature(block, "EADB");
  const first = block + HEAD + offsetWidth;
  const index = within % length;
  if (length <= pageLength) return first + index * entrySize;
  if (bitmap === undefined) throw corrupt("a list of chunks has pages where it should have none");
  const firstBit = number * (length / pageLength);
  return inPage(bytes, { bitmap, firstBit, firstPage: first + CHECKSUM, pageLength, entrySize }, index);
}

/**
 * A secondary block lists the data blocks of one row; before them lie the bits that say which of their pages were written, one after
 * the other, though their room is whole bytes for each block.
 */
function inSecondary(bytes: Bytes, shape: ArrayShape, { row, within, list }: InRow): number | undefined {
  const block = bytes.address(list);
  if (block === undefined) return undefined;
  bytes.signature(block, "EASB");
  const bitmap = block + HEAD + shape.offsetWidth;
  const length = shape.smallest * entriesIn(row);
  const bits = length > shape.pageLength ? blocksIn(row) * Math.ceil(length / shape.pageLength / 8) : 0;
  return inDataBlock(bytes, shape, { row, within, list: bitmap + bits }, bitmap);
}
