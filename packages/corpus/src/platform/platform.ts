import type { BookCache } from "../fetch/cache.js";

/** What requests go through. */
export interface Network {
  readonly fetch: typeof fetch;
  /** Gives up all connections. */
  close(): Promise<void>;
}

/** What differs between Node and a browser. */
export interface Platform {
  /**
   * Reads a file.
   *
   * @throws {CorpusError} `NOT_FOUND`, `NOT_A_FILE`, `UNREADABLE`, `TOO_LARGE`; `NEEDS_NODE` in a browser.
   */
  readPath(path: string, options: { sizeLimit: number; signal?: AbortSignal | undefined }): Promise<Uint8Array>;
  /**
   * The cache in a folder, or in the user's cache folder; none where there is no such folder.
   *
   * @throws {CorpusError} `NEEDS_NODE` when a browser is given a folder.
   */
  openCache(folder: string | undefined): Promise<BookCache | undefined>;
  /**
   * Made when something is fetched and closed afterwards.
   *
   * @throws {CorpusError} `DOWNLOAD_FAILED` when the environment names a proxy that is none.
   */
  openNetwork(): Promise<Network>;
  /**
   * Whether `fetch` shows redirects and sends the headers it is given, as Node's does. Then redirects are followed by
   * hand and a compressed answer is refused: Node's decompression takes a truncated stream for a whole one.
   */
  readonly opensResponses: boolean;
}
