// What is told of an address that gives no book, word for word.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import {
  type Attempt,
  DEFAULT_MIRRORS,
  type FetchOptions,
  type FetchProgress,
  fetchBook,
  loadCorpus,
} from "../src/index.js";
import { failure } from "./failure.js";
import { fakeClock } from "./gutenberg-server.js";

const HALF = "*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\nThe lamp was never lit again.\n";
const ADDRESS = "http://books.example/book.txt";

/** The one failed attempt of fetching `ADDRESS` from these answers, in turn, and how long was waited. */
async function attemptOf(answers: readonly (() => Response | never)[], options: FetchOptions = {}) {
  const clock = fakeClock();
  let asked = 0;
  const fetch = async () => answers[Math.min(asked++, answers.length - 1)]!();
  const error = await failure(fetchBook(ADDRESS, { fetch, clock, cacheFolder: temporaryFolder(), ...options }));
  expect(error.code).toBe("DOWNLOAD_FAILED");
  const [attempt] = error.details.tried as Attempt[];
  return { code: attempt!.code, reason: attempt!.reason, asked, sleeps: clock.sleeps };
}

const answer =
  (body: string | null, headers: Record<string, string> = {}, status = 200, statusText = "") =>
  () =>
    new Response(body, { status, statusText, headers });
const broken = (message: string, code?: string) => () => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error(message), code ? { code } : {}) });
};

test.each<[Attempt["code"], string, () => Response]>([
  ["http-status", "answers 404", answer(null, {}, 404)],
  ["http-status", "answers 404 Not Found", answer(null, {}, 404, "Not Found")],
  ["http-status", "answers 400 Bad", answer(null, {}, 400, "Bad")],
  ["redirect", "answers 302 Found without saying where to", answer(null, {}, 302, "Found")],
  ["redirect", 'redirects to "http://", which is no address', answer(null, { location: "http://" }, 302)],
  ["redirect", "redirects to ftp:, expected http or https", answer(null, { location: "ftp://a/b" }, 308)],
  [
    "http-status",
    "answers 304 Not Modified, which is nothing instead of the whole text",
    answer(null, {}, 304, "Not Modified"),
  ],
  ["http-status", "answers 300, which is nothing instead of the whole text", answer(null, { location: "/x" }, 300)],
  ["http-status", "answers 204, which is nothing instead of the whole text", answer(null, {}, 204)],
  ["truncated", "answers 206, which is a part instead of the whole text", answer("Book", {}, 206)],
  [
    "truncated",
    "sends only the bytes 0 to 3 of 9",
    answer("Book", { "content-range": "bytes 0-3/9", "content-length": "4" }),
  ],
  ["truncated", "sends a book without its end", answer(HALF, { "content-length": String(HALF.length) })],
  [
    "redirect",
    "redirects more than 5 times, in the end to http://books.example/x",
    answer(null, { location: "/x" }, 302),
  ],
  ["not-text", "sends a web page instead of a plain text", answer("Book", { "content-type": "text/html" })],
  ["not-text", "sends a web page instead of a plain text", answer("Book", { "content-type": "Application/XHTML+xml" })],
  ["not-text", "sends a web page instead of a plain text", answer("  <!-- a --> <!-- b --><HTML lang=en>")],
  ["not-text", "sends a web page instead of a plain text", answer("<?xml version='1.0'?>")],
  ["not-text", "sends an empty text", answer(" \n", { "content-type": "text/plain" })],
  ["not-text", "sends an empty text", answer(null)],
  ["not-text", "sends something else than text", answer("a\0b")],
  [
    "compressed",
    "answers in gzip, which was not asked for and cannot be checked",
    answer("x", { "content-encoding": " GZip " }),
  ],
  ["too-large", "sends more than 5 bytes", answer("sixsix", { "content-length": "6" })],
  ["too-large", "sends more than 5 bytes", answer("sixsix")],
])("%s: %s", async (code, reason, respond) => {
  expect(await attemptOf([respond], { sizeLimit: code === "too-large" ? 5 : 1000 })).toMatchObject({
    code,
    reason,
  });
});

test("what a server says of itself is told in ASCII that can be seen, and not at length", async () => {
  const say = async (statusText: string, headers: Record<string, string> = {}) => {
    const response = new Response(null, { status: headers.location ? 302 : 404, headers });
    Object.defineProperty(response, "statusText", { value: statusText });
    return (await attemptOf([() => response])).reason;
  };
  expect(await say("N\x1b]0;owned\x07\u009b31m\u202eope")).toBe("answers 404 N ]0;owned 31m ope");
  expect(await say("no ".repeat(5000))).toHaveLength("answers 404 ".length + 61);
  expect(await say("", { location: "http://a b\xff/" })).toBe('redirects to "http://a b /", which is no address');
  expect(await say("", { location: `x${"y".repeat(9999)}://z` })).toMatch(
    /^redirects to xy{59}…, expected http or https$/,
  );
});

test("a book without its end is asked for again where no length was announced", async () => {
  expect(await attemptOf([answer(HALF)], { retries: 2 })).toMatchObject({ code: "truncated", asked: 3 });
  const whole = `${HALF}\n*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n`;
  const options = { fetch: async () => answer(whole)(), clock: fakeClock(), cacheFolder: temporaryFolder() };
  expect((await fetchBook(ADDRESS, options)).bytes).toHaveLength(whole.length);
});

test("a body that is not as long as announced is asked for again", async () => {
  const { code, reason, asked } = await attemptOf([answer("four", { "content-length": "5" })], { retries: 1 });
  expect([code, reason, asked]).toEqual(["truncated", "announces 5 bytes and sends 4", 2]);
});

test("what looks like a web page or a length, and is none, is a book", async () => {
  const books = [
    answer("<p>Not a page</p>"),
    answer("x\n<html>"),
    answer("Book", { "content-type": "text/plain; of=text/html" }),
    answer("Book", { "content-length": "4x" }),
    answer("Book", { "content-length": "x4" }),
    answer("Book", { "content-encoding": "Identity", "content-length": "4" }),
    answer("Book", { "content-range": "bytes 0-3/4" }),
    answer("Book", {}, 203),
  ];
  for (const book of books) {
    const fetched = await fetchBook(ADDRESS, {
      fetch: async () => book(),
      clock: fakeClock(),
      cacheFolder: temporaryFolder(),
    });
    expect(fetched).toMatchObject({ address: ADDRESS, fromCache: false, warnings: [] });
  }
});

describe("a network that fails", () => {
  test("is told with the innermost cause and its code", async () => {
    expect(await attemptOf([broken("nobody", "ENOTFOUND")])).toMatchObject({
      ...{ code: "network", reason: "cannot be reached: nobody knows its name (ENOTFOUND)", asked: 1 },
    });
    expect((await attemptOf([broken("read ECONNRESET", "ECONNRESET")], { retries: 0 })).reason).toBe(
      "cannot be reached: the connection broke (ECONNRESET)",
    );
    expect((await attemptOf([broken("odd")], { retries: 0 })).reason).toBe("cannot be reached: odd");
  });

  test("is asked again, unless nobody is there or nobody vouches for it", async () => {
    const final = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN"];
    final.push(
      "UND_ERR_CONNECT_TIMEOUT",
      "CERT_HAS_EXPIRED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "ERR_TLS_HANDSHAKE_TIMEOUT",
    );
    for (const code of final) expect([code, (await attemptOf([broken("x", code)])).asked]).toEqual([code, 1]);
    for (const code of ["ECONNRESET", "EPIPE", "XENOTFOUND", "ENOTFOUNDX"]) {
      expect([code, (await attemptOf([broken("x", code)], { retries: 2 })).asked]).toEqual([code, 3]);
    }
  });
});

describe("a busy server", () => {
  const busy = (retryAfter: string, status = 503) => answer(null, { "retry-after": retryAfter }, status);

  test.each([408, 425, 429, 500, 502, 503, 504])("that answers %i is asked again", async (status) => {
    expect((await attemptOf([busy("5", status)], { retries: 1 })).sleeps).toEqual([5000]);
  });

  test("is waited for as long as it asks, at most two minutes", async () => {
    expect((await attemptOf([busy(" 12 ")], { retries: 1 })).sleeps).toEqual([12_000]);
    expect((await attemptOf([busy("120")], { retries: 1 })).sleeps).toEqual([120_000]);
    expect(await attemptOf([busy("121")], { retries: 1 })).toMatchObject({ asked: 1, sleeps: [] });
    expect((await attemptOf([busy("Thu, 01 Jan 2026 00:00:09 GMT")], { retries: 1 })).sleeps).toEqual([9000]);
    expect((await attemptOf([busy("Thu, 01 Jan 2020 00:00:09 GMT")], { retries: 1 })).sleeps).toEqual([0, 2000]);
    expect((await attemptOf([busy("soon")], { retries: 1 })).sleeps).toEqual([1000, 1000]);
  });

  test("is told about while it is waited for", async () => {
    const events: FetchProgress[] = [];
    await attemptOf([busy("3")], { retries: 1, onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { type: "request-start", address: ADDRESS },
      { type: "wait-start", address: ADDRESS, milliseconds: 3000 },
      { type: "request-fail", address: ADDRESS, code: "http-status", reason: "answers 503" },
    ]);
  });
});

describe("what a book came from", () => {
  const good = async () => new Response("A book.", { headers: {} });
  const options = () => ({ fetch: good, clock: fakeClock(), cacheFolder: temporaryFolder() });

  test("is its number or address", async () => {
    const url = "HTTPS://books.example/x.txt";
    for (const source of [url, { url }])
      expect((await loadCorpus(source, options())).source).toEqual({ kind: "url", url });
    for (const source of ["12", { id: 12 }, { id: "12" }]) {
      expect((await loadCorpus(source, options())).source).toEqual({ kind: "id", id: 12 });
    }
  });

  test("is kept in two files that its number names", async () => {
    const cacheFolder = temporaryFolder();
    await fetchBook(7, { ...options(), cacheFolder });
    const text = expect.stringMatching(/^gutenberg-7-[0-9a-f]{16}\.txt$/);
    expect(readdirSync(cacheFolder).sort()).toEqual([text, "gutenberg-7.json"]);
  });

  test("is asked for with a name, and uncompressed", async () => {
    const seen: RequestInit[] = [];
    const fetch = async (_: unknown, init?: RequestInit) => {
      seen.push(init!);
      return good();
    };
    await fetchBook(7, { ...options(), fetch });
    await fetchBook(8, { ...options(), fetch, userAgent: "me" });
    const agent = "charlstm-corpus (+https://github.com/charlstm/charlstm)";
    expect(seen.map(({ redirect, headers }) => [redirect, headers])).toEqual([
      ["manual", { "user-agent": agent, "accept-encoding": "identity" }],
      ["manual", { "user-agent": "me", "accept-encoding": "identity" }],
    ]);
  });

  test("may be a mirror with Project Gutenberg's tree", async () => {
    expect(DEFAULT_MIRRORS.length).toBeGreaterThan(1);
    for (const mirror of DEFAULT_MIRRORS) expect(new URL(mirror).protocol).toBe("https:");
  });
});

test("a damaged entry of the cache is fetched again, whichever part of it is wrong", async () => {
  const cacheFolder = temporaryFolder();
  const options = { fetch: async () => new Response("A book."), clock: fakeClock(), cacheFolder };
  const { address, fetchedAt, sha256 } = await fetchBook(7, options);
  const whole = { address, fetchedAt, sha256 };
  const reread = async (entry: object) => {
    writeFileSync(join(cacheFolder, "gutenberg-7.json"), JSON.stringify(entry));
    return (await fetchBook(7, { ...options, clock: fakeClock() })).fromCache;
  };
  expect(await reread(whole)).toBe(true);
  expect(await reread({ ...whole, address: 1 })).toBe(false);
  expect(await reread({ ...whole, fetchedAt: null })).toBe(false);
  expect(await reread({ ...whole, sha256: sha256.toUpperCase() })).toBe(false);
  expect(await reread({ ...whole, sha256: `${sha256}0` })).toBe(false);
});

test("a cache that cannot be written is a warning that says why", async () => {
  const cacheFolder = join(temporaryFolder(), "file");
  mkdirSync(cacheFolder);
  writeFileSync(join(cacheFolder, "inner"), "");
  const fetch = async () => new Response("A book.");
  const { warnings } = await fetchBook(7, { fetch, clock: fakeClock(), cacheFolder: join(cacheFolder, "inner") });
  expect(warnings).toEqual([
    { code: "CACHE_UNUSABLE", message: expect.stringMatching(/^the book could not be kept in the cache: E/) },
  ]);
});
