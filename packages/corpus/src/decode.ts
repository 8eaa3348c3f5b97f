import { CorpusError } from "./errors.js";

/** A text, and the encoding that its bytes were in. */
export interface DecodedText {
  /** Without a byte order mark; every line ends in `\n`. */
  readonly text: string;
  /** What the bytes were read as: `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, or what the file's header says. */
  readonly encoding: string;
}

// Where a Gutenberg header says how the file is encoded.
const HEADER_BYTES = 20_000;
const SAMPLE_BYTES = 65_536;

/**
 * Reads bytes as text: by the byte order mark, else as strict UTF-8, else as the header's "Character set encoding",
 * else as windows-1252. UTF-16 is recognised without a byte order mark by where its zero bytes are.
 *
 * @param what What the bytes are, for messages.
 * @throws {CorpusError} `BINARY_FILE` when the bytes are no text in any of these.
 */
export function decodeText(bytes: Uint8Array, what = "the source"): DecodedText {
  const { text, encoding } = decode(bytes);
  refuseBinary(text, encoding, what);
  return { text: text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text, encoding };
}

function decode(bytes: Uint8Array): DecodedText {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return { text: new TextDecoder().decode(bytes), encoding: "utf-8" };
  const utf16 = utf16Order(bytes);
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), encoding: utf16 };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return decodeAsDeclared(bytes);
  }
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

function decodeAsDeclared(bytes: Uint8Array): DecodedText {
  const header = new TextDecoder("windows-1252").decode(bytes.subarray(0, HEADER_BYTES));
  const declared = /^character set encoding:[ \t]{0,10}([\w.:-]{1,40})/im.exec(header)?.[1];
  try {
    // A wrong "UTF-8" or "ASCII" is of no use: the bytes have just turned out not to be.
    const encoding = new TextDecoder(declared && !/^(?:utf-?8|us-ascii)$/i.test(declared) ? declared : "windows-1252");
    if (encoding.encoding !== "windows-1252") return { text: encoding.decode(bytes), encoding: encoding.encoding };
  } catch {
    // An encoding that nobody knows, or that the bytes are not in.
  }
  return { text: decodeWindows1252(bytes), encoding: "windows-1252" };
}

// What the bytes 0x80 to 0x9f are; a space stands for the five that are nothing.
const WINDOWS_1252 = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

// Node 20 reads windows-1252 as Latin-1 (nodejs/node#56542): quotation marks and dashes come out as control characters.
function decodeWindows1252(bytes: Uint8Array): string {
  const text = new TextDecoder("windows-1252").decode(bytes);
  return text.replace(/[\u0080-\u009f]/g, (control) => {
    const character = WINDOWS_1252[control.charCodeAt(0) - 0x80]!;
    return character === " " ? control : character;
  });
}

const MOST_CONTROLS = 0.01;

function refuseBinary(text: string, encoding: string, what: string): void {
  const sample = text.slice(0, SAMPLE_BYTES);
  let controls = 0;
  for (let index = 0; index < sample.length; index++) {
    const unit = sample.charCodeAt(index);
    // Tab, line feed, vertical tab, form feed, carriage return and the end-of-file mark of DOS are found in old texts.
    if (unit === 0xfffd || (unit < 0x20 && !(unit >= 0x09 && unit <= 0x0d) && unit !== 0x1a) || unit === 0x7f) {
      controls++;
    }
  }
  if (text.includes("\0") || controls > MOST_CONTROLS * sample.length || sample.startsWith("%PDF-")) {
    throw new CorpusError(
      "BINARY_FILE",
      `${what} is no plain text (read as ${encoding}): give a text file, not a picture, archive, PDF or e-book`,
      { encoding, controls },
    );
  }
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
