/** How a message shows a character: quoted, with its number, and as an escape where it would not print. */
export function describeCharacter(character: string): string {
  const number = codePointName(character.codePointAt(0)!);
  const printable = !/[\p{C}\p{Z}\p{M}]/u.test(character) || character === " ";
  return `${printable ? JSON.stringify(character) : `"\\u{${number.slice(2)}}"`} (${number})`;
}

/** `U+00E9` and the like. */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Mends chunks of a text that were cut in the middle of a character: `next` returns each chunk with its last UTF-16 unit
 * held back where that is a high surrogate, whose other half may come in the next; `rest` is what is held back at the end.
 */
export function createPairJoiner(): { next(chunk: string): string; rest(): string } {
  let held = "";
  return {
    next(chunk) {
      const text = held === "" ? chunk : held + chunk;
      const last = text.charCodeAt(text.length - 1);
      const isHigh = last >= 0xd800 && last <= 0xdbff;
      held = isHigh ? text.slice(-1) : "";
      return isHigh ? text.slice(0, -1) : text;
    },
    rest: () => held,
  };
}
