import crc32 from "crc-32";

/** A block of a PNG (ISO/IEC 15948, 5.3): the length of its data, its type, the data, and the checksum of both. */
export function pngBlock(type: string, data: Uint8Array): Buffer {
  const block = Buffer.alloc(data.length + 12);
  block.writeUInt32BE(data.length, 0);
  block.write(type, 4, "latin1");
  block.set(data, 8);
  block.writeInt32BE(crc32.buf(block.subarray(4, -4)), data.length + 8);
  return block;
}
