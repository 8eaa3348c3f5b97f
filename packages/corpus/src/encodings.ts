import { CorpusError } from "./errors.js";

/** One way to read bytes as characters. */
export interface Encoding {
  /** As the Encoding Standard has it, in small letters; `ibm437` and the like for what it lacks. */
  readonly name: string;
  readonly read: (bytes: Uint8Array) => string;
}

// The second half of the code pages of DOS, which no `TextDecoder` knows (libraries that do need Node's `Buffer`).
const DOS_PAGES: Readonly<Record<string, string>> = {
  437: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
  850: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
  852: "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0",
};

// What the Encoding Standard calls the code pages of Windows and others, by their numbers.
const CODE_PAGES: Readonly<Record<string, string>> = {
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gb18030",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  10007: "x-mac-cyrillic",
  20127: "windows-1252",
  20866: "koi8-r",
  20932: "euc-jp",
  21866: "koi8-u",
  51932: "euc-jp",
  51949: "euc-kr",
  54936: "gb18030",
  65001: "utf-8",
};

const NAMES: Readonly<Record<string, string>> = {
  macroman: "macintosh",
  applemacintosh: "macintosh",
  macosroman: "macintosh",
  maccyrillic: "x-mac-cyrillic",
  ansi: "windows-1252",
  unicode: "utf-16le",
  iso646us: "windows-1252",
  isolatin1: "windows-1252",
  isolatin2: "iso-8859-2",
  isolatin9: "iso-8859-15",
  latin9: "iso-8859-15",
  big5hkscs: "big5",
  gbk: "gb18030",
  sjis: "shift_jis",
  eucjp: "euc-jp",
  euckr: "euc-kr",
  koi8r: "koi8-r",
  koi8u: "koi8-u",
  koi8: "koi8-r",
  utf8: "utf-8",
  utf16: "utf-16le",
  utf16le: "utf-16le",
  utf16be: "utf-16be",
};

/**
 * The encoding that a usual name means: `CP-1251`, `Windows Code Page 1251`, `MacRoman`, `IBM850`, `latin1`, `Shift_JIS`,
 * in any spelling, also with another name behind it (`ISO 8859-1 (Latin-1)`); nothing for a name that nobody knows.
 */
export function findEncoding(label: string): Encoding | undefined {
  return findName(label) ?? findName(label.replace(/[([,;].*/s, ""));
}

function findName(label: string): Encoding | undefined {
  const plain = label.trim().toLowerCase();
  const bare = plain.replace(/[^\p{L}\p{N}]/gu, "");
  const page = /^(?:(?:microsoft|ms|windows|win|dos|oem|ansi|ibm|cp|codepage|code)*)0?(\d{3,5})$/.exec(bare)?.[1];
  if (page !== undefined && Object.hasOwn(DOS_PAGES, page)) return dosPage(page);
  const iso = /^(?:iso|isoiec)8859(\d{1,2})(?:\d{4})?$/.exec(bare)?.[1];
  const names = [
    ...(page === undefined ? [] : [Object.hasOwn(CODE_PAGES, page) ? CODE_PAGES[page]! : `windows-${page}`]),
    ...(iso === undefined ? [] : [`iso-8859-${iso}`]),
    ...(Object.hasOwn(NAMES, bare) ? [NAMES[bare]!] : []),
    plain,
    plain.replace(/[\s_]+/g, "-"),
    bare,
  ];
  for (const name of names) {
    try {
      return fromStandard(new TextDecoder(name).encoding);
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** Reads bytes that come in pieces. */
export interface PieceDecoder {
  /** The characters that a piece ends; what is left of one waits for the next piece. */
  next(bytes: Uint8Array): string;
  /** What is left at the end. */
  rest(): string;
}

/**
 * Reads bytes as they come: `next` gives the characters that are whole by now, `rest` what is left. What is not in the
 * encoding becomes U+FFFD.
 *
 * @throws {CorpusError} `BAD_OPTION` for a name that nobody knows.
 */
export function createDecoder(label: string): PieceDecoder {
  const { name, read } = readEncodingName(label);
  // These have a byte a character, so that bytes may be cut anywhere.
  if (name === "windows-1252" || name.startsWith("ibm")) return { next: read, rest: () => "" };
  const decoder = new TextDecoder(name);
  return { next: (bytes) => decoder.decode(bytes, { stream: true }), rest: () => decoder.decode() };
}

/** @throws {CorpusError} `BAD_OPTION` for a name that nobody knows. */
export function readEncodingName(label: string): Encoding {
  const encoding = typeof label === "string" ? findEncoding(label) : undefined;
  if (encoding) return encoding;
  throw new CorpusError(
    "BAD_OPTION",
    `encoding is "${String(label)}", which nobody knows: use a name like utf-8, windows-1252, cp1251, koi8-r, macroman, cp850, ` +
      "gb18030, big5 or shift_jis",
    { encoding: label },
  );
}

function fromStandard(name: string): Encoding {
  if (name === "windows-1252") return { name, read: readWindows1252 };
  return { name, read: (bytes) => new TextDecoder(name).decode(bytes) };
}

function dosPage(page: string): Encoding {
  const table = DOS_PAGES[page]!;
  const read = (bytes: Uint8Array) =>
    // As Latin-1, a character for each byte; those of the second half are then looked up.
    latin1(bytes).replace(/[\u0080-\u00ff]/g, (character) => table[character.charCodeAt(0) - 0x80]!);
  return { name: `ibm${page}`, read };
}

// What the bytes 0x80 to 0x9f are; a space stands for the five that are nothing.
const WINDOWS_1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

// Node 20 reads windows-1252 as Latin-1 (nodejs/node#56542): quotation marks and dashes come out as control characters.
function readWindows1252(bytes: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(bytes).replace(/[\u0080-\u009f]/g, (control) => {
    const character = WINDOWS_1252[control.charCodeAt(0) - 0x80]!;
    return character === " " ? control : character;
  });
}

const PIECE = 8_192;

function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return pieces.join("");
}
