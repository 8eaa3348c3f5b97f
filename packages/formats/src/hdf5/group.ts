import { type Bytes, corrupt, text } from "./bytes.js";
import { type Message, MessageType } from "./object-header.js";
import { openHeap, readRecords } from "./records.js";

/** Where a member is: the address of its object header, or the path that a soft link goes by. */
export type Link = number | string;

/** The members of a group by name. External links are left out. */
export function readGroup(bytes: Bytes, messages: readonly Message[]): Map<string, Link> {
  const members = new Map<string, Link>();
  for (const { type, offset } of messages) {
    if (type === MessageType.symbolTable) readSymbolTable(bytes, offset, members);
    else if (type === MessageType.link) readLink(bytes, offset, members);
    else if (type === MessageType.linkInfo) {
      const heapAt = offset + 2 + (bytes.u8(offset + 1) & 1 ? 8 : 0);
      readManyLinks(bytes, heapAt, members);
    }
  }
  return members;
}

/** Old-style groups: a B-tree whose leaves are symbol table nodes, with names in a local heap. */
function readSymbolTable(bytes: Bytes, offset: number, members: Map<string, Link>): void {
  const tree = bytes.address(offset);
  const heap = bytes.address(offset + 8);
  if (tree === undefined || heap === undefined) throw corrupt("a group without its member table");
  bytes.signature(heap, "HEAP");
  const names = { size: bytes.u64(heap + 8), address: bytes.address(heap + 24) };
  const nodes: [address: number, depth: number][] = [[tree, 0]];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const [address, depth] = node;
    if (bytes.u8(address) === 0x53) {
      readSymbolNode(bytes, address, names, members);
      continue;
    }
    bytes.signature(address, "TREE");
    const count = bytes.u16(address + 6);
    for (let index = 0; index < count; index++) {
      const child = bytes.address(address + 32 + 16 * index);
      if (child === undefined || depth > 16) throw corrupt("the member table of a group is broken");
      nodes.push([child, depth + 1]);
    }
  }
}

function readSymbolNode(
  bytes: Bytes,
  address: number,
  names: { size: number; address: number | undefined },
  members: Map<string, Link>,
): void {
  bytes.signature(address, "SNOD");
  const count = bytes.u16(address + 6);
  for (let index = 0; index < count; index++) {
    const entry = address + 8 + 40 * index;
    const nameOffset = bytes.u64(entry);
    if (names.address === undefined || nameOffset >= names.size) throw corrupt("a member of a group has no name");
    const name = bytes.cString(names.address + nameOffset, names.size - nameOffset);
    if (bytes.u32(entry + 16) === 2) {
      const pathOffset = bytes.u32(entry + 24);
      if (pathOffset >= names.size) throw corrupt("a soft link goes nowhere");
      members.set(name, bytes.cString(names.address + pathOffset, names.size - pathOffset));
      continue;
    }
    const header = bytes.address(entry + 8);
    if (header !== undefined) members.set(name, header);
  }
}

const LINKS_BY_NAME = 5;

/** New-style groups with many members: links in a heap, and a list of them. */
function readManyLinks(bytes: Bytes, heapAt: number, members: Map<string, Link>): void {
  const heap = bytes.address(heapAt);
  const list = bytes.address(heapAt + 8);
  if (heap === undefined || list === undefined) return;
  const placeOf = openHeap(bytes, heap);
  // Each record has a hash of the name, and the link's id in the heap.
  for (const record of readRecords(bytes, list, LINKS_BY_NAME)) readLink(bytes, placeOf(record + 4).offset, members);
}

/** New-style groups with few members: one message a link. */
function readLink(bytes: Bytes, offset: number, members: Map<string, Link>): void {
  const flags = bytes.u8(offset + 1);
  let at = offset + 2;
  const linkType = flags & 8 ? bytes.u8(at++) : 0;
  at += (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  const length = width === 1 ? bytes.u8(at) : width === 2 ? bytes.u16(at) : bytes.u32(at);
  at += width;
  const name = text(bytes.slice(at, length));
  if (linkType === 1) members.set(name, text(bytes.slice(at + length + 2, bytes.u16(at + length))));
  const header = linkType === 0 ? bytes.address(at + length) : undefined;
  if (header !== undefined) members.set(name, header);
}
