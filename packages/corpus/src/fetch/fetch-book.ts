import pRetry from "p-retry";
import { checkNumber, checkOptionNames } from "../check-options.js";
import type { Warning } from "../clean-text.js";
import { DEFAULT_SIZE_LIMIT } from "../collect-bytes.js";
import { CorpusError } from "../errors.js";
import type { Platform } from "../platform/platform.js";
import { sha256 } from "../sha256.js";
import { addressesOf, DEFAULT_MIRRORS } from "./addresses.js";
import { type Attempt, AttemptError } from "./attempt.js";
import type { Book, BookCache } from "./cache.js";
import { type Clock, systemClock } from "./clock.js";
import { requestText } from "./request.js";

/** Reported while a book is downloaded. */
export type FetchProgress =
  | { readonly type: "request-start"; readonly address: string }
  | { readonly type: "request-fail"; readonly address: string; readonly code: string; readonly reason: string }
  | { readonly type: "wait-start"; readonly address: string; readonly milliseconds: number }
  | { readonly type: "bytes-read"; readonly address: string; readonly bytes: number; readonly total?: number };

/** Where and how a book is fetched. */
export interface FetchOptions {
  /** Where downloads are kept. Default: the user's cache folder. Only in Node. */
  readonly cacheFolder?: string | undefined;
  /** Takes the book from the cache or fails. Default `false`. */
  readonly offline?: boolean | undefined;
  /** Roots of folder trees like Project Gutenberg's, asked after its own site. Default `DEFAULT_MIRRORS`. */
  readonly mirrors?: readonly string[] | undefined;
  /** Milliseconds for one request, body included. Default 60,000. */
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
  /** Default `globalThis.fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Time, for tests. Default the system's. */
  readonly clock?: Clock | undefined;
}

export const FETCH_OPTION_NAMES = [
  "cacheFolder",
  "offline",
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
  const key = "id" in book ? `gutenberg-${book.id}` : `url-${(await sha256Text(book.address)).slice(0, 32)}`;
  const { signal, offline = false, mirrors = DEFAULT_MIRRORS } = options;
  signal?.throwIfAborted();

  const warnings: Warning[] = [];
  const cache = await openCache(platform, options, warnings);
  const cached = await cache?.load(key);
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
  checkOptionNames(options, FETCH_OPTION_NAMES, "fetchBook");
  checkNumber("timeout", options.timeout ?? TIMEOUT, 1);
  checkNumber("sizeLimit", options.sizeLimit ?? DEFAULT_SIZE_LIMIT, 1);
  checkNumber("retries", options.retries ?? RETRIES, 0);
  for (const mirror of options.mirrors ?? []) {
    if (!isWebAddress(mirror)) {
      throw new CorpusError("BAD_OPTION", `mirrors has "${mirror}", expected addresses that begin with http or https`, {
        option: "mirrors",
        value: mirror,
      });
    }
  }
}

type BookName = { readonly id: number } | { readonly address: string };

function readBookName(idOrAddress: number | string): BookName {
  if (/^0*[1-9]\d{0,6}$/.test(String(idOrAddress))) return { id: Number(idOrAddress) };
  if (typeof idOrAddress === "string" && isWebAddress(idOrAddress)) return { address: new URL(idOrAddress).href };
  throw new CorpusError(
    "BAD_SOURCE",
    `"${idOrAddress}" is no book: give a Project Gutenberg number like 1342, or an address that begins with http or https`,
    { given: idOrAddress },
  );
}

function isWebAddress(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
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
  const { clock = systemClock, signal, onProgress } = options;
  const tried: Attempt[] = [];
  const down = new Map<string, AttemptError>();
  for (const address of addresses) {
    const { host } = new URL(address);
    try {
      const known = down.get(host);
      if (known) throw known;
      onProgress?.({ type: "request-start", address });
      const answer = await fetchPatiently(address, platform, options);
      const fetchedAt = new Date(clock.now()).toISOString();
      return { ...answer, fetchedAt, sha256: await sha256(answer.bytes) };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof AttemptError)) throw error;
      if (error.options.hostDown) down.set(host, error);
      const attempt = { address, code: error.code, reason: error.message };
      tried.push(attempt);
      onProgress?.({ type: "request-fail", ...attempt });
    }
  }
  throw downloadFailed(book, tried);
}

function fetchPatiently(address: string, platform: Platform, options: FetchOptions) {
  const { clock = systemClock, retries = RETRIES, signal, onProgress } = options;
  const request = () =>
    requestText(address, {
      fetch: options.fetch ?? globalThis.fetch,
      clock,
      opensResponses: platform.opensResponses,
      userAgent: options.userAgent ?? USER_AGENT,
      timeout: options.timeout ?? TIMEOUT,
      sizeLimit: options.sizeLimit ?? DEFAULT_SIZE_LIMIT,
      signal,
      onBytes: (from, bytes, total) =>
        onProgress?.({ type: "bytes-read", address: from, bytes, ...(total === undefined ? {} : { total }) }),
    });
  return pRetry(request, {
    retries,
    minTimeout: 0, // the waiting is done on our clock, below
    ...(signal ? { signal } : {}),
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof AttemptError) || !error.options.temporary) return false;
      const pause = error.options.retryAfter ?? FIRST_BACKOFF * 2 ** (attemptNumber - 1);
      if (pause > LONGEST_PAUSE) return false;
      onProgress?.({ type: "wait-start", address, milliseconds: pause });
      await clock.sleep(pause, signal);
      return true;
    },
  });
}

function downloadFailed(book: BookName, tried: readonly Attempt[]): CorpusError {
  const name = "id" in book ? `book ${book.id}` : book.address;
  return new CorpusError(
    "DOWNLOAD_FAILED",
    `cannot fetch ${name}: ${listAttempts(tried)}. Check the number or address and the network, or download the text yourself and ` +
      "pass the file's path",
    { ...book, tried },
  );
}

// "<address>, <address> <reason>; <address> <reason>": addresses with one reason after another share it.
function listAttempts(tried: readonly Attempt[]): string {
  return tried
    .map(({ address, reason }, index) => {
      const next = tried[index + 1];
      if (!next) return `${address} ${reason}`;
      return next.reason === reason ? `${address}, ` : `${address} ${reason}; `;
    })
    .join("");
}

function notCached(book: BookName, addresses: readonly string[]): CorpusError {
  const name = "id" in book ? `book ${book.id}` : book.address;
  const from = "id" in book ? ` from ${addresses.join(", ")}` : "";
  return new CorpusError(
    "OFFLINE",
    `${name} has no intact copy in the cache, and offline forbids fetching it${from}: go online once, or pass a file's path`,
    { ...book, addresses },
  );
}

function cacheUnusable(error: unknown): Warning {
  const reason = error instanceof Error ? error.message : String(error);
  return { code: "CACHE_UNUSABLE", message: `the book could not be kept in the cache: ${reason}` };
}

async function sha256Text(text: string): Promise<string> {
  return sha256(new TextEncoder().encode(text));
}
