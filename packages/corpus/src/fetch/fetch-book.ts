import { checkNumber } from "../check-options.js";
import { DEFAULT_SIZE_LIMIT } from "../collect-bytes.js";
import { CorpusError, checkNames } from "../errors.js";
import type { Platform } from "../platform/platform.js";
import { sha256 } from "../sha256.js";
import type { Warning } from "../warnings.js";
import { addressesOf } from "./addresses.js";
import { type Attempt, AttemptError } from "./attempt.js";
import { type BookName, isWebAddress, readBookName } from "./book-name.js";
import type { Book, BookCache } from "./cache.js";
import { type Clock, systemClock } from "./clock.js";
import { downloadFailed, noBook, notCached } from "./failures.js";
import { type Answer, type RequestOptions, requestText } from "./request.js";

/** Reported while a book is downloaded. */
export type FetchProgress =
  | { readonly type: "request-start"; readonly address: string }
  | { readonly type: "request-fail"; readonly address: string; readonly code: string; readonly reason: string }
  | { readonly type: "wait-start"; readonly address: string; readonly milliseconds: number }
  /** `total` is known from the first byte where the server states a length, else with the last one. */
  | { readonly type: "bytes-read"; readonly address: string; readonly bytes: number; readonly total?: number };

/** Where and how a book is fetched. */
export interface FetchOptions {
  /** Where downloads are kept. Default: the user's cache folder. Only in Node. */
  readonly cacheFolder?: string | undefined;
  /** Takes the book from the cache or fails. Default `false`. */
  readonly offline?: boolean | undefined;
  /** Fetches the book again, and replaces the copy in the cache once a whole one is there. Default `false`. */
  readonly refresh?: boolean | undefined;
  /** Roots of folder trees like Project Gutenberg's, asked instead of its own site and `DEFAULT_MIRRORS`. */
  readonly mirrors?: readonly string[] | undefined;
  /** Milliseconds for one request, body included; each byte that has come adds one. Default 60,000. */
  readonly timeout?: number | undefined;
  /** The most bytes a text may have. Default 134,217,728. */
  readonly sizeLimit?: number | undefined;
  /** How often an address is asked again after a temporary failure. Default 3. */
  readonly retries?: number | undefined;
  /** Default `charlstm-corpus (+https://github.com/charlstm/charlstm)`. Browsers send their own. */
  readonly userAgent?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of every request, of bytes as they come, and of failures. */
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** Default: one that honours the proxies which the environment names, in Node; `globalThis.fetch` in a browser. */
  readonly fetch?: typeof fetch | undefined;
  /** Time, for tests. Default the system's. */
  readonly clock?: Clock | undefined;
}

export const FETCH_OPTION_NAMES = [
  "cacheFolder",
  "offline",
  "refresh",
  "mirrors",
  "timeout",
  "sizeLimit",
  "retries",
  "userAgent",
  "signal",
  "onProgress",
  "fetch",
  "clock",
] as const;

export interface FetchedBook extends Book {
  readonly fromCache: boolean;
  readonly warnings: readonly Warning[];
}

const USER_AGENT = "charlstm-corpus (+https://github.com/charlstm/charlstm)";
const TIMEOUT = 60_000;
const RETRIES = 3;
const FIRST_BACKOFF = 1_000;
// A server that asks for a longer pause is not waited for: the next address is asked instead.
const LONGEST_PAUSE = 120_000;

/** `fetchBook` for a platform; see there. */
export async function fetchBookOn(
  platform: Platform,
  idOrAddress: number | string,
  options: FetchOptions,
): Promise<FetchedBook> {
  checkFetchOptions(options);
  const book = readBookName(idOrAddress);
  if (!book) throw noBook(idOrAddress);
  const { signal, offline = false, refresh = false, mirrors } = options;
  signal?.throwIfAborted();

  const warnings: Warning[] = [];
  const cache = await openCache(platform, options, warnings);
  const key = "id" in book ? `gutenberg-${book.id}` : `url-${(await sha256Text(book.address)).slice(0, 32)}`;
  const cached = refresh ? undefined : await cache?.load(key);
  signal?.throwIfAborted();
  if (cached) return { ...cached, fromCache: true, warnings };

  const addresses = "id" in book ? addressesOf(book.id, mirrors) : [book.address];
  if (offline) throw notCached(book, addresses);
  const fetched = await fetchFirst(addresses, book, platform, options);
  try {
    await cache?.save(key, fetched);
  } catch (error) {
    warnings.push(cacheUnusable(error));
  }
  signal?.throwIfAborted();
  return { ...fetched, fromCache: false, warnings };
}

/** @throws {CorpusError} `BAD_OPTION`. */
export function checkFetchOptions(options: FetchOptions): void {
  checkNames(options, FETCH_OPTION_NAMES, "fetchBook");
  checkNumber("timeout", options.timeout ?? TIMEOUT, 1);
  checkNumber("sizeLimit", options.sizeLimit ?? DEFAULT_SIZE_LIMIT, 1);
  checkNumber("retries", options.retries ?? RETRIES, 0);
  if (options.offline && options.refresh) {
    throw new CorpusError("BAD_OPTION", "offline and refresh exclude each other: drop one of them", {
      option: "refresh",
      value: true,
    });
  }
  if (options.mirrors?.length === 0) {
    throw new CorpusError("BAD_OPTION", "mirrors is empty, expected at least one address, or leave it out", {
      option: "mirrors",
      value: [],
    });
  }
  for (const mirror of options.mirrors ?? []) {
    if (!isWebAddress(mirror)) {
      throw new CorpusError("BAD_OPTION", `mirrors has "${mirror}", expected addresses that begin with http or https`, {
        option: "mirrors",
        value: mirror,
      });
    }
  }
}

async function openCache(
  platform: Platform,
  { cacheFolder }: FetchOptions,
  warnings: Warning[],
): Promise<BookCache | undefined> {
  try {
    return await platform.openCache(cacheFolder);
  } catch (error) {
    if (error instanceof CorpusError) throw error;
    warnings.push(cacheUnusable(error));
    return undefined;
  }
}

async function fetchFirst(
  addresses: readonly string[],
  book: BookName,
  platform: Platform,
  options: FetchOptions,
): Promise<Book> {
  const { clock = systemClock } = options;
  const network = options.fetch ? { fetch: options.fetch, close: async () => {} } : await platform.openNetwork();
  const request: RequestOptions = {
    ...{ fetch: network.fetch, clock, opensResponses: platform.opensResponses, signal: options.signal },
    userAgent: options.userAgent ?? USER_AGENT,
    timeout: options.timeout ?? TIMEOUT,
    sizeLimit: options.sizeLimit ?? DEFAULT_SIZE_LIMIT,
    onBytes: (address, bytes, total) =>
      options.onProgress?.({ type: "bytes-read", address, bytes, ...(total === undefined ? {} : { total }) }),
  };
  try {
    const answer = await firstAnswer(addresses, book, request, options);
    return { ...answer, fetchedAt: new Date(clock.now()).toISOString(), sha256: await sha256(answer.bytes) };
  } finally {
    await network.close();
  }
}

async function firstAnswer(
  addresses: readonly string[],
  book: BookName,
  request: RequestOptions,
  options: FetchOptions,
): Promise<Answer> {
  const { signal, onProgress } = options;
  const tried: Attempt[] = [];
  const down = new Map<string, AttemptError>();
  for (const address of addresses) {
    const { host } = new URL(address);
    const known = down.get(host);
    if (known) {
      tried.push({ address, code: known.code, reason: known.message });
      continue;
    }
    onProgress?.({ type: "request-start", address });
    try {
      return await requestPatiently(address, request, options);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof AttemptError)) throw error;
      const attempt = { address, code: error.code, reason: error.message };
      tried.push(attempt);
      onProgress?.({ type: "request-fail", ...attempt });
      if (error.options.down === "network") break;
      if (error.options.down === "host") down.set(host, error);
    }
  }
  throw downloadFailed(book, tried);
}

async function requestPatiently(address: string, request: RequestOptions, options: FetchOptions) {
  const { retries = RETRIES, signal, onProgress } = options;
  const { clock } = request;
  for (let attempt = 0; ; attempt++) {
    try {
      return await requestText(address, request);
    } catch (error) {
      if (attempt >= retries || !(error instanceof AttemptError) || !error.options.temporary) throw error;
      const pause = error.options.retryAfter ?? FIRST_BACKOFF * 2 ** attempt;
      if (pause > LONGEST_PAUSE) throw error;
      onProgress?.({ type: "wait-start", address, milliseconds: pause });
      await clock.sleep(pause, signal);
    }
  }
}

function cacheUnusable(error: unknown): Warning {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: "CACHE_UNUSABLE", message: `the book could not be kept in the cache: ${reason}` };
}

async function sha256Text(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
