/** A downloaded book, as it came. */
export interface Book {
  readonly bytes: Uint8Array;
  /** As the server names the encoding, if it does. */
  readonly charset?: string | undefined;
  /** The address that answered in the end, after all redirects. */
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
  /** Of the bytes; 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Keeps books. `load` gives an intact book or nothing. */
export interface BookCache {
  load(key: string): Promise<Book | undefined>;
  save(key: string, book: Book): Promise<void>;
}
