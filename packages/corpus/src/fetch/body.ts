import { findMarkers } from "../clean/markers.js";
import { collectBytes } from "../collect-bytes.js";
import { decodeText } from "../decode.js";
import { isCorpusError } from "../errors.js";
import { AttemptError, quotable } from "./attempt.js";
import { charsetOf } from "./charset.js";

export interface BodyOptions {
  /** Whether the headers are the server's own, as in Node: a browser has undone the compression already. */
  readonly opensResponses: boolean;
  /** Bytes. */
  readonly sizeLimit: number;
  readonly onBytes?: ((address: string, bytes: number, total: number | undefined) => void) | undefined;
}

/**
 * Reads the body of an answer that has one.
 *
 * @throws {AttemptError} For anything but a whole plain text.
 */
export async function readBody(response: Response, address: URL, options: BodyOptions): Promise<Uint8Array> {
  const { headers } = response;
  if (/^\s*(?:text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "")) throw webPage();
  refusePart(headers.get("content-range"));
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (options.opensResponses && encoding !== "identity") {
    throw new AttemptError(
      "compressed",
      `answers in ${quotable(encoding)}, which was not asked for and cannot be checked`,
    );
  }
  const announced = encoding === "identity" ? contentLength(headers) : undefined;
  if (announced !== undefined && announced > options.sizeLimit) throw tooLarge(options.sizeLimit);
  const bytes = await streamBody(response, announced, address, options);
  if (announced !== undefined && bytes.byteLength !== announced) {
    throw new AttemptError("truncated", `announces ${announced} bytes and sends ${bytes.byteLength}`, {
      temporary: true,
    });
  }
  const text = refuseOtherThanText(bytes, charsetOf(response).charset);
  if (lacksItsEnd(text)) {
    // Where no length was announced, the connection may have broken.
    throw new AttemptError("truncated", "sends a book without its end", { temporary: announced === undefined });
  }
  return bytes;
}

// Some servers send a part as if it were the whole.
function refusePart(range: string | null): void {
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range ?? "") ?? [];
  if (total === undefined || (Number(first) === 0 && Number(last) + 1 === Number(total))) return;
  throw new AttemptError("truncated", `sends only the bytes ${first} to ${last} of ${total}`);
}

async function streamBody(
  response: Response,
  announced: number | undefined,
  address: URL,
  { sizeLimit, onBytes }: BodyOptions,
): Promise<Uint8Array> {
  try {
    const bytes = await collectBytes(chunksOf(response), {
      sizeLimit,
      what: address.href,
      onBytes: (bytes) => onBytes?.(address.href, bytes, announced),
    });
    if (announced === undefined) onBytes?.(address.href, bytes.byteLength, bytes.byteLength);
    return bytes;
  } catch (error) {
    throw isCorpusError(error) ? tooLarge(sizeLimit) : error;
  }
}

// Browsers' streams are not all async iterable yet.
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
  } finally {
    await reader.cancel().catch(() => {}); // its error, if any, has been thrown by read()
  }
}

function refuseOtherThanText(bytes: Uint8Array, charset: string | undefined): string {
  try {
    const { text } = decodeText(bytes, { charset });
    if (!/\S/.test(text)) throw new AttemptError("not-text", "sends an empty text");
    return text;
  } catch (error) {
    if (isCorpusError(error) && error.details.reason === "html") throw webPage();
    throw isCorpusError(error)
      ? new AttemptError("not-text", "sends something else than text", { cause: error })
      : error;
  }
}

// Header and licence are shorter than this in files of every era.
const REACH = 65_536;

/** Whether a book has the line with which Project Gutenberg begins it, and not the one with which every such book ends. */
function lacksItsEnd(text: string): boolean {
  const has = (part: string, wanted: "start" | "end") => findMarkers(part).some(({ kind }) => kind === wanted);
  return has(text.slice(0, REACH), "start") && !has(text.slice(-REACH), "end");
}

function webPage(): AttemptError {
  return new AttemptError("not-text", "sends a web page instead of a plain text");
}

function tooLarge(sizeLimit: number): AttemptError {
  return new AttemptError("too-large", `sends more than ${sizeLimit} bytes`);
}

function contentLength(headers: Headers): number | undefined {
  const value = headers.get("content-length");
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}
