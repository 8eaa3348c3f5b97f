/** ELF's numbers of the processors that there are libraries for. */
const machines: Record<string, number> = { x64: 62, arm64: 183 };

/**
 * Why a file is no library for this processor, as far as its header shows; undefined where nothing is wrong. Linux's form of
 * libraries is ELF of 64 bits, whose last part is a table of sections: a file that was cut off is shorter than its header says.
 */
export function problemOfElf(bytes: Uint8Array, arch: string): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) {
    return "is no whole library: install it again";
  }
  const start = Number(view.getBigUint64(40, true));
  const [size, count] = [view.getUint16(58, true), view.getUint16(60, true)];
  if (start === 0 || count === 0 || start + size * count > bytes.length) return "is no whole library: install it again";
  return view.getUint16(18, true) === machines[arch] ? undefined : `is for another processor than ${arch}`;
}
