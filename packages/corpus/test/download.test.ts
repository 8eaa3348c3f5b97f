import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createServer as createNetServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Attempt,
  DEFAULT_MIRRORS,
  type FetchOptions,
  type FetchProgress,
  fetchBook,
  loadCorpus,
} from "../src/index.js";
import { BOOK, eras } from "./eras.js";
import { failure } from "./failure.js";
import { type Answer, fakeClock, inTurn, redirect, serveGutenberg, status, text } from "./gutenberg-server.js";

const FILE = eras[6]!.file;
const SITE = "www.gutenberg.org";
const ADDRESS = "http://books.example/book.txt";

/** Fetches `ADDRESS`, which gives this answer, without waiting and into a cache of its own. */
async function fetchAnswer(answer: Answer, options: FetchOptions = {}) {
  const server = await serveGutenberg({ "books.example/book.txt": answer });
  const clock = fakeClock();
  const cacheFolder = options.cacheFolder ?? temporaryFolder();
  const book = fetchBook(ADDRESS, { fetch: server.fetch, clock, cacheFolder, ...options });
  return { book, server, clock, cacheFolder };
}

describe("a book by its number", () => {
  test("comes from the notebook's address first, and is cleaned", async () => {
    const server = await serveGutenberg({ [`${SITE}/files/12/12-0.txt`]: text(FILE) });
    const corpus = await loadCorpus("12", { fetch: server.fetch, clock: fakeClock(), cacheFolder: temporaryFolder() });
    expect(corpus.text).toBe(BOOK);
    expect(corpus.source).toEqual({ kind: "id", id: 12 });
    expect(corpus.address).toBe("https://www.gutenberg.org/files/12/12-0.txt");
    expect(corpus.sha256).toBe(createHash("sha256").update(FILE).digest("hex"));
    expect(corpus.fetchedAt).toBe("2026-01-01T00:00:00.000Z");
    expect(corpus.title).toBe("The Lamp on the Quay");
    expect(server.headers[0]!["user-agent"]).toMatch(/charlstm/);
  });

  const siteAddresses = [
    "https://www.gutenberg.org/files/1342/1342-0.txt",
    "https://www.gutenberg.org/cache/epub/1342/pg1342.txt",
    "https://www.gutenberg.org/ebooks/1342.txt.utf-8",
  ];
  const mirrorAddresses = (mirror: string) =>
    ["1342-0.txt", "1342-8.txt", "1342.txt"].map((name) => `${mirror}1/3/4/1342/${name}`);

  test("is looked for at three addresses of the site, then in the mirrors' trees, and every one is told of", async () => {
    const server = await serveGutenberg({ [`${SITE}/files/1342/1342-0.txt`]: status(403) });
    const options = { fetch: server.fetch, clock: fakeClock(), cacheFolder: temporaryFolder() };
    const error = await failure(fetchBook(1342, options));
    const addresses = [...siteAddresses, ...DEFAULT_MIRRORS.flatMap(mirrorAddresses)];
    expect(error).toMatchObject({ name: "CorpusError", code: "DOWNLOAD_FAILED" });
    const tried = error.details.tried as Attempt[];
    expect(tried.map(({ address }) => address)).toEqual(addresses);
    expect(tried[0]).toMatchObject({ code: "http-status", reason: "answers 403 Forbidden" });
    expect(server.requests).toEqual(addresses.map((address) => `GET ${address.replace(/^https?:\/\//, "")}`));
  });

  test("is looked for in the mirrors that are named, and nowhere else", async () => {
    const server = await serveGutenberg({});
    const mirrors = ["http://mirror.example/pg", "http://other.example/"];
    const options = { fetch: server.fetch, clock: fakeClock(), cacheFolder: temporaryFolder(), mirrors };
    const error = await failure(fetchBook(1342, options));
    const addresses = ["http://mirror.example/pg/", "http://other.example/"].flatMap(mirrorAddresses);
    expect((error.details.tried as Attempt[]).map(({ address }) => address)).toEqual(addresses);
    expect(server.requests).toHaveLength(6);
  });

  test("of one digit is in a mirror's folder 0", async () => {
    const server = await serveGutenberg({ "mirror.example/0/5/5-8.txt": text(FILE) });
    const options = {
      fetch: server.fetch,
      clock: fakeClock(),
      cacheFolder: temporaryFolder(),
      mirrors: ["http://mirror.example/"],
    };
    expect((await fetchBook(5, options)).address).toBe("http://mirror.example/0/5/5-8.txt");
  });

  test.each([0, -1, 1.5, "x", "", "file:///etc/passwd", "http://"])("%j is refused", async (name) => {
    expect(await failure(fetchBook(name))).toMatchObject({ code: "BAD_SOURCE" });
  });
});

describe("a good server", () => {
  test("that redirects is followed, and the address it ends at is recorded", async () => {
    const server = await serveGutenberg({
      "books.example/book.txt": redirect("/moved.txt", 301),
      "books.example/moved.txt": redirect("http://other.example/book.txt"),
      "other.example/book.txt": text(FILE),
    });
    const book = await fetchBook(ADDRESS, { fetch: server.fetch, clock: fakeClock(), cacheFolder: temporaryFolder() });
    expect(book.address).toBe("http://other.example/book.txt");
  });

  test("gets one request in two seconds, also for redirects and from two calls at once", async () => {
    const { book, server, clock } = await fetchAnswer(inTurn(redirect("/book.txt"), text(FILE)));
    const second = fetchBook("http://books.example/other.txt", {
      fetch: server.fetch,
      clock,
      cacheFolder: temporaryFolder(),
    });
    await Promise.all([book, failure(second)]);
    expect(server.requests).toHaveLength(3);
    expect(clock.sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBeGreaterThanOrEqual(4000);
  });

  test.each([
    ["seconds", "7"],
    ["a date", "Thu, 01 Jan 2026 00:00:07 GMT"],
  ])("that is busy is asked again when Retry-After, in %s, says so", async (_, retryAfter) => {
    const busy = status(429, { "retry-after": retryAfter });
    const { book, clock } = await fetchAnswer(inTurn(busy, text(FILE)));
    expect(new TextDecoder().decode((await book).bytes)).toBe(FILE);
    expect(clock.sleeps).toEqual([7000]);
  });

  test.each([500, 502, 503, 504, 408])(
    "that answers %i is asked again, after longer and longer pauses",
    async (code) => {
      const { book, clock, server } = await fetchAnswer(inTurn(status(code), status(code), status(code), text(FILE)));
      await book;
      expect(server.requests).toHaveLength(4);
      expect(clock.sleeps.filter((pause) => pause >= 1000)).toEqual([1000, 1000, 2000, 4000]); // the second is the host's turn
    },
  );

  test("reports its progress", async () => {
    const events: FetchProgress[] = [];
    const { book } = await fetchAnswer(text(FILE, { "content-length": Buffer.byteLength(FILE) }), {
      onProgress: (event) => events.push(event),
    });
    await book;
    const length = Buffer.byteLength(FILE);
    expect(events[0]).toEqual({ type: "request-start", address: ADDRESS });
    expect(events.at(-1)).toEqual({ type: "bytes-read", address: ADDRESS, bytes: length, total: length });
  });

  test("says that the last byte has come, also when nobody said how many there would be", async () => {
    const events: FetchProgress[] = [];
    const { book } = await fetchAnswer(text(FILE), { onProgress: (event) => events.push(event) });
    await book;
    const bytes = Buffer.byteLength(FILE);
    expect(events.slice(-2)).toEqual([
      { type: "bytes-read", address: ADDRESS, bytes },
      { type: "bytes-read", address: ADDRESS, bytes, total: bytes },
    ]);
  });
});

const gzipped = gzipSync(FILE);
const bad: [string, Answer, Attempt["code"], FetchOptions?][] = [
  ["forbids robots", status(403), "http-status"],
  ["has no such file", status(404), "http-status"],
  ["stays busy", status(429), "http-status"],
  ["asks to wait for an hour", status(503, { "retry-after": "3600" }), "http-status"],
  ["redirects to itself for ever", redirect("/book.txt"), "redirect"],
  ["redirects to a file", redirect("file:///etc/passwd"), "redirect"],
  ["redirects to ftp", redirect("ftp://books.example/book.txt"), "redirect"],
  ["redirects to data", redirect("data:text/plain,book"), "redirect"],
  ["redirects to nowhere", status(302), "redirect"],
  ["sends a web page", text("<p>Please solve this puzzle</p>", { "content-type": "text/html" }), "not-text"],
  ["calls a web page plain text", text("\n<!DOCTYPE html>\n<html><body>Book</body></html>"), "not-text"],
  ["sends a picture", text(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")), "not-text"],
  ["sends nothing", text(""), "not-text"],
  ["sends a part as 206", partOf("bytes 0-899/5000", 206), "truncated"],
  ["sends a part as 200", partOf("bytes 100-999/5000", 200), "truncated"],
  ["sends a book without its end, and no length", withoutLength(FILE.slice(0, 1500)), "truncated"],
  ["sends a book without its end, and its length", text(FILE.slice(0, 1500)), "truncated"],
  ["has not modified what was not asked for", status(304), "http-status"],
  ["announces too much", text(FILE, { "content-length": 1e12 }), "too-large"],
  ["never stops sending", endless(), "too-large", { sizeLimit: 300_000 }],
  ["sends a truncated gzip stream", text(gzipped.subarray(0, 200), { "content-encoding": "gzip" }), "compressed"],
  [
    "sends a broken gzip stream",
    text(Buffer.from(gzipped).fill(255, 60, 90), { "content-encoding": "gzip" }),
    "compressed",
  ],
  ["drips", drip(), "timeout", { timeout: 150 }],
  ["never answers", () => {}, "timeout", { timeout: 150 }],
  ["sends less than it announces", cutOff({ "content-length": 100_000 }), "network"],
  ["closes a chunked body half-way", cutOff({}), "network"],
  ["resets the connection", (request) => request.socket.resetAndDestroy(), "network"],
];

function partOf(range: string, code: number): Answer {
  return (_, response) => {
    response.writeHead(code, { "content-type": "text/plain", "content-range": range });
    response.end(FILE.slice(0, 900));
  };
}

/** As a server of HTTP/1.0 does: the body ends where the connection does. */
function withoutLength(body: string): Answer {
  return ({ socket }) => socket.end(`HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\n${body}`);
}

function endless(): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const more = () => {
      while (!response.destroyed && response.write("The same line again and again.\n".repeat(500)));
    };
    response.on("drain", more);
    more();
  };
}

function drip(): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("a"), 20);
    response.on("close", () => clearInterval(timer));
  };
}

function cutOff(headers: Record<string, number>): Answer {
  return (_, response) => {
    response.writeHead(200, { "content-type": "text/plain", ...headers });
    response.write(FILE.slice(0, 500));
    setTimeout(() => response.destroy(), 20);
  };
}

describe("a bad server", () => {
  test.each(bad)("that %s gives a typed error, and nothing is kept", async (_, answer, code, options = {}) => {
    const { book, cacheFolder } = await fetchAnswer(answer, options);
    const error = await failure(book);
    expect(error).toMatchObject({
      name: "CorpusError",
      code: "DOWNLOAD_FAILED",
      details: { tried: [{ address: ADDRESS, code }] },
    });
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test("that speaks no TLS gives a typed error with the reason", async () => {
    const server = createNetServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const error = await failure(
      fetchBook(`https://127.0.0.1:${port}/book.txt`, { cacheFolder: temporaryFolder(), clock: fakeClock() }),
    );
    expect(error.details.tried).toMatchObject([{ code: "network", reason: expect.stringMatching(/ssl|tls|EPROTO/i) }]);
  });

  test("that is not there gives a typed error with the reason", async () => {
    const server = createNetServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await new Promise<unknown>((resolve) => server.close(resolve));
    const closed = `http://127.0.0.1:${port}/book.txt`;
    const error = await failure(fetchBook(closed, { cacheFolder: temporaryFolder(), clock: fakeClock() }));
    expect(error.details.tried).toMatchObject([{ code: "network", reason: expect.stringContaining("ECONNREFUSED") }]);
  });

  test("that cannot be reached is asked once, not for every address and not again", async () => {
    const asked: string[] = [];
    const nobody = async (input: unknown) => {
      asked.push(new URL(String(input)).host);
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("nobody"), { code: "ENOTFOUND" }) });
    };
    const mirrors = ["http://a.example/", "http://b.example/"];
    const options = { fetch: nobody, clock: fakeClock(), cacheFolder: temporaryFolder(), mirrors };
    const error = await failure(fetchBook(1342, options));
    expect(asked).toEqual(["a.example", "b.example"]);
    expect(error.details.tried).toHaveLength(6);
  });

  test("that redirects to a host which cannot be reached is asked for its other addresses all the same", async () => {
    const server = await serveGutenberg({
      "a.example/0/9/9-0.txt": redirect("http://gone.example/9.txt"),
      "a.example/0/9/9-8.txt": text(FILE),
    });
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).includes("gone.example")) return server.fetch(input, init);
      throw new TypeError("fetch failed", { cause: Object.assign(new Error("nobody"), { code: "ENOTFOUND" }) });
    };
    const events: FetchProgress[] = [];
    const options = { fetch, clock: fakeClock(), cacheFolder: temporaryFolder(), mirrors: ["http://a.example/"] };
    const book = await fetchBook(9, { ...options, onProgress: (event) => events.push(event) });
    expect(book.address).toBe("http://a.example/0/9/9-8.txt");
    expect(events).toContainEqual({
      ...{ type: "request-fail", address: "http://a.example/0/9/9-0.txt", code: "network" },
      reason: "redirects to gone.example, which cannot be reached: nobody knows its name (ENOTFOUND)",
    });
  });

  test("whose body is shorter than announced is refused also where fetch does not mind", async () => {
    const short = async () => new Response(FILE.slice(0, 500), { headers: { "content-length": "100000" } });
    const error = await failure(
      fetchBook(ADDRESS, { fetch: short, cacheFolder: temporaryFolder(), clock: fakeClock() }),
    );
    expect(error.details.tried).toMatchObject([{ code: "truncated" }]);
  });

  test("at one address does not keep the next from being asked", async () => {
    const server = await serveGutenberg({
      [`${SITE}/files/9/9-0.txt`]: text("<html>", { "content-type": "text/html" }),
      [`${SITE}/cache/epub/9/pg9.txt`]: redirect("file:///etc/passwd"),
      [`${SITE}/ebooks/9.txt.utf-8`]: text(FILE),
    });
    const book = await fetchBook(9, { fetch: server.fetch, clock: fakeClock(), cacheFolder: temporaryFolder() });
    expect(book.address).toBe("https://www.gutenberg.org/ebooks/9.txt.utf-8");
  });
});

describe("the cache", () => {
  test("gives a book that was fetched before, without a request, also offline", async () => {
    const { book, server, cacheFolder } = await fetchAnswer(text(FILE));
    const first = await book;
    const again = await fetchBook(ADDRESS, { fetch: server.fetch, cacheFolder, offline: true });
    expect({ ...again, fromCache: false, bytes: Buffer.from(again.bytes) }).toEqual({
      ...first,
      bytes: Buffer.from(first.bytes),
    });
    expect(again.fromCache).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test("holds nothing half written: what a process left long ago goes, what another is writing stays", async () => {
    const cacheFolder = temporaryFolder();
    const [left, beingWritten] = [".a.json.0123456789abcdef.unfinished", ".b.json.0123456789abcdef.unfinished"];
    for (const name of [left, beingWritten]) writeFileSync(join(cacheFolder, name), "{");
    utimesSync(join(cacheFolder, left), 1, 1);
    const { book } = await fetchAnswer(text(FILE), { cacheFolder });
    await book;
    expect(readdirSync(cacheFolder).filter((name) => name.startsWith("."))).toEqual([beingWritten]);
  });

  test("that takes no entry is none, with a warning", async () => {
    const cacheFolder = temporaryFolder();
    const key = `url-${createHash("sha256").update(ADDRESS).digest("hex").slice(0, 32)}`;
    mkdirSync(join(cacheFolder, `${key}.json`)); // nothing can be renamed to it
    const { book } = await fetchAnswer(text(FILE), { cacheFolder });
    expect((await book).warnings).toMatchObject([{ code: "CACHE_UNUSABLE" }]);
    expect(readdirSync(cacheFolder).filter((name) => name.endsWith(".unfinished"))).toEqual([]);
  });

  test("knows the address, the date and the sha256 of a book", async () => {
    const { book, cacheFolder } = await fetchAnswer(inTurn(redirect("/final.txt"), text(FILE)));
    await failure(book); // /final.txt is not found
    const second = await fetchAnswer(text(FILE), { cacheFolder });
    await second.book;
    const entry = readdirSync(cacheFolder).find((name) => name.endsWith(".json"))!;
    expect(JSON.parse(readFileSync(join(cacheFolder, entry), "utf8"))).toEqual({
      address: ADDRESS,
      charset: "utf-8",
      fetchedAt: "2026-01-01T00:00:00.000Z",
      sha256: createHash("sha256").update(FILE).digest("hex"),
      bytes: Buffer.byteLength(FILE),
    });
  });

  test.each(["altered", "truncated", "missing"])("fetches a book again whose text is %s", async (how) => {
    const { book, server, cacheFolder } = await fetchAnswer(text(FILE));
    await book;
    const name = join(cacheFolder, readdirSync(cacheFolder).find((file) => file.endsWith(".txt"))!);
    if (how === "altered") writeFileSync(name, FILE.replace("lamp", "lump"));
    else writeFileSync(name, how === "truncated" ? FILE.slice(0, 900) : "");
    const again = await fetchBook(ADDRESS, { fetch: server.fetch, clock: fakeClock(), cacheFolder });
    expect(Buffer.from(again.bytes).toString()).toBe(FILE);
    expect(again.fromCache).toBe(false);
    expect((await fetchBook(ADDRESS, { cacheFolder, offline: true })).fromCache).toBe(true);
  });

  test.each(["", "{", "null", "[]", '{"address":"x","fetchedAt":"y","sha256":"../../../etc/passwd"}'])(
    "fetches a book again whose entry is %j",
    async (entry) => {
      const { book, server, cacheFolder } = await fetchAnswer(text(FILE));
      await book;
      writeFileSync(join(cacheFolder, readdirSync(cacheFolder).find((file) => file.endsWith(".json"))!), entry);
      expect((await fetchBook(ADDRESS, { fetch: server.fetch, clock: fakeClock(), cacheFolder })).fromCache).toBe(
        false,
      );
    },
  );

  describe("asked to refresh", () => {
    const revised = FILE.replace("lamp", "lantern");

    test("fetches the book again, and has the new one from then on, and nothing of the old one", async () => {
      const { book, server, cacheFolder } = await fetchAnswer(inTurn(text(FILE), text(revised)));
      await book;
      const again = { fetch: server.fetch, clock: fakeClock(), cacheFolder };
      const fresh = await fetchBook(ADDRESS, { ...again, refresh: true });
      expect([fresh.fromCache, Buffer.from(fresh.bytes).toString()]).toEqual([false, revised]);
      const kept = await fetchBook(ADDRESS, { cacheFolder, offline: true });
      expect(Buffer.from(kept.bytes).toString()).toBe(revised);
      expect(readdirSync(cacheFolder)).toHaveLength(2);
    });

    test.each([
      ["is gone", status(404)],
      ["is sent in part", text(FILE.slice(0, 900), { "content-range": `bytes 0-899/${FILE.length}` })],
      ["has lost its end", text(FILE.slice(0, 1500))],
      ["is a page", text("<html>", { "content-type": "text/html" })],
    ])("keeps the old one where the book %s", async (_, answer) => {
      const { book, server, cacheFolder } = await fetchAnswer(inTurn(text(FILE), answer));
      await book;
      const again = { fetch: server.fetch, clock: fakeClock(), cacheFolder, refresh: true };
      expect(await failure(fetchBook(ADDRESS, again))).toMatchObject({ code: "DOWNLOAD_FAILED" });
      const kept = await fetchBook(ADDRESS, { cacheFolder, offline: true });
      expect(Buffer.from(kept.bytes).toString()).toBe(FILE);
    });

    test("keeps a text that has not changed", async () => {
      const { book, server, cacheFolder } = await fetchAnswer(text(FILE));
      await book;
      await fetchBook(ADDRESS, { fetch: server.fetch, clock: fakeClock(), cacheFolder, refresh: true });
      expect((await fetchBook(ADDRESS, { cacheFolder, offline: true })).fromCache).toBe(true);
    });
  });

  test("without the book fails offline, without a request", async () => {
    const { book, server } = await fetchAnswer(text(FILE), { offline: true });
    expect(await failure(book)).toMatchObject({ code: "OFFLINE", message: expect.stringContaining(ADDRESS) });
    expect(server.requests).toEqual([]);
  });

  test("is whole when several fetch the same book at once", async () => {
    const server = await serveGutenberg({ "/book.txt": text(FILE) });
    const cacheFolder = temporaryFolder();
    const fetchOne = () => fetchBook(ADDRESS, { fetch: server.fetch, clock: fakeClock(), cacheFolder });
    const books = await Promise.all(Array.from({ length: 8 }, fetchOne));
    for (const { bytes } of books) expect(Buffer.from(bytes).toString()).toBe(FILE);
    expect(readdirSync(cacheFolder)).toHaveLength(2);
    expect((await fetchBook(ADDRESS, { cacheFolder, offline: true })).fromCache).toBe(true);
  });

  test("that cannot be written is a warning, and the book is there", async () => {
    const cacheFolder = join(temporaryFolder(), "file");
    writeFileSync(cacheFolder, "not a folder");
    const { book } = await fetchAnswer(text(FILE), { cacheFolder });
    expect((await book).warnings.map(({ code }) => code)).toEqual(["CACHE_UNUSABLE"]);
  });

  test("that is read-only is a warning, and the book is there", async ({ skip }) => {
    skip(process.getuid?.() === 0, "root may write anywhere");
    const cacheFolder = join(temporaryFolder(), "books");
    mkdirSync(cacheFolder);
    chmodSync(cacheFolder, 0o500);
    const { book } = await fetchAnswer(text(FILE), { cacheFolder });
    expect((await book).warnings.map(({ code }) => code)).toEqual(["CACHE_UNUSABLE"]);
  });
});

describe("an abort", () => {
  test("before the first request ends with the signal's reason", async () => {
    const reason = new Error("enough");
    const { book, server } = await fetchAnswer(text(FILE), { signal: AbortSignal.abort(reason) });
    expect(await failure(book)).toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test("while the body drips ends with the signal's reason, and nothing is kept", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const { book, cacheFolder } = await fetchAnswer(drip(), {
      signal: controller.signal,
      onProgress: ({ type }) => type === "bytes-read" && controller.abort(reason),
    });
    expect(await failure(book)).toBe(reason);
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test("while waiting for the server's time ends with the signal's reason", async () => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const server = await serveGutenberg({ "/book.txt": status(503, { "retry-after": "60" }) });
    const book = fetchBook(ADDRESS, {
      fetch: server.fetch, // and the system's clock, which would wait a minute
      cacheFolder: temporaryFolder(),
      signal: controller.signal,
      onProgress: ({ type }) => type === "wait-start" && setTimeout(() => controller.abort(reason), 10),
    });
    expect(await failure(book)).toBe(reason);
  });
});

describe("options", () => {
  test.each([
    { timeout: 0 },
    { sizeLimit: Number.NaN },
    { retries: -1 },
    { mirrors: ["ftp://x/"] },
    { ofline: true },
    { mirrors: [] },
    { offline: true, refresh: true },
  ])("%j is refused", async (options) => {
    expect(await failure(fetchBook(1, options as FetchOptions))).toMatchObject({ code: "BAD_OPTION" });
  });
});
