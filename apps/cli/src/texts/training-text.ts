import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Corpus, Recipe } from "@charlstm/corpus";
import { createTextJoiner, type ItemKind, textSeparator } from "@charlstm/training";
import { createVocabulary, decode, encode, encodeStream, type Ids, type Vocabulary } from "@charlstm/vectorize";
import { deafTo, type Io, warn } from "../terminal/io.js";
import { type BookOptions, openBook, pathOf } from "./book.js";
import { largeSize, readLargeText } from "./large-text.js";
import { nameTexts, wholeName } from "./name-texts.js";
import { readSeveralTexts, type SeveralTexts, type TextFacts } from "./several-texts.js";

/** A text as training needs it, and what a run's record says of it. */
export interface TrainingText {
  ids: Ids;
  vocabulary: Vocabulary;
  /** An id, an absolute path, a URL, or `-`; of several texts what named them; `null` for the novel that comes with the program. */
  name: string | readonly string[] | null;
  /** What several texts are. */
  several?: Pick<SeveralTexts, "places" | "texts" | "skipped"> | undefined;
  title?: string | undefined;
  recipe: Recipe | "none";
  /** Of the bytes that were read, and of the clean text in UTF-8. */
  sha256: string;
  textSha256: string;
  /** Where it came from and what was done to it. */
  origin: Pick<Corpus, "author" | "encoding" | "address" | "cuts" | "warnings">;
}

/** How texts are opened: of items, each comes with its mark. */
export type TextsOptions = BookOptions & { items?: ItemKind | undefined };

/**
 * Opens what a command line names for training: one text, several that are joined in their order, or where nothing is named the
 * notebook's book.
 *
 * @throws {CliError} `NO_TEXT`: a folder, or a pattern, without a text.
 */
export async function openTexts(io: Io, words: readonly string[], options: TextsOptions): Promise<TrainingText> {
  if (words.length === 0) return openTrainingText(io, undefined, options);
  const named = await nameTexts(io, words);
  const [name, ...others] = named.names;
  const isOne = others.length === 0 && words.length === 1 && named.skipped.length === 0;
  if (name !== undefined && isOne) return openTrainingText(io, name, options);
  const texts = await readSeveralTexts(io, named, options);
  return asTrainingText(
    words.map((word) => wholeName(io, word)),
    texts,
  );
}

/** Several texts as training needs them. */
export function asTrainingText(
  name: readonly string[],
  { ids, vocabulary, recipe, sha256, textSha256, places, texts, skipped }: SeveralTexts,
): TrainingText {
  const origin = { encoding: "utf-8", cuts: [], warnings: [] };
  return { ...{ ids, vocabulary, name, recipe, sha256, textSha256, origin }, several: { places, texts, skipped } };
}

/** What a text is called. */
export function titleOf({ title, several }: Pick<TrainingText, "title" | "several">, items?: ItemKind): string {
  if (!several) return title ?? "text";
  const count = several.texts.length;
  const between = items === undefined ? `, ${JSON.stringify(textSeparator)} between them` : "";
  return count === 1 ? "1 text" : `${count.toLocaleString("en")} texts${between}`;
}

/** Opens a book for training: cleaned and encoded; of a very large file only header and licence are cut. */
export async function openTrainingText(
  io: Io,
  book: string | null | undefined,
  { items, ...options }: TextsOptions,
): Promise<TrainingText> {
  if (items === undefined) return openOneText(io, book, options);
  // The notebook's recipe leaves no lines: nobody means it who names items and no recipe.
  const recipe = options.recipe === "auto" ? "gutenberg" : options.recipe;
  if (typeof book === "string") return openItems(io, book, { ...options, recipe, items });
  const text = await openOneText(io, book, { ...options, recipe });
  return { ...text, ...(await markItems(text, items, io.signal)) };
}

/** One text's items, marked as it is read. */
async function openItems(io: Io, name: string, options: TextsOptions): Promise<TrainingText> {
  const read = await readSeveralTexts(io, { names: [name], skipped: [] }, options);
  const [{ title, sha256 }] = read.texts as [TextFacts];
  return { ...asTrainingText([name], read), name, title, sha256, several: undefined };
}

/** A text's items, with their marks. */
async function markItems(
  text: TrainingText,
  items: ItemKind,
  signal: AbortSignal,
): Promise<Pick<TrainingText, "ids" | "vocabulary">> {
  const joiner = createTextJoiner(items);
  async function* marked() {
    for await (const piece of piecesOf(text)) yield joiner.next(piece);
    yield joiner.rest();
  }
  return encodeStream(marked(), { capacity: text.ids.length + 2, signal });
}

async function openOneText(io: Io, book: string | null | undefined, options: BookOptions): Promise<TrainingText> {
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
