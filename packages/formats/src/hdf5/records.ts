import { type Bytes, corrupt, unsupported } from "./bytes.js";

const NODE_HEAD = 6;
const NODE_FRAME = NODE_HEAD + 4; // and a checksum

/** Where each record of a B-tree of version 2 lies, in the tree's order (format specification, III.A.2). */
export function readRecords(bytes: Bytes, address: number, type: number): number[] {
  bytes.signature(address, "BTHD");
  if (bytes.u8(address + 4) !== 0 || bytes.u8(address + 5) !== type)
    throw corrupt("a list of records is of another kind");
  const tree = {
    recordSize: bytes.u16(address + 10),
    pointers: pointerSizes(bytes.u32(address + 6), bytes.u16(address + 10), bytes.u16(address + 12)),
  };
  const root = bytes.address(address + 16);
  const records: number[] = [];
  if (root !== undefined)
    readNode(bytes, root, { depth: bytes.u16(address + 12), count: bytes.u16(address + 24) }, tree, records);
  return records;
}

interface Tree {
  readonly recordSize: number;
  /** Of each depth: bytes of a child's number of records, and of a pointer to a child as a whole. */
  readonly pointers: readonly { counted: number; whole: number }[];
}

/** How wide the numbers in a node are follows from how many records can lie below it. */
function pointerSizes(nodeSize: number, recordSize: number, depth: number): Tree["pointers"] {
  const most = Math.floor((nodeSize - NODE_FRAME) / recordSize);
  if (!(most >= 1) || depth > 16) throw corrupt("a list of records has nodes of no size");
  const counted = bytesFor(most);
  const pointers = [{ counted, whole: 0 }];
  let below = most;
  for (let level = 1; level <= depth; level++) {
    const whole = 8 + counted + (level > 1 ? bytesFor(below) : 0);
    const here = Math.floor((nodeSize - NODE_FRAME - whole) / (recordSize + whole));
    pointers.push({ counted, whole });
    below = (here + 1) * below + here;
  }
  return pointers;
}

function bytesFor(limit: number): number {
  return Math.floor(Math.log2(limit) / 8) + 1;
}

function readNode(
  bytes: Bytes,
  address: number,
  { depth, count }: { depth: number; count: number },
  tree: Tree,
  records: number[],
): void {
  bytes.signature(address, depth === 0 ? "BTLF" : "BTIN");
  const { recordSize, pointers } = tree;
  const { counted, whole } = pointers[depth]!;
  const children = address + NODE_HEAD + count * recordSize;
  for (let index = 0; index <= count; index++) {
    if (depth > 0) {
      const pointer = children + index * whole;
      const child = bytes.address(pointer);
      if (child === undefined) throw corrupt("a list of records is broken");
      readNode(bytes, child, { depth: depth - 1, count: bytes.unsigned(pointer + 8, counted) }, tree, records);
    }
    if (index === count) break;
    const record = address + NODE_HEAD + index * recordSize;
    bytes.slice(record, recordSize);
    records.push(record);
  }
}

/** An object of a heap: where it lies in the file. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/**
 * Opens a fractal heap, in which links and attributes lie that are too many for an object's header (format specification, III.G).
 *
 * @returns What gives the place of an object by its id, which lies at an offset of the file.
 */
export function openHeap(bytes: Bytes, address: number): (idAt: number) => Place {
  bytes.signature(address, "FRHP");
  const idLength = bytes.u16(address + 5);
  if (bytes.u16(address + 7) !== 0) throw unsupported("compressed heaps");
  const hugeAt = bytes.address(address + 22);
  const shape: HeapShape = {
    width: bytes.u16(address + 110),
    first: bytes.u64(address + 112),
    largest: bytes.u64(address + 120),
    offsetWidth: Math.ceil(bytes.u16(address + 128) / 8),
  };
  const root = bytes.address(address + 132);
  const rows = bytes.u16(address + 140);
  const lengthWidth = idLength - 1 - shape.offsetWidth;
  if (shape.width === 0 || !(shape.first > 0) || lengthWidth < 1) throw corrupt("a heap has blocks of no size");
  const huge = new Map<number, Place>();
  if (hugeAt !== undefined) {
    for (const at of readRecords(bytes, hugeAt, HUGE_OBJECTS)) {
      huge.set(bytes.u64(at + 16), { offset: bytes.address(at) ?? 0, length: bytes.u64(at + 8) });
    }
  }
  return (idAt) => {
    const kind = (bytes.u8(idAt) >> 4) & 3;
    if (kind === 2) return { offset: idAt + 1, length: (bytes.u8(idAt) & 15) + 1 };
    if (kind === 1) {
      const found = huge.get(bytes.unsigned(idAt + 1, Math.min(8, idLength - 1)));
      if (!found) throw corrupt("an object is missing from its heap");
      return found;
    }
    const within = bytes.unsigned(idAt + 1, shape.offsetWidth);
    const length = bytes.unsigned(idAt + 1 + shape.offsetWidth, lengthWidth);
    if (root === undefined) throw corrupt("an object lies in an empty heap");
    return { offset: rows === 0 ? root + within : offsetIn(bytes, root, rows, within, shape), length };
  };
}

const HUGE_OBJECTS = 1;

interface HeapShape {
  /** Blocks in a row. */
  readonly width: number;
  /** Bytes of a block in the first two rows; from then on each row's are twice as large. */
  readonly first: number;
  /** Blocks that are larger than this hold blocks. */
  readonly largest: number;
  /** Bytes of an offset. */
  readonly offsetWidth: number;
}

/** Where in the file a place of the heap's own counting is that lies below an indirect block. */
function offsetIn(bytes: Bytes, block: number, rows: number, within: number, shape: HeapShape): number {
  bytes.signature(block, "FHIB");
  let entry = block + 13 + shape.offsetWidth;
  let start = 0;
  for (let row = 0; row < rows; row++) {
    const size = shape.first * 2 ** Math.max(0, row - 1);
    const span = size * shape.width;
    if (within >= start + span) {
      start += span;
      entry += 8 * shape.width;
      continue;
    }
    const column = Math.floor((within - start) / size);
    const child = bytes.address(entry + 8 * column);
    if (child === undefined) throw corrupt("an object lies in a block that its heap has not");
    const rest = within - start - column * size;
    if (size <= shape.largest) return child + rest;
    const rowsBelow = Math.log2(size / shape.width / shape.first) + 1;
    return offsetIn(bytes, child, rowsBelow, rest, shape);
  }
  throw corrupt("an object lies outside of its heap");
}
