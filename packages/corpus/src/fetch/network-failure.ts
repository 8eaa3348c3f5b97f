import { AttemptError } from "./attempt.js";

// No name, no route, nobody there, or a certificate that nobody vouches for, that is over or another host's: asking again within
// seconds gives the same answer.
const LASTING =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|ERR_TLS_.*)$/;

// What the system says names the host or its address, which differ where the reason is one.
const MEANINGS: Readonly<Record<string, string>> = {
  ENOTFOUND: "nobody knows its name",
  EAI_AGAIN: "names cannot be looked up",
  ECONNREFUSED: "it refuses connections",
  EHOSTUNREACH: "no way leads there",
  ENETUNREACH: "no way leads there",
  ETIMEDOUT: "it does not answer",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
};

/**
 * What a request that got no answer failed by. `fetch` says "fetch failed" and hides the reason in a chain of causes; a
 * browser hides it altogether, and most often the host allows no other site to read it.
 *
 * @param hidesReasons Whether `fetch` is a browser's.
 */
export function networkFailure(error: unknown, hidesReasons: boolean): AttemptError {
  const { code, said } = innermost(error);
  const reason = MEANINGS[code] ?? said;
  return new AttemptError("network", `cannot be reached: ${reason}${reason.includes(code) ? "" : ` (${code})`}`, {
    temporary: !hidesReasons && !LASTING.test(code),
    down: "host", // also when asking again has not helped: it would not help with the next file either
    cause: error,
  });
}

/** The code, `""` where there is none, and the words of what an error was caused by in the end. */
export function innermost(error: unknown): { code: string; said: string } {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return { code: "", said: String(inner) };
  return { code: String((inner as { code?: unknown }).code ?? ""), said: inner.message || inner.name };
}
