import { AttemptError, quotable } from "./attempt.js";
import { type BodyOptions, readBody } from "./body.js";
import type { Book } from "./cache.js";
import { charsetOf } from "./charset.js";
import { type Clock, waitForTurn } from "./clock.js";
import { networkFailure } from "./network-failure.js";

/** What a server sent. */
export type Answer = Pick<Book, "bytes" | "charset" | "address">;

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
// 203 is a whole text too, by way of a proxy that has looked at it.
const WHOLE = new Set([200, 203]);
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504]);

// A server that has not begun to answer by then is not there, however quickly it took the connection.
const ANSWER_TIMEOUT = 15_000;
// Milliseconds for a byte: what comes slowly may be a slow line, what comes slower than this is nothing to wait for.
const SLOWEST = 1;
// `setTimeout` takes more for less than a millisecond.
const LONGEST_TIMER = 2 ** 31 - 1;

export interface RequestOptions extends BodyOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Milliseconds for one request, to which each byte that has come adds one. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Downloads a text, or says why there is none.
 *
 * @throws {AttemptError} For anything but a whole plain text; the signal's reason when aborted.
 */
export async function requestText(address: string, options: RequestOptions): Promise<Answer> {
  const first = new URL(address);
  let current = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const answer = await requestOnce(current, options).catch((error) => {
      throw current.host === first.host ? error : ofAnotherHost(error, current.host);
    });
    if (!(answer instanceof URL)) return answer;
    current = answer;
  }
  throw new AttemptError(
    "redirect",
    `redirects more than ${MOST_REDIRECTS} times, in the end to ${quotable(current.href)}`,
  );
}

/** That the host to which a server redirects is down says nothing of the server's other addresses. */
function ofAnotherHost(error: unknown, host: string): unknown {
  if (!(error instanceof AttemptError) || error.options.down === "network") return error;
  const { down: _, ...options } = error.options;
  return new AttemptError(error.code, `redirects to ${quotable(host)}, which ${error.message}`, options);
}

async function requestOnce(address: URL, options: RequestOptions): Promise<URL | Answer> {
  const { clock, signal, timeout, opensResponses } = options;
  await waitForTurn(address.host, clock, signal);
  signal?.throwIfAborted();
  const limit = new AbortController();
  const onAbort = () => limit.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const started = performance.now();
  let timer: NodeJS.Timeout | number | undefined;
  const giveUpAfter = (milliseconds: number, reason: string) => {
    clearTimeout(timer);
    const left = Math.min(started + milliseconds - performance.now(), LONGEST_TIMER);
    timer = setTimeout(() => limit.abort(new AttemptError("timeout", reason, { down: "host" })), left);
  };
  const untilAnswer = Math.min(timeout, ANSWER_TIMEOUT);
  giveUpAfter(untilAnswer, `does not answer within ${untilAnswer / 1000} s`);
  try {
    const response = await options.fetch(address.href, {
      redirect: opensResponses ? "manual" : "follow",
      headers: opensResponses ? { "user-agent": options.userAgent, "accept-encoding": "identity" } : {},
      signal: limit.signal,
    });
    const waitForMore = (bytes: number) =>
      giveUpAfter(timeout + bytes * SLOWEST, `sends too slowly: ${bytes} bytes so far`);
    const onBytes: BodyOptions["onBytes"] = (from, bytes, total) => {
      waitForMore(bytes);
      options.onBytes?.(from, bytes, total);
    };
    waitForMore(0);
    try {
      if (REDIRECTS.has(response.status)) return redirectTarget(response, address);
      refuseStatus(response, clock.now());
      const bytes = await readBody(response, address, { ...options, onBytes });
      return { bytes, ...charsetOf(response), address: response.url || address.href };
    } finally {
      if (!response.bodyUsed) await response.body?.cancel();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AttemptError) throw error;
    throw limit.signal.aborted ? limit.signal.reason : networkFailure(error, !opensResponses);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function redirectTarget(response: Response, address: URL): URL {
  const location = response.headers.get("location");
  if (location === null) throw new AttemptError("redirect", `answers ${statusOf(response)} without saying where to`);
  if (!URL.canParse(location, address)) {
    throw new AttemptError("redirect", `redirects to "${quotable(location)}", which is no address`);
  }
  const target = new URL(location, address);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    throw new AttemptError("redirect", `redirects to ${quotable(target.protocol)}, expected http or https`);
  }
  return target;
}

function refuseStatus(response: Response, now: number): void {
  const { status, headers } = response;
  if (WHOLE.has(status)) return;
  if (status < 400) {
    const instead = status === 206 ? "a part" : "nothing";
    throw new AttemptError(
      status === 206 ? "truncated" : "http-status",
      `answers ${statusOf(response)}, which is ${instead} instead of the whole text`,
    );
  }
  throw new AttemptError("http-status", `answers ${statusOf(response)}`, {
    temporary: TEMPORARY.has(status),
    retryAfter: parseRetryAfter(headers.get("retry-after"), now),
  });
}

function statusOf({ status, statusText }: Response): string {
  return `${status} ${quotable(statusText)}`.trim();
}

/** `Retry-After` in milliseconds from now: the header holds seconds or a date. */
function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
