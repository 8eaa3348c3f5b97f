import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Corpus, Recipe } from "@charlstm/corpus";
import { createVocabulary, decode, encode, encodeStream, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { SingleBar } from "cli-progress";
import { type BookOptions, openBook, pathOf } from "./book.js";
import { deafTo, type Io, say, warn } from "./io.js";

/** A text as training needs it, and what a run's record says of it. */
export interface TrainingText {
  ids: Ids;
  vocabulary: Vocabulary;
  /** An id, an absolute path, a URL, or `-`; `null` for the novel that comes with the program. */
  name: string | null;
  title?: string | undefined;
  recipe: Recipe | "none";
  /** Of the bytes that were read, and of the clean text in UTF-8. */
  sha256: string;
  textSha256: string;
  /** Where it came from and what was done to it. */
  origin: Pick<Corpus, "author" | "encoding" | "address" | "cuts" | "warnings">;
}

/** Files above this many bytes are encoded as they are read: as one string they would not fit. */
const streamedFrom = 100 * 2 ** 20;

/** Opens a book for training: cleaned and encoded, or, when it is a very large file, encoded as it is. */
export async function openTrainingText(
  io: Io,
  book: string | null | undefined,
  options: BookOptions,
): Promise<TrainingText> {
  const path = book ? pathOf(io, book) : undefined;
  const bytes =
    path === undefined
      ? 0
      : await stat(path).then(
          ({ size }) => size,
          () => 0,
        );
  if (path !== undefined && bytes > streamedFrom) return streamText(io, path, bytes);
  const { corpus, name } = await openBook(io, book, options);
  for (const { message } of corpus.warnings) warn(io, message);
  return deafTo(io, async () => {
    const vocabulary = createVocabulary(corpus.text);
    const { text: _text, source: _source, ...origin } = corpus;
    return {
      origin,
      ids: encode(corpus.text, vocabulary),
      vocabulary,
      name,
      title: corpus.title,
      recipe: corpus.recipe,
      sha256: corpus.sha256,
      textSha256: createHash("sha256").update(corpus.text).digest("hex"),
    };
  });
}

/** The text again, of any size, a piece at a time. */
export async function* piecesOf({ ids, vocabulary }: Pick<TrainingText, "ids" | "vocabulary">): AsyncGenerator<string> {
  for (let start = 0; start < ids.length; start += pieceLength) {
    await setImmediate(); // so that signals are heard
    yield decode(ids.subarray(start, start + pieceLength), vocabulary);
  }
}

const pieceLength = 2 ** 20;

/** One pass over the file: a byte or two a character is all that is kept. */
async function streamText(io: Io, path: string, bytes: number): Promise<TrainingText> {
  say(io, `${path} has ${Math.round(bytes / 2 ** 20)} MiB: too large to clean, it is read as it is (UTF-8)`);
  const hash = createHash("sha256");
  const bar = new SingleBar({
    stream: io.stderr as NodeJS.WriteStream,
    format: "reading {bar} {percentage}% | {eta_formatted} left",
    clearOnComplete: true,
    gracefulExit: false, // it would catch signals
  });
  if (io.stderr.isTTY) bar.start(bytes, 0);
  try {
    const { ids, vocabulary } = await encodeStream(
      chunksOf(path, hash, (read) => bar.update(read)),
      { capacity: bytes, signal: io.signal },
    );
    const sha256 = hash.digest("hex");
    const origin = { encoding: "utf-8", cuts: [], warnings: [] };
    return { ids, vocabulary, name: path, recipe: "none", sha256, textSha256: sha256, origin };
  } finally {
    bar.stop();
  }
}

async function* chunksOf(path: string, hash: Hash, onProgress: (read: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    read += chunk.length;
    onProgress(read);
    yield chunk;
  }
}
