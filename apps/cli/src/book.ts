import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { type Corpus, type CorpusSource, isCorpusError, loadCorpus, type Recipe } from "@charlstm/corpus";
import { type Io, say } from "./io.js";

/** The notebook's book. */
const defaultBook = "1342";
const defaultTitle = "Pride and Prejudice";

/** One of corpus's recipes, or `auto`: `notebook` for the edition that the notebook was written for, else `gutenberg`. */
export type RecipeChoice = Recipe | "auto";

/** A cleaned text and how to have it again. */
export interface Book {
  corpus: Corpus;
  /** An id, an absolute path, a URL, or `-`; `null` for the novel that comes with the program. */
  name: string | null;
}

export interface BookOptions {
  recipe: RecipeChoice;
  offline?: boolean | undefined;
}

/**
 * Loads and cleans what the command line names: a Gutenberg id, a path, a URL, `-` for stdin. `undefined` is the notebook's
 * book or, where that can't be had now, a novel that comes with the program; `null` is that novel.
 */
export async function openBook(io: Io, book: string | null | undefined, options: BookOptions): Promise<Book> {
  if (book === null) return openNovel();
  if (book !== undefined) return openNamed(io, book, options);
  try {
    return await openNamed(io, defaultBook, options);
  } catch (error) {
    if (!isCorpusError(error) || !cannotBeHad.has(error.code)) throw error;
    say(io, `${defaultTitle} can't be had: ${error.message}`);
    say(io, "Taking Moby-Dick instead, which comes with this program. For another book, name a file.");
    return openNovel();
  }
}

/** What corpus says when a book is out of reach, rather than bad. */
const cannotBeHad: ReadonlySet<string> = new Set(["DOWNLOAD_FAILED", "OFFLINE"]);

async function openNovel(): Promise<Book> {
  const compressed = await readFile(new URL("./novel.txt.br", import.meta.url));
  const text = (await promisify(brotliDecompress)(compressed)).toString("utf8");
  const corpus = await loadCorpus({ text }, { recipe: "gutenberg" });
  // The text has no markers to find, and its title is not in it.
  return { corpus: { ...corpus, title: "Moby-Dick", warnings: [] }, name: null };
}

async function openNamed(io: Io, book: string, { recipe, offline = false }: BookOptions): Promise<Book> {
  const source = sourceOf(io, book);
  const options = { signal: io.signal, offline };
  const name = "path" in source ? source.path : book;
  const corpus = await loadCorpus(source, { ...options, recipe: recipe === "auto" ? "gutenberg" : recipe });
  if (recipe !== "auto" || corpus.title !== defaultTitle || "stdin" in source) return { corpus, name };
  try {
    return { corpus: await loadCorpus(source, { ...options, recipe: "notebook" }), name };
  } catch (error) {
    if (isCorpusError(error) && error.code === "MARKER_MISSING") return { corpus, name };
    throw error;
  }
}

/** The absolute path of a book that is named by one; `undefined` for ids, URLs and stdin. */
export function pathOf(io: Io, book: string): string | undefined {
  const source = sourceOf(io, book);
  return "path" in source ? source.path : undefined;
}

function sourceOf(io: Io, book: string): Exclude<CorpusSource, string> {
  if (book === "-") return { stdin: io.stdin };
  if (/^\d+$/.test(book)) return { id: Number(book) };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(book)) return { url: book };
  return { path: resolve(io.folder, book) };
}
