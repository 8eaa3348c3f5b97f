/** The bytes of a text that are not UTF-8, among others that are. */
export interface Flaws {
  /** Characters of more than one byte that are right. */
  readonly right: number;
  /** Offsets of the single bytes that are no UTF-8. */
  readonly wrong: readonly number[];
  /** Where the text stops within a character; its length where it doesn't. */
  readonly end: number;
}

/** Looks for what is not UTF-8, as long as it is little: at most one wrong byte for each right character. */
export function findFlaws(bytes: Uint8Array): Flaws | undefined {
  const wrong: number[] = [];
  let right = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      at++;
      continue;
    }
    const length = lengthOf(bytes, at);
    if (length > 0) {
      right++;
      at += length;
    } else if (length < 0) return isMostlyRight(right, wrong) ? { right, wrong, end: at } : undefined;
    else {
      wrong.push(at++);
      // Far more wrong than right: this is another encoding.
      if (wrong.length > 2 * right + 1_000) return undefined;
    }
  }
  return isMostlyRight(right, wrong) ? { right, wrong, end: bytes.length } : undefined;
}

function isMostlyRight(right: number, wrong: readonly number[]): boolean {
  return right > 0 && wrong.length <= right;
}

/** The UTF-8 text with its wrong bytes read one by one, and without the part of a character at its end. */
export function readMixed(bytes: Uint8Array, { wrong, end }: Flaws, readOther: (bytes: Uint8Array) => string): string {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let position = 0;
  for (const at of wrong) {
    pieces.push(decoder.decode(bytes.subarray(position, at)), readOther(bytes.subarray(at, at + 1)));
    position = at + 1;
  }
  pieces.push(decoder.decode(bytes.subarray(position, end)));
  return pieces.join("");
}

// Bytes of the character that begins here; 0: none does; -1: the text ends within it.
function lengthOf(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0) return 0;
  const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index < length; index++) {
    const next = bytes[at + index];
    if (next === undefined) return -1;
    if (next < (index === 1 ? least : 0x80) || next > (index === 1 ? most : 0xbf)) return 0;
  }
  return length;
}
