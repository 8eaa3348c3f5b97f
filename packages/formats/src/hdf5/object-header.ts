import { type Bytes, corrupt, unsupported } from "./bytes.js";

/** One message of an object header: where its data lies. */
export interface Message {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

export const MessageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  fill: 0x05,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** Messages whose sharing through another object this reader would have to follow. */
const USED_TYPES: ReadonlySet<number> = new Set(Object.values(MessageType));

/** All messages of the object at `address`, continuation blocks included (format specification, IV.A.1). */
export function readObjectHeader(bytes: Bytes, address: number): Message[] {
  const messages: Message[] = [];
  if (bytes.u8(address) === 1) {
    readBlocks(bytes, [[address + 16, bytes.u32(address + 8)]], messages, 8, 0, 0);
    return messages;
  }
  bytes.signature(address, "OHDR");
  const flags = bytes.u8(address + 5);
  const sizeAt = address + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const size = width === 1 ? bytes.u8(sizeAt) : width === 2 ? bytes.u16(sizeAt) : bytes.u32(sizeAt);
  // Version 2: short message heads, and continuation blocks framed by a signature and a checksum of 4 bytes each.
  readBlocks(bytes, [[sizeAt + width, size]], messages, flags & 4 ? 6 : 4, 4, 4);
  return messages;
}

function readBlocks(
  bytes: Bytes,
  blocks: [offset: number, length: number][],
  messages: Message[],
  headSize: number,
  before: number,
  after: number,
): void {
  for (let block = blocks.shift(); block; block = blocks.shift()) {
    let offset = block[0];
    const end = offset + block[1];
    while (offset + headSize <= end) {
      const wide = headSize === 8;
      const type = wide ? bytes.u16(offset) : bytes.u8(offset);
      const size = bytes.u16(offset + (wide ? 2 : 1));
      const flags = bytes.u8(offset + (wide ? 4 : 3));
      offset += headSize;
      if (offset + size > end) throw corrupt("a message is longer than the block it lies in");
      if (flags & 2 && USED_TYPES.has(type)) throw unsupported("shared header messages");
      if (type === MessageType.continuation) {
        const next = bytes.address(offset);
        if (next === undefined) throw corrupt("a header goes on nowhere");
        blocks.push([next + before, bytes.u64(offset + 8) - before - after]);
      } else messages.push({ type, offset, size });
      offset += size;
    }
  }
}
