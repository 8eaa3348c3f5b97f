import { type Bytes, corrupt, text, unsupported } from "./bytes.js";
import { elementSize, readDataspace, readDatatype, readNumbers, sizeOf } from "./datatype.js";
import { type Message, MessageType } from "./object-header.js";
import { openHeap, readRecords } from "./records.js";

/** An attribute's value: text or numbers, one or many. */
export type AttributeValue = string[] | number[];

/** Finds an attribute of an object by its name. */
export function readAttribute(bytes: Bytes, messages: readonly Message[], name: string): AttributeValue | undefined {
  for (const { type, offset } of messages) {
    if (type === MessageType.attribute) {
      const value = readNamed(bytes, offset, name);
      if (value) return value;
    } else if (type === MessageType.attributeInfo) {
      const heapAt = offset + 2 + (bytes.u8(offset + 1) & 1 ? 2 : 0);
      const value = readOfMany(bytes, heapAt, name);
      if (value) return value;
    }
  }
  return undefined;
}

const ATTRIBUTES_BY_NAME = 8;

/** An attribute of an object that has many: they lie in a heap, and there is a list of them. */
function readOfMany(bytes: Bytes, heapAt: number, name: string): AttributeValue | undefined {
  const heap = bytes.address(heapAt);
  const list = bytes.address(heapAt + 8);
  if (heap === undefined || list === undefined) return undefined;
  const placeOf = openHeap(bytes, heap);
  for (const record of readRecords(bytes, list, ATTRIBUTES_BY_NAME)) {
    if (bytes.u8(record + 8) & 2) throw unsupported("shared attributes");
    const value = readNamed(bytes, placeOf(record).offset, name);
    if (value) return value;
  }
  return undefined;
}

function readNamed(bytes: Bytes, offset: number, name: string): AttributeValue | undefined {
  const version = bytes.u8(offset);
  if (version < 1 || version > 3) throw unsupported(`attributes of version ${version}`);
  if (version > 1 && bytes.u8(offset + 1) & 3) throw unsupported("shared attribute types");
  const sizes = [2, 4, 6].map((at) => bytes.u16(offset + at)) as [number, number, number];
  const padded = (size: number) => (version === 1 ? 8 * Math.ceil(size / 8) : size);
  const nameAt = offset + (version === 3 ? 9 : 8);
  if (text(bytes.slice(nameAt, sizes[0])) !== name) return undefined;
  const typeAt = nameAt + padded(sizes[0]);
  const spaceAt = typeAt + padded(sizes[1]);
  const type = readDatatype(bytes, typeAt);
  const count = sizeOf(readDataspace(bytes, spaceAt));
  const data = bytes.slice(spaceAt + padded(sizes[2]), count * elementSize(type));
  const base = data.byteOffset - bytes.bytes.byteOffset;
  if (type.kind === "variable-string") {
    return Array.from({ length: count }, (_, index) => readVariableString(bytes, base + 16 * index));
  }
  if (type.kind === "string") {
    return Array.from({ length: count }, (_, index) => text(bytes.slice(base + type.size * index, type.size)));
  }
  return Array.from(readNumbers(data, type));
}

/** Text in a global heap: length, address of the heap collection, index of the object in it. */
function readVariableString(bytes: Bytes, offset: number): string {
  const length = bytes.u32(offset);
  if (length === 0) return "";
  const collection = bytes.address(offset + 4);
  const wanted = bytes.u32(offset + 12);
  if (collection === undefined) throw corrupt("a text lies nowhere");
  bytes.signature(collection, "GCOL");
  const end = collection + bytes.u64(collection + 8);
  for (let at = collection + 16; at + 16 <= end; ) {
    const index = bytes.u16(at);
    const size = bytes.u64(at + 8);
    if (index === 0) break;
    if (index === wanted) {
      if (length > size) throw corrupt("a text is longer than its place");
      return text(bytes.slice(at + 16, length));
    }
    at += 16 + 8 * Math.ceil(size / 8);
  }
  throw corrupt("a text is missing from its heap");
}
