import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createDecoder, cutHeaderAndLicence, decodeText } from "@charlstm/corpus";
import { encodeStream, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { SingleBar } from "cli-progress";
import { CliError } from "../errors.js";
import { type Io, say, warn } from "../terminal/io.js";
import type { CleaningFlags } from "./book-flags.js";

/** Files above this many bytes are encoded as they are read: whole, as strings, they would take many times their size. */
const LARGE = 100 * 2 ** 20;
// Header, licence and what tells the encoding lie in these at both ends.
const END_BYTES = 2 ** 18;
const LINE_FEED = 0x0a;

/** A large text: its characters as ids, and what is known of it. */
export interface LargeText extends LargeFacts {
  readonly ids: Ids;
  readonly vocabulary: Vocabulary;
}

/** What is known of a large text once it was read. */
export interface LargeFacts {
  readonly encoding: string;
  /** Of the bytes that were read, and of the text in UTF-8. */
  readonly sha256: string;
  readonly textSha256: string;
}

/** How many bytes a file has that is too large to be held as a string; `undefined` for others, and for what is no file. */
export async function largeSize(path: string | undefined): Promise<number | undefined> {
  if (path === undefined) return undefined;
  const size = await stat(path).then(
    (status) => (status.isFile() ? status.size : 0),
    () => 0,
  );
  return size > LARGE ? size : undefined;
}

/** Reads a large file in one pass, in memory of a byte or two a character; see `openLargeText`. */
export async function readLargeText(io: Io, path: string, bytes: number, flags: CleaningFlags): Promise<LargeText> {
  const { pieces, facts } = await openLargeText(io, path, bytes, flags);
  const { ids, vocabulary } = await encodeStream(pieces, { capacity: bytes, signal: io.signal });
  return { ids, vocabulary, ...facts() };
}

/**
 * Opens a large file, to be read a piece at a time: without Project Gutenberg's header and licence, every line end a line feed; what
 * else a recipe cuts stays. The facts are known when the last piece was read.
 *
 * @throws {CliError} `TOO_LARGE` for what needs the whole text; `CorpusError` when it is no plain text.
 */
export async function openLargeText(
  io: Io,
  path: string,
  bytes: number,
  flags: CleaningFlags,
): Promise<{ pieces: AsyncIterable<string>; facts(): LargeFacts }> {
  if (flags.unwrap) {
    throw new CliError(
      "TOO_LARGE",
      `${path} has ${mebibytes(bytes)}: --unwrap is for texts of up to ${mebibytes(LARGE)}: leave it out, or split the text`,
    );
  }
  say(io, `${path} has ${mebibytes(bytes)}: header and licence are cut, notes and marks within the text stay`);
  const ends = await readEnds(path, bytes, flags.encoding);
  for (const message of ends.warnings) warn(io, message);
  const hashes = { bytes: createHash("sha256"), text: createHash("sha256") };
  const { encoding } = ends;
  return {
    pieces: shown(io, bytes, (onProgress) => {
      const pieces = textOf(path, ends, { hash: hashes.bytes, onProgress });
      return warned(io, encoding, prepare(pieces, hashes.text, flags.foldCase === true));
    }),
    facts: () => ({ encoding, sha256: hashes.bytes.digest("hex"), textSha256: hashes.text.digest("hex") }),
  };
}

/** Pieces, with a bar on a terminal. */
async function* shown(
  io: Io,
  bytes: number,
  open: (onProgress: (read: number) => void) => AsyncIterable<string>,
): AsyncGenerator<string> {
  const bar = new SingleBar({
    stream: io.stderr as NodeJS.WriteStream,
    format: "reading {bar} {percentage}% | {eta_formatted} left",
    clearOnComplete: true,
  });
  if (io.stderr.isTTY) bar.start(bytes, 0);
  try {
    yield* open((read) => bar.update(read));
  } finally {
    bar.stop();
  }
}

/** Pieces, and at their end a warning when some of them was not of the encoding. */
async function* warned(io: Io, encoding: string, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let isWhole = true;
  for await (const piece of pieces) {
    isWhole &&= !piece.includes("\ufffd");
    yield piece;
  }
  if (!isWhole)
    warn(io, `some of the text is not ${encoding} and was read as \ufffd: --encoding names another encoding`);
}

interface Ends {
  /** Decoded and cut. */
  readonly head: string;
  readonly tail: string;
  /** Of the bytes that both were made of. */
  readonly headEnd: number;
  readonly tailStart: number;
  readonly bytes: number;
  readonly encoding: string;
  readonly warnings: readonly string[];
}

async function readEnds(path: string, bytes: number, encoding: string | undefined): Promise<Ends> {
  const file = await open(path);
  try {
    const first = await readAt(file, 0);
    const last = await readAt(file, bytes - END_BYTES);
    const headEnd = first.lastIndexOf(LINE_FEED) + 1 || first.length;
    const tailOffset = last.indexOf(LINE_FEED) + 1;
    const head = decodeText(first.subarray(0, headEnd), { what: path, encoding });
    if (head.encoding.startsWith("utf-16")) {
      throw new CliError("TOO_LARGE", `${path} is UTF-16 and has ${mebibytes(bytes)}: save it as UTF-8`);
    }
    const tail = decodeText(last.subarray(tailOffset), { what: path, encoding: head.encoding });
    return {
      head: cutEdge(head.text, "header"),
      tail: cutEdge(tail.text, "licence"),
      ...{ headEnd, tailStart: bytes - END_BYTES + tailOffset, bytes },
      encoding: head.encoding,
      warnings: [...head.warnings, ...tail.warnings].map(({ message }) => `${message} (at one end of the text)`),
    };
  } finally {
    await file.close();
  }
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(END_BYTES), 0, END_BYTES, position);
  return buffer.subarray(0, bytesRead);
}

// A header lies at the very beginning, a licence at the very end: what else is found is a marker within the text.
function cutEdge(text: string, rule: "header" | "licence"): string {
  const spans = cutHeaderAndLicence(text).cuts.find((cut) => cut.rule === rule)?.spans ?? [];
  if (rule === "header") return spans[0] === 0 ? text.slice(spans[1]) : text;
  return spans.at(-1) === text.length ? text.slice(0, spans.at(-2)) : text;
}

/** The head, what lies between, and the tail; every byte is hashed on the way. */
async function* textOf(
  path: string,
  { head, tail, headEnd, tailStart, encoding }: Ends,
  { hash, onProgress }: { hash: Hash; onProgress: (read: number) => void },
): AsyncGenerator<string> {
  const decoder = createDecoder(encoding);
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const from = Math.max(0, headEnd - read);
    const to = Math.min(chunk.length, tailStart - read);
    if (read === 0) yield head;
    if (from < to) yield decoder.next(chunk.subarray(from, to));
    read += chunk.length;
    onProgress(read);
  }
  yield decoder.rest();
  yield tail;
}

/** With line feeds alone, in normal form C line by line, in lower case if asked; hashed as it goes. */
async function* prepare(pieces: AsyncIterable<string>, hash: Hash, foldCase: boolean): AsyncGenerator<string> {
  let rest = "";
  const finish = (text: string) => {
    const lines = text.replace(/\r\n?/g, "\n");
    const clean = (foldCase ? lines.toLowerCase() : lines).normalize("NFC");
    hash.update(clean);
    return clean;
  };
  for await (const piece of pieces) {
    const text = rest + piece;
    // A line that is longer than this is cut anywhere.
    const end = text.lastIndexOf("\n") + 1 || (text.length > 2 ** 22 ? text.length : 0);
    rest = text.slice(end);
    if (end > 0) yield finish(text.slice(0, end));
  }
  if (rest !== "") yield finish(rest);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
