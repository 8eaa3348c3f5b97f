import { type FetchedBook, type FetchOptions, fetchBookOn } from "./fetch/fetch-book.js";
import { type Corpus, type CorpusSource, type LoadOptions, loadCorpusOn } from "./load-corpus.js";
import { nodePlatform } from "./platform/node.js";

export * from "./public.js";

/**
 * Reads a text from wherever it is, decodes and cleans it, and says what was cut.
 *
 * @throws {CorpusError} Any of its codes but `NEEDS_NODE`; the signal's reason when aborted.
 */
export function loadCorpus(source: CorpusSource, options: LoadOptions = {}): Promise<Corpus> {
  return loadCorpusOn(nodePlatform, source, options);
}

/**
 * Fetches a book by its Project Gutenberg number or its address, as it is, and keeps it in the cache.
 *
 * Asks each host at most once in two seconds, and again after a temporary failure as the server says or with growing
 * pauses; follows five redirects at most and only to http and https; takes plain text and nothing else.
 *
 * @throws {CorpusError} `BAD_SOURCE`, `BAD_OPTION`, `OFFLINE`, `DOWNLOAD_FAILED`, whose `details.tried` lists every
 *   address with its reason; the signal's reason when aborted.
 */
export function fetchBook(idOrAddress: number | string, options: FetchOptions = {}): Promise<FetchedBook> {
  return fetchBookOn(nodePlatform, idOrAddress, options);
}
