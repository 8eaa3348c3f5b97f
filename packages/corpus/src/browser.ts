import { type FetchedBook, type FetchOptions, fetchBookOn } from "./fetch/fetch-book.js";
import { type Corpus, type CorpusSource, type LoadOptions, loadCorpusOn } from "./load-corpus.js";
import { browserPlatform } from "./platform/browser.js";

export * from "./public.js";

/**
 * Reads a text, decodes and cleans it, and says what was cut. In a browser a path is refused (`NEEDS_NODE`), and
 * Project Gutenberg, which allows no other site to read it, cannot be fetched: pass `{ text }` or your own address.
 *
 * @throws {CorpusError} Any of its codes; the signal's reason when aborted.
 */
export function loadCorpus(source: CorpusSource, options: LoadOptions = {}): Promise<Corpus> {
  return loadCorpusOn(browserPlatform, source, options);
}

/**
 * Fetches a book by its Project Gutenberg number or its address, as it is. No cache but the browser's own.
 *
 * @throws {CorpusError} `BAD_SOURCE`, `BAD_OPTION`, `NEEDS_NODE`, `OFFLINE`, `DOWNLOAD_FAILED`, whose `details.tried`
 *   lists every address with its reason; the signal's reason when aborted.
 */
export function fetchBook(idOrAddress: number | string, options: FetchOptions = {}): Promise<FetchedBook> {
  return fetchBookOn(browserPlatform, idOrAddress, options);
}
