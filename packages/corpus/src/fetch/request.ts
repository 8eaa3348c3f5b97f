import { collectBytes } from "../collect-bytes.js";
import { decodeText } from "../decode.js";
import { isCorpusError } from "../errors.js";
import { isWebPage } from "../web-page.js";
import { AttemptError } from "./attempt.js";
import { type Clock, waitForTurn } from "./clock.js";

const MOST_REDIRECTS = 5;
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);

export interface RequestOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly opensResponses: boolean;
  readonly userAgent: string;
  /** Milliseconds for one request, to the last byte of its body. */
  readonly timeout: number;
  /** Bytes. */
  readonly sizeLimit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((address: string, bytes: number, total: number | undefined) => void) | undefined;
}

/**
 * Downloads a text, or says why there is none.
 *
 * @throws {AttemptError} For anything but a whole plain text; the signal's reason when aborted.
 */
export async function requestText(
  address: string,
  options: RequestOptions,
): Promise<{ bytes: Uint8Array; address: string }> {
  let current = new URL(address);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await requestOnce(current, options);
    if (!(answer instanceof URL)) return answer;
    current = answer;
  }
  throw new AttemptError("redirect", `redirects more than ${MOST_REDIRECTS} times, in the end to ${current}`);
}

async function requestOnce(
  address: URL,
  options: RequestOptions,
): Promise<URL | { bytes: Uint8Array; address: string }> {
  const { clock, signal, timeout, opensResponses } = options;
  await waitForTurn(address.host, clock, signal);
  signal?.throwIfAborted();
  const limit = new AbortController();
  const onAbort = () => limit.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => limit.abort(), timeout);
  try {
    const response = await options.fetch(address.href, {
      redirect: opensResponses ? "manual" : "follow",
      headers: opensResponses ? { "user-agent": options.userAgent, "accept-encoding": "identity" } : {},
      signal: limit.signal,
    });
    try {
      if (response.status >= 300 && response.status < 400) return redirectTarget(response, address);
      return { bytes: await readBody(response, address, options), address: response.url || address.href };
    } finally {
      if (!response.bodyUsed) await response.body?.cancel();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AttemptError) throw error;
    if (limit.signal.aborted) {
      throw new AttemptError("timeout", `gave no whole text within ${timeout / 1000} s`, { cause: error });
    }
    throw networkFailure(error, opensResponses);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function redirectTarget(response: Response, address: URL): URL {
  const location = response.headers.get("location");
  if (location === null || !URL.canParse(location, address)) {
    throw new AttemptError("redirect", `redirects to nowhere (${response.status}, location ${location ?? "missing"})`);
  }
  const target = new URL(location, address);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new AttemptError("redirect", `redirects to ${target.protocol}, expected http or https`);
  }
  return target;
}

async function readBody(response: Response, address: URL, options: RequestOptions): Promise<Uint8Array> {
  const { headers } = response;
  if (!response.ok) {
    throw new AttemptError("http-status", `answers ${response.status} ${response.statusText}`.trim(), {
      temporary: TEMPORARY.has(response.status),
      retryAfter: parseRetryAfter(headers.get("retry-after"), options.clock.now()),
    });
  }
  if (/^\s*(?:text\/html|application\/xhtml)/i.test(headers.get("content-type") ?? "")) throw webPage();
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (options.opensResponses && encoding !== "identity") {
    throw new AttemptError("compressed", `answers in ${encoding}, which was not asked for and cannot be checked`);
  }
  const announced = encoding === "identity" ? contentLength(headers) : undefined;
  if (announced !== undefined && announced > options.sizeLimit) throw tooLarge(options.sizeLimit);
  const bytes = await streamBody(response, announced, address, options);
  if (announced !== undefined && bytes.byteLength !== announced) {
    throw new AttemptError("truncated", `announces ${announced} bytes and sends ${bytes.byteLength}`, {
      temporary: true,
    });
  }
  refuseOtherThanText(bytes);
  return bytes;
}

async function streamBody(
  response: Response,
  announced: number | undefined,
  address: URL,
  { sizeLimit, onBytes }: RequestOptions,
): Promise<Uint8Array> {
  try {
    return await collectBytes(chunksOf(response), {
      sizeLimit,
      what: address.href,
      onBytes: (bytes) => onBytes?.(address.href, bytes, announced),
    });
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

function refuseOtherThanText(bytes: Uint8Array): void {
  try {
    const { text } = decodeText(bytes);
    if (!/\S/.test(text)) throw new AttemptError("not-text", "sends an empty text");
    if (isWebPage(text)) throw webPage();
  } catch (error) {
    throw isCorpusError(error)
      ? new AttemptError("not-text", "sends something else than text", { cause: error })
      : error;
  }
}

function webPage(): AttemptError {
  return new AttemptError("not-text", "sends a web page instead of a plain text");
}

function tooLarge(sizeLimit: number): AttemptError {
  return new AttemptError("too-large", `is larger than ${sizeLimit} bytes (sizeLimit)`);
}

function contentLength(headers: Headers): number | undefined {
  const value = headers.get("content-length");
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** `Retry-After` in milliseconds from now: the header holds seconds or a date. */
function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

// No name, no route, nobody there, or a certificate that nobody vouches for, that is over or another host's: asking again within
// seconds, or for another file, gives the same answer.
const HOST_DOWN =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|ERR_TLS_.*)$/;

// `fetch` says "fetch failed" and hides the reason in a chain of causes. A browser hides it altogether; most often the
// host allows no other site to read it.
function networkFailure(error: unknown, opensResponses: boolean): AttemptError {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  const code = innermost instanceof Error ? String((innermost as { code?: unknown }).code ?? "") : "";
  const said = innermost instanceof Error ? innermost.message || innermost.name : String(innermost);
  const hostDown = !opensResponses || HOST_DOWN.test(code);
  const reason = code === "" || said.includes(code) ? said : `${said} (${code})`;
  return new AttemptError("network", `cannot be reached: ${reason}`, { temporary: !hostDown, hostDown, cause: error });
}
