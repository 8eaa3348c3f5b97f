import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import {
  type Corpus,
  CorpusError,
  type CorpusSource,
  type FetchProgress,
  isCorpusError,
  type LoadOptions,
  loadCorpus,
  parseSource,
  type Recipe,
} from "@charlstm/corpus";
import { builtFile } from "../files/built-file.js";
import { deafTo, type Io, say } from "../terminal/io.js";
import { type BookFlags, cleaningOf } from "./book-flags.js";
import { createFetchLine } from "./fetch-progress.js";

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

export interface BookOptions extends BookFlags {
  recipe: RecipeChoice;
}

/**
 * Loads and cleans what the command line names: a Gutenberg id, a path, a URL, `-` for stdin. `undefined` is the notebook's
 * book or, where that can't be had now, a novel that comes with the program; `null` is that novel.
 */
export async function openBook(io: Io, book: string | null | undefined, options: BookOptions): Promise<Book> {
  if (book === null) return openNovel(options);
  if (book !== undefined) return openNamed(io, book, options);
  const hurry = new AbortController();
  const tooSlow = new CorpusError("DOWNLOAD_FAILED", `nothing came within ${patience / 1000} s`);
  const timer = setTimeout(() => hurry.abort(tooSlow), patience);
  try {
    const signal = AbortSignal.any([io.signal, hurry.signal]);
    const onProgress = ({ type }: FetchProgress) => type === "bytes-read" && clearTimeout(timer);
    return await openNamed({ ...io, signal }, defaultBook, options, onProgress);
  } catch (error) {
    if (!isCorpusError(error) || !cannotBeHad.has(error.code)) throw error;
    say(io, `${defaultTitle} can't be had: ${error.message}`);
    say(io, "Taking Moby-Dick instead, which comes with this program. For another book, name a file.");
    return openNovel(options);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a book that nobody named is waited for, in milliseconds until its text begins to come. */
const patience = 18_000;

/** What corpus says when a book is out of reach, rather than bad. */
const cannotBeHad: ReadonlySet<string> = new Set(["DOWNLOAD_FAILED", "OFFLINE"]);

async function openNovel(options: BookOptions): Promise<Book> {
  const compressed = await readFile(builtFile("novel.txt.br"));
  const text = (await promisify(brotliDecompress)(compressed)).toString("utf8");
  const corpus = await loadCorpus({ text }, { ...cleaningOf(options), recipe: "gutenberg" });
  // The text has no markers to find, and its title is not in it.
  return { corpus: { ...corpus, title: "Moby-Dick", warnings: [] }, name: null };
}

async function openNamed(
  io: Io,
  book: string,
  { recipe, mirror, refresh = false, offline = false, ...flags }: BookOptions,
  onProgress: (event: FetchProgress) => void = () => {},
): Promise<Book> {
  const source = sourceOf(io, book);
  const name = "stdin" in source ? "-" : String(Object.values(source)[0]);
  const cleaning = cleaningOf(flags);
  const options = { signal: io.signal, mirrors: mirror, onProgress };
  const corpus = await load(io, source, {
    ...{ ...options, ...cleaning, refresh, offline },
    recipe: recipe === "auto" ? "gutenberg" : recipe,
  });
  // The notebook's cleaning takes no such choices.
  const { encoding, ...choices } = cleaning;
  const isChosen = recipe !== "auto" || Object.keys(choices).length > 0;
  if (isChosen || corpus.title !== defaultTitle || "stdin" in source) return { corpus, name };
  try {
    return { corpus: await load(io, source, { ...options, encoding, offline, recipe: "notebook" }), name };
  } catch (error) {
    if (isCorpusError(error) && error.code === "MARKER_MISSING") return { corpus, name };
    throw error;
  }
}

/** Cleaning takes a second for some 10 MB, in one piece: no timer could tell of it meanwhile. */
const large = 8_000_000;

/** Says first what will take long: how much of it there is, once all of it is there. */
async function sayWhenLarge(io: Io, source: Exclude<CorpusSource, string>): Promise<Exclude<CorpusSource, string>> {
  const tell = (what: string, bytes: number) => {
    if (bytes > large) say(io, `${what}, ${Math.round(bytes / 1e6)} MB…`);
  };
  if ("path" in source) {
    const bytes = await stat(source.path).then(
      ({ size }) => size,
      () => 0, // who reads it says what is wrong
    );
    tell(`reading and cleaning ${source.path}`, bytes);
  }
  if (!("stdin" in source)) return source;
  const { stdin } = source;
  return {
    stdin: (async function* () {
      let bytes = 0;
      for await (const chunk of stdin) {
        bytes += chunk.length;
        yield chunk;
      }
      tell("cleaning the standard input", bytes);
    })(),
  };
}

/** Loads a text, shows while it is fetched, and says what to do in words of the command line. */
async function load(io: Io, source: Exclude<CorpusSource, string>, options: LoadOptions): Promise<Corpus> {
  const told = await sayWhenLarge(io, source);
  const progress = createFetchLine(io);
  const onProgress = (event: FetchProgress) => {
    // What is being fetched can be stopped; what has come is cleaned without a break.
    io.onSignals?.(event.type === "bytes-read" && event.bytes === event.total ? "end" : "stop");
    options.onProgress?.(event);
    progress.show(event);
  };
  try {
    return await deafTo(io, () => loadCorpus(told, { ...options, onProgress }));
  } catch (error) {
    throw isCorpusError(error) ? inWordsOfFlags(error, source) : error;
  } finally {
    progress.close();
  }
}

/** What the package says of its options, of the flags instead. */
function inWordsOfFlags(error: CorpusError, source: Exclude<CorpusSource, string>): CorpusError {
  const { code, message, details } = error;
  const say = (text: string) => new CorpusError(code, text, details, { cause: error });
  if (code === "DOWNLOAD_FAILED" && "id" in source)
    return say(`${message} (--mirror names another server, HTTPS_PROXY a proxy)`);
  if (code === "OFFLINE") return say(message.replace("and offline forbids", "and --offline forbids"));
  if (code === "BAD_OPTION") {
    const flags = /\b(?:foldCase|cleanUnmarked)\b|\bunwrap\b|^encoding is/g;
    const names: Readonly<Record<string, string>> = {
      foldCase: "--fold-case",
      cleanUnmarked: "--clean-unmarked",
      unwrap: "--unwrap",
      "encoding is": "--encoding is",
    };
    return say(message.replace(flags, (name) => names[name] ?? name));
  }
  if (code === "TOO_LARGE" && !("path" in source))
    return say(message.replace(/: use .*$/, ": save it to a file and give its path"));
  return error;
}

/** The absolute path of a book that is named by one; `undefined` for ids, URLs and stdin. */
export function pathOf(io: Io, book: string): string | undefined {
  const source = sourceOf(io, book);
  return "path" in source ? source.path : undefined;
}

function sourceOf(io: Io, book: string): Exclude<CorpusSource, string> {
  if (book === "-") return { stdin: io.stdin };
  const source = parseSource(book);
  if ("path" in source) return { path: resolve(io.folder, source.path) };
  // A site's copy on this disk may be called as the site: `www.gutenberg.org/files/1342/1342-0.txt`.
  const path = resolve(io.folder, book);
  return !/^(?:\d+$|[a-z]+:)/i.test(book) && existsSync(path) ? { path } : source;
}
