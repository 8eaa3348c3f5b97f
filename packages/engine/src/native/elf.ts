/** Whether a file of 64-bit ELF, Linux's form of libraries, is as long as its header says: its last part is a table of sections. */
export function isWholeElf(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) return false;
  const start = Number(view.getBigUint64(40, true));
  const [size, count] = [view.getUint16(58, true), view.getUint16(60, true)];
  return start > 0 && count > 0 && start + size * count <= bytes.length;
}
