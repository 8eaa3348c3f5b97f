import { type Encoding, findEncoding, readEncodingName } from "./encodings.js";
import { findFlaws, readMixed } from "./mixed-utf8.js";
import { notPlainText, refuseOtherFormats } from "./other-formats.js";
import type { Warning } from "./warnings.js";

/** A text, and the encoding that its bytes were in. */
export interface DecodedText {
  /** Without a byte order mark; every line ends in `\n`. */
  readonly text: string;
  /** What the bytes were read as: `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, or what was declared. */
  readonly encoding: string;
  /** What could not be read as declared. */
  readonly warnings: readonly Warning[];
}

/** What is known of the bytes beside themselves. */
export interface DecodeOptions {
  /** What they are, for messages. Default `"the source"`. */
  readonly what?: string | undefined;
  /** The encoding that they are in, by any usual name: they are read as nothing else. */
  readonly encoding?: string | undefined;
  /** What a server says of them (`charset` in `Content-Type`): counts where they are not UTF-8. */
  readonly charset?: string | undefined;
}

// Where a Gutenberg header says how the file is encoded.
const HEADER_BYTES = 20_000;
const SAMPLE_BYTES = 65_536;
// Of encodings whose characters have two bytes: some pairs look like UTF-8 by chance.
const MULTI_BYTE = /^(?:gb|big5|shift|euc|iso-2022)/;
const LEAST_RIGHT = 10;
// Nobody reads these any more, and all their bytes are ASCII's.
const SEVEN_BIT = /^(?:hz|utf-?7|iso-2022-(?:cn|kr))(?:$|[^a-z\d])/i;

/**
 * Reads bytes as text: as the encoding that is given, else by the byte order mark, else as UTF-8, else as the server's
 * charset or the header's "Character set encoding", else as windows-1252. UTF-16 is recognised without a byte order mark
 * by where its zero bytes are. A UTF-8 text with some bytes that are none is read as UTF-8, and those bytes one by one.
 *
 * @param options What is known of the bytes; a string is their name in messages.
 * @throws {CorpusError} `BINARY_FILE` when the bytes are no plain text, with the reason; `BAD_OPTION` for an unknown encoding.
 */
export function decodeText(bytes: Uint8Array, options: string | DecodeOptions = {}): DecodedText {
  const known = typeof options === "string" ? { what: options } : options;
  const { text, encoding, warnings } = decode(bytes, known);
  refuseOtherFormats(text, encoding, known.what ?? "the source");
  return { text: text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text, encoding, warnings };
}

function decode(bytes: Uint8Array, { what = "the source", encoding: given, charset }: DecodeOptions): DecodedText {
  if (given !== undefined) {
    const named = readEncodingName(given);
    // "utf-16" names both orders; the mark says which.
    const isTurned = named.name === "utf-16le" && startsWith(bytes, [0xfe, 0xff]);
    return decodeAs(bytes, isTurned ? findEncoding("utf-16be")! : named);
  }
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return decodeAs(bytes, findEncoding("utf-8")!);
  if (isUtf32(bytes))
    throw notPlainText(what, "utf-32", "utf-32", "it is in UTF-32; save it as UTF-8 (iconv -f UTF-32 -t UTF-8)");
  const utf16 = utf16Order(bytes);
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), encoding: utf16, warnings: [] };
  const header = declaredIn(bytes);
  const declared = charset ?? header;
  const other = declared === undefined ? undefined : findEncoding(declared);
  // Seven bits, so that it would pass as UTF-8.
  if (other?.name === "iso-2022-jp" && bytes.includes(0x1b)) return decodeAs(bytes, other);
  const utf8 = decodeUtf8(bytes, other);
  if (utf8 && declared !== undefined && SEVEN_BIT.test(declared)) {
    const message = `the text is said to be in ${declared}, which is not read here: save it as UTF-8 (iconv -f ${declared} -t UTF-8)`;
    return { ...utf8, warnings: [...utf8.warnings, { code: "ENCODING_UNKNOWN", message }] };
  }
  if (utf8) return utf8;
  const isUseless = other === undefined || other.name === "utf-8" || other.name.startsWith("utf-16");
  return {
    ...decodeAs(bytes, isUseless ? findEncoding("windows-1252")! : other),
    warnings:
      declared !== undefined && other === undefined
        ? [
            {
              code: "ENCODING_UNKNOWN",
              message: `nobody knows the encoding "${declared}" that the text is said to be in: it was read as windows-1252`,
            },
          ]
        : [],
  };
}

function decodeAs(bytes: Uint8Array, encoding: Encoding): DecodedText {
  if (encoding.name === "utf-8") {
    const utf8 = decodeUtf8(bytes, undefined);
    if (utf8) return utf8;
  }
  const text = encoding.read(bytes);
  const lost = encoding.name === "utf-8" || MULTI_BYTE.test(encoding.name) ? text.split("\ufffd").length - 1 : 0;
  const warnings: Warning[] =
    lost === 0 ? [] : [{ code: "BYTES_LOST", message: lostMessage(text, lost, encoding.name) }];
  return { text, encoding: encoding.name, warnings };
}

function decodeUtf8(bytes: Uint8Array, other: Encoding | undefined): DecodedText | undefined {
  const encoding = "utf-8";
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding, warnings: [] };
  } catch {
    const flaws = findFlaws(bytes);
    const isTwoByte = other !== undefined && MULTI_BYTE.test(other.name);
    if (!flaws || (isTwoByte && flaws.right < LEAST_RIGHT * (flaws.wrong.length + 1))) return undefined;
    const single = other && !isTwoByte && !other.name.startsWith("utf") ? other : findEncoding("windows-1252")!;
    const text = readMixed(bytes, flaws, single.read);
    return { text, encoding, warnings: flawWarnings(bytes, flaws, single.name) };
  }
}

function flawWarnings(
  bytes: Uint8Array,
  { wrong, end }: { wrong: readonly number[]; end: number },
  other: string,
): Warning[] {
  const warnings: Warning[] = [];
  const [first] = wrong;
  if (first !== undefined) {
    const count = wrong.length === 1 ? "1 byte is" : `${wrong.length} bytes are`;
    warnings.push({
      code: "MIXED_ENCODING",
      message: `${count} not UTF-8 in a text that is (the first in line ${lineOf(bytes, first)}): read as ${other}`,
    });
  }
  if (end < bytes.length) {
    warnings.push({
      code: "BYTES_LOST",
      message: "the text ends within a character, which was left out: is it cut off?",
    });
  }
  return warnings;
}

function lostMessage(text: string, lost: number, name: string): string {
  const line = text.slice(0, text.indexOf("\ufffd")).split("\n").length;
  return `${lost} place(s) of the text are not ${name} (the first in line ${line}) and were read as \ufffd`;
}

function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let index = 0; index < offset; index++) if (bytes[index] === 0x0a) line++;
  return line;
}

function declaredIn(bytes: Uint8Array): string | undefined {
  const header = new TextDecoder("windows-1252").decode(bytes.subarray(0, HEADER_BYTES));
  return /^character set encoding:[ \t]{0,10}([^\r\n]{1,60})/im.exec(header)?.[1]?.trim() || undefined;
}

// Four bytes a character, of which the highest is never more than zero, and the next at most 16.
function isUtf32(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % 4 !== 0) return false;
  const [little, big] = [
    [3, 2, 1, 0],
    [0, 1, 2, 3],
  ].map((order) => {
    for (let at = 0; at < Math.min(bytes.length, SAMPLE_BYTES); at += 4) {
      const [highest, next, third, lowest] = order.map((index) => bytes[at + index]!) as [
        number,
        number,
        number,
        number,
      ];
      if (highest !== 0 || next > 16 || next + third + lowest === 0) return false;
    }
    return true;
  });
  return little! || big!;
}

function utf16Order(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (startsWith(bytes, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(bytes, [0xfe, 0xff])) return "utf-16be";
  if (bytes.length % 2 !== 0) return undefined;
  const zeros = [0, 0];
  const sample = Math.min(bytes.length, SAMPLE_BYTES);
  for (let index = 0; index < sample; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  // Latin letters, spaces and line ends in UTF-16 have a zero byte each, always on the same side.
  if (zeros[1]! > 0.2 * sample && zeros[0] === 0) return "utf-16le";
  if (zeros[0]! > 0.2 * sample && zeros[1] === 0) return "utf-16be";
  return undefined;
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
