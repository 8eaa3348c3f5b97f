// What a fake host and a fake clock cannot play: TLS, raw sockets, and several processes that share a cache.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import { temporaryFolder } from "@charlstm/testing";
import { generate } from "selfsigned";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CorpusError, type FetchOptions, fetchBook } from "../src/index.js";
import { eras } from "./eras.js";
import { failure } from "./failure.js";
import { fakeClock } from "./gutenberg-server.js";

const FILE = eras[6]!.file;

/** The port of a server that listens on loopback until the test ends. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Fetches from a server of this test, and expects a failed download that leaves nothing in the cache. */
async function failToFetch(address: string, options: FetchOptions = {}): Promise<CorpusError> {
  const cacheFolder = temporaryFolder();
  const clock = fakeClock();
  const error = await failure(fetchBook(address, { cacheFolder, clock, ...options }));
  expect(error).toMatchObject({ name: "CorpusError", code: "DOWNLOAD_FAILED" });
  expect(readdirSync(cacheFolder)).toEqual([]);
  return error;
}

describe("a server whose certificate nobody vouches for", () => {
  async function serveSelfSigned(): Promise<{ port: number; handshakes: () => number }> {
    const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }]);
    const server = createHttpsServer({ key, cert }, (_, response) => response.end(FILE));
    let count = 0;
    server.on("tlsClientError", () => {});
    server.on("connection", () => count++);
    return { port: await listen(server), handshakes: () => count };
  }

  test("gives a typed error with the reason, and is not asked again", async () => {
    const { port, handshakes } = await serveSelfSigned();
    const error = await failToFetch(`https://127.0.0.1:${port}/book.txt`);
    expect(error.details.tried).toMatchObject([{ code: "network", reason: expect.stringMatching(/certificate/i) }]);
    expect(handshakes()).toBe(1);
  });

  test("gives the same when another server redirects to it", async () => {
    const { port } = await serveSelfSigned();
    const location = `https://127.0.0.1:${port}/book.txt`;
    const first = await listen(createHttpServer((_, response) => response.writeHead(302, { location }).end()));
    const error = await failToFetch(`http://127.0.0.1:${first}/book.txt`);
    expect(error.details.tried).toMatchObject([{ code: "network", reason: expect.stringMatching(/certificate/i) }]);
  });
});

test("two servers that redirect to each other for ever give a typed error", async () => {
  const origins: string[] = [];
  const redirectTo = (other: number): RequestListener => {
    return (_, response) => response.writeHead(302, { location: `${origins[other]}/book.txt` }).end();
  };
  for (const other of [1, 0]) {
    origins.push(`http://127.0.0.1:${await listen(createHttpServer(redirectTo(other)))}`);
  }
  const error = await failToFetch(`${origins[0]}/book.txt`);
  expect(error.details.tried).toMatchObject([{ code: "redirect" }]);
});

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";
const page = "<html><body>no</body></html>";

/** What a server writes to the bare socket, and the codes that this may give. */
const raw: [string, (socket: Socket) => void, string, FetchOptions?][] = [
  ["announces two lengths", (s) => s.end(`${head}content-length: 9\r\ncontent-length: 99\r\n\r\n${FILE}`), "network"],
  ["announces a negative length", (s) => s.end(`${head}content-length: -1\r\n\r\n${FILE}`), "network"],
  ["sends a chunk of no size", (s) => s.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n${FILE}`), "network"],
  ["sends headers without an end", (s) => endlessly(s, `${head}${"x: y\r\n".repeat(9999)}`), "network"],
  ["sends its headers drop by drop", (s) => drip(s, head), "timeout", { timeout: 200 }],
  ["speaks something else", (s) => s.end("220 ftp.example FTP server ready\r\n"), "network"],
  ["has no such file, without end", (s) => endlessly(s, "HTTP/1.1 404 Not Found\r\n\r\n", page), "http-status"],
  [
    "redirects, without end",
    (s) => endlessly(s, "HTTP/1.1 302 Found\r\nlocation: gopher://x/\r\n\r\n", page),
    "redirect",
  ],
  ["hides a web page behind a comment", (s) => s.end(`${head}\r\n<!-- robots -->\n${page}`), "not-text"],
  ["hangs up at once", (s) => s.destroy(), "network"],
];

function drip(socket: Socket, bytes: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(bytes[at++ % bytes.length]!), 20);
  socket.on("close", () => clearInterval(timer));
}

function endlessly(socket: Socket, first: string, more = first): void {
  socket.write(first);
  const write = () => {
    while (!socket.destroyed && socket.write(more.repeat(20)));
  };
  socket.on("drain", write);
  write();
}

test.each(raw)("a server that %s gives a typed error", async (_, answer, code, options = {}) => {
  const server = createNetServer((socket) => socket.on("error", () => {}).once("data", () => answer(socket)));
  const error = await failToFetch(`http://127.0.0.1:${await listen(server)}/book.txt`, options);
  expect(error.details.tried).toMatchObject([{ code }]);
});

describe("two processes that fetch one book at once", () => {
  // The built package, as a process of its own has no way to the sources.
  const script = `
    const { fetchBook } = await import(process.argv[1]);
    const { bytes, warnings } = await fetchBook(process.argv[2], { cacheFolder: process.argv[3] });
    process.stdout.write(JSON.stringify({ text: Buffer.from(bytes).toString(), warnings }));`;
  const entry = new URL("../dist/index.js", import.meta.url).href;

  function startFetching(address: string, cacheFolder: string) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, entry, address, cacheFolder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    const ended = once(child, "close").then(() => Buffer.concat(output).toString());
    return { child, ended };
  }

  /** Answers nobody before `count` have asked; each gets an edition of its own, in several pieces. */
  function serveEditions(count: number, onAllAsked: () => void = () => {}): RequestListener {
    const waiting: (() => void)[] = [];
    return (_, response) => {
      const edition = FILE.replace("lamp", `lamp (edition ${waiting.length})`);
      waiting.push(() => {
        response.writeHead(200, { "content-type": "text/plain", "content-length": Buffer.byteLength(edition) });
        response.write(edition.slice(0, 300));
        setTimeout(() => response.end(edition.slice(300)), 50);
      });
      if (waiting.length < count) return;
      for (const answer of waiting) answer();
      onAllAsked();
    };
  }

  test("each get a whole text, and the cache keeps one of them, intact", { timeout: 60_000 }, async () => {
    const cacheFolder = temporaryFolder();
    const address = `http://127.0.0.1:${await listen(createHttpServer(serveEditions(2)))}/book.txt`;
    const outputs = await Promise.all([1, 2].map(() => startFetching(address, cacheFolder).ended));
    const editions = outputs.map((output) => JSON.parse(output) as { text: string; warnings: unknown[] });
    expect(editions.map(({ warnings }) => warnings)).toEqual([[], []]);
    expect(editions.map(({ text }) => text.match(/edition \d/)?.[0]).sort()).toEqual(["edition 0", "edition 1"]);
    for (const { text } of editions) expect(text.replace(/ \(edition \d\)/, "")).toBe(FILE);
    const kept = await fetchBook(address, { cacheFolder, offline: true });
    expect(editions.map(({ text }) => text)).toContain(Buffer.from(kept.bytes).toString());
  });

  test("do not disturb each other when one is killed half-way", { timeout: 60_000 }, async () => {
    const cacheFolder = temporaryFolder();
    const children: ReturnType<typeof startFetching>[] = [];
    const kill = () => void setTimeout(() => children[0]!.child.kill("SIGKILL"), 20);
    const address = `http://127.0.0.1:${await listen(createHttpServer(serveEditions(2, kill)))}/book.txt`;
    children.push(startFetching(address, cacheFolder), startFetching(address, cacheFolder));
    const [killed, other] = await Promise.all(children.map(({ ended }) => ended));
    expect(killed).toBe("");
    const { text } = JSON.parse(other!) as { text: string };
    expect(text.replace(/ \(edition \d\)/, "")).toBe(FILE);
    const kept = await fetchBook(address, { cacheFolder, offline: true });
    expect(Buffer.from(kept.bytes).toString()).toBe(text);
  });
});
