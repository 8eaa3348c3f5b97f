import { CorpusError } from "./errors.js";

/** The most bytes that a source may have unless an option says otherwise. */
export const DEFAULT_SIZE_LIMIT = 128 * 1024 * 1024;

export interface CollectOptions {
  /** Bytes. */
  readonly sizeLimit: number;
  /** What is being read, for messages. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Called after every chunk with the number of bytes so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Reads a stream of bytes to its end, never holding more than the limit and one chunk.
 *
 * @throws {CorpusError} `TOO_LARGE`; the signal's reason when aborted.
 */
export async function collectBytes(chunks: AsyncIterable<Uint8Array>, options: CollectOptions): Promise<Uint8Array> {
  const { sizeLimit, what, signal, onBytes } = options;
  const parts: Uint8Array[] = [];
  let length = 0;
  signal?.throwIfAborted();
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    length += chunk.byteLength;
    if (length > sizeLimit) throw tooLarge(what, sizeLimit);
    parts.push(chunk);
    onBytes?.(length);
  }
  signal?.throwIfAborted();
  const bytes = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.byteLength;
  }
  return bytes;
}

function tooLarge(what: string, sizeLimit: number): CorpusError {
  return new CorpusError(
    "TOO_LARGE",
    `${what} is larger than ${sizeLimit} bytes: use a smaller text, or raise sizeLimit`,
    { sizeLimit },
  );
}
