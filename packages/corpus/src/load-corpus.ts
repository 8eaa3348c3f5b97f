import type { Cut } from "./clean/draft.js";
import {
  CLEAN_OPTION_NAMES,
  type CleanOptions,
  checkCleanOptions,
  checkNotEmpty,
  cleaningSteps,
  type Recipe,
} from "./clean-text.js";
import { collectBytes, DEFAULT_SIZE_LIMIT } from "./collect-bytes.js";
import { decodeText } from "./decode.js";
import { describeBook } from "./describe-book.js";
import { readEncodingName } from "./encodings.js";
import { CorpusError, checkNames } from "./errors.js";
import { readBookName } from "./fetch/book-name.js";
import { noBook } from "./fetch/failures.js";
import { checkFetchOptions, FETCH_OPTION_NAMES, type FetchOptions, fetchBookOn } from "./fetch/fetch-book.js";
import type { Platform } from "./platform/platform.js";
import { sha256 } from "./sha256.js";
import type { Warning } from "./warnings.js";

/**
 * Where a text comes from. A string is a Project Gutenberg number (`"1342"`), an address that begins with `http`, or
 * else a path.
 */
export type CorpusSource =
  | string
  | { readonly id: number | string }
  | { readonly url: string }
  | { readonly path: string }
  | { readonly text: string }
  | { readonly stdin: AsyncIterable<Uint8Array> };

/** How a book is fetched and cleaned. */
export interface LoadOptions extends CleanOptions, FetchOptions {
  /** The encoding of the bytes, by any usual name. Default: found in them, or as a server or the header says. */
  readonly encoding?: string | undefined;
}

/** A clean text, where it came from and what was done to it. */
export interface Corpus {
  /** Clean, never empty, lines end in `\n`. */
  readonly text: string;
  readonly source:
    | { readonly kind: "id"; readonly id: number }
    | { readonly kind: "url"; readonly url: string }
    | { readonly kind: "path"; readonly path: string }
    | { readonly kind: "text" }
    | { readonly kind: "stdin" };
  /** Where a downloaded text came from in the end, after all redirects. */
  readonly address?: string;
  /** When a downloaded text was downloaded; ISO 8601, UTC. */
  readonly fetchedAt?: string;
  /** Of the bytes before decoding; 64 hexadecimal digits. */
  readonly sha256: string;
  readonly encoding: string;
  /** As the header has it. */
  readonly title?: string;
  /** As the header has it. */
  readonly author?: string;
  readonly recipe: Recipe;
  readonly cuts: readonly Cut[];
  readonly warnings: readonly Warning[];
}

/** `loadCorpus` for a platform; see there. */
export async function loadCorpusOn(platform: Platform, source: CorpusSource, options: LoadOptions): Promise<Corpus> {
  checkNames(options, [...CLEAN_OPTION_NAMES, ...FETCH_OPTION_NAMES, "encoding"], "loadCorpus");
  const cleanOptions = pick(options, CLEAN_OPTION_NAMES);
  checkCleanOptions(cleanOptions);
  if (options.encoding !== undefined) readEncodingName(options.encoding);
  const { bytes, charset, warnings, ...origin } = await readSource(platform, readSourceName(source), options);
  // A string has no encoding any more.
  const named = origin.source.kind === "text" ? undefined : options.encoding;
  const known = { what: nameOf(origin.source), encoding: named, charset };
  const { text: decoded, encoding, warnings: misread } = decodeText(bytes, known);
  checkNotEmpty(decoded, nameOf(origin.source));
  const cleaned = await unhurried(cleaningSteps(decoded, cleanOptions), options.signal);
  return {
    text: cleaned.text,
    ...origin,
    sha256: await sha256(bytes),
    encoding,
    ...describeBook(decoded),
    recipe: options.recipe ?? "gutenberg",
    cuts: cleaned.cuts,
    warnings: [...warnings, ...misread, ...cleaned.warnings],
  };
}

/** Milliseconds of work after which others have their turn: timers, signals, a page's next frame. */
const turnAfter = 50;

/** Does work in steps that leave the event loop to others now and then, and ends between two of them when it is told to. */
async function unhurried<T>(steps: Generator<void, T>, signal: AbortSignal | undefined): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < turnAfter) continue;
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    since = performance.now();
  }
}

type Origin = Pick<Corpus, "source" | "address" | "fetchedAt">;

async function readSource(
  platform: Platform,
  source: Exclude<CorpusSource, string>,
  options: LoadOptions,
): Promise<Origin & { bytes: Uint8Array; charset?: string | undefined; warnings: readonly Warning[] }> {
  const fetchOptions = pick(options, FETCH_OPTION_NAMES);
  checkFetchOptions(fetchOptions);
  const { sizeLimit = DEFAULT_SIZE_LIMIT, signal } = options;
  signal?.throwIfAborted();
  if ("id" in source || "url" in source) {
    const name = "id" in source ? source.id : source.url;
    const { bytes, charset, address, fetchedAt, warnings } = await fetchBookOn(platform, name, fetchOptions);
    const origin =
      "id" in source ? { kind: "id" as const, id: Number(source.id) } : { kind: "url" as const, ...source };
    return { bytes, charset, source: origin, address, fetchedAt, warnings };
  }
  if ("path" in source) {
    const bytes = await platform.readPath(source.path, { sizeLimit, signal });
    return { bytes, source: { kind: "path", path: source.path }, warnings: [] };
  }
  if ("text" in source) {
    return { bytes: new TextEncoder().encode(source.text), source: { kind: "text" }, warnings: [] };
  }
  const bytes = await collectBytes(source.stdin, { sizeLimit, what: "the standard input", signal });
  return { bytes, source: { kind: "stdin" }, warnings: [] };
}

const SOURCE_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["id", ["number", "string"]],
  ["url", ["string"]],
  ["path", ["string"]],
  ["text", ["string"]],
  ["stdin", ["object"]],
]);

function readSourceName(source: CorpusSource): Exclude<CorpusSource, string> {
  if (typeof source === "string") return parseSource(source);
  const [name, ...more] = typeof source === "object" && source !== null ? Object.keys(source) : [];
  const value: unknown = name === undefined ? undefined : source[name as keyof typeof source];
  if (name === undefined || more.length > 0 || !SOURCE_TYPES.get(name)?.includes(typeof value)) {
    throw new CorpusError(
      "BAD_SOURCE",
      "the source must be a string or one of { id }, { url }, { path }, { text }, { stdin }",
      { given: name === undefined ? source : [name, ...more] },
    );
  }
  if (name === "url" && !/^https?:\/\//i.test(String(value))) throw badScheme(String(value));
  return source;
}

/**
 * What a string names: a book to be fetched, by its Project Gutenberg number or an address, or else a path. The page of a
 * book that a browser shows, also without `https://`, is the number in it.
 *
 * @throws {CorpusError} `BAD_SOURCE` for an address that is not http or https, and for what names nothing.
 */
export function parseSource(source: string): { id: number } | { url: string } | { path: string } {
  const book = readBookName(source);
  if (book) return "id" in book ? book : { url: /^https?:/i.test(source) ? source : book.address };
  if (/^(?:\d+$|https?:\/\/)/i.test(source)) throw noBook(source);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(source)) throw badScheme(source);
  if (source === "" || source === "-") {
    throw new CorpusError(
      "BAD_SOURCE",
      `"${source}" names no text: give a Project Gutenberg number, an address or a path, or { stdin: process.stdin }`,
      { given: source },
    );
  }
  return { path: source };
}

function badScheme(address: string): CorpusError {
  return new CorpusError(
    "BAD_SOURCE",
    `"${address}" is no address that can be fetched: it has to begin with http:// or https://; for a file give its path`,
    { given: address },
  );
}

function nameOf(source: Corpus["source"]): string {
  if (source.kind === "path") return `the file "${source.path}"`;
  if (source.kind === "url") return source.url;
  if (source.kind === "id") return `book ${source.id}`;
  return source.kind === "stdin" ? "the standard input" : "the text";
}

function pick<T extends object, K extends keyof T>(object: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name as K))) as Pick<T, K>;
}
