import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Corpus, Recipe } from "@charlstm/corpus";
import { createVocabulary, decode, encode, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { type BookOptions, openBook, pathOf } from "./book.js";
import { deafTo, type Io, warn } from "./io.js";
import { largeSize, readLargeText } from "./large-text.js";

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

/** Opens a book for training: cleaned and encoded; of a very large file only header and licence are cut. */
export async function openTrainingText(
  io: Io,
  book: string | null | undefined,
  options: BookOptions,
): Promise<TrainingText> {
  const path = book ? pathOf(io, book) : undefined;
  const bytes = await largeSize(path);
  if (path !== undefined && bytes !== undefined) {
    const { encoding, ...text } = await readLargeText(io, path, bytes, options);
    return { ...text, name: path, recipe: "none", origin: { encoding, cuts: [], warnings: [] } };
  }
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
