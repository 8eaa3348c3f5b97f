// Books that are fetched, from servers on loopback.
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { temporaryFolder } from "@charlstm/testing";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openBook } from "../src/texts/book.js";
import { invoke, ioIn, start } from "./invoke.js";
import { tinyFlags } from "./texts.js";

const BOOK = `*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\n${"The lamp on the quay was never lit again, and nobody said why.\n".repeat(50)}\n*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n`;
const FILE = "/1/3/4/1342/1342-0.txt";

let env: Record<string, string> = {};
beforeEach(() => {
  const home = temporaryFolder();
  env = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), LOCALAPPDATA: home, USERPROFILE: home };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  for (const name of ["http_proxy", "https_proxy"]) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toUpperCase(), undefined);
  }
  return () => void vi.unstubAllEnvs();
});

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** A mirror that has this under the address of book 1342, and what it was asked for. */
async function startMirror(answer: RequestListener) {
  const asked: string[] = [];
  const mirror = await listen(
    createServer((request, response) => {
      asked.push(request.url!);
      if (request.url === FILE) answer(request, response);
      else response.writeHead(404).end();
    }),
  );
  return { mirror, asked };
}

const send =
  (text: string): RequestListener =>
  (_, response) =>
    response.writeHead(200, { "content-type": "text/plain", "content-length": text.length }).end(text);

test.each(["1342", "https://www.gutenberg.org/ebooks/1342", "gutenberg.org/cache/epub/1342/pg1342-images.html"])(
  "%s is fetched from the mirror that is named, and from nowhere else",
  async (book) => {
    const { mirror, asked } = await startMirror(send(BOOK));
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await invoke(["corpus", book, "--mirror", mirror], { folder });
    expect(code).toBe(0);
    expect(stdout).toContain(`address     ${mirror.slice(0, -1)}${FILE}`);
    expect(stderr.split("\n")[0]).toBe(`asking ${mirror.slice(0, -1)}${FILE}`);
    expect(asked).toEqual([FILE]);
  },
);

test("train takes the same flags and records the book by its number; a resume has nothing to fetch and refuses them", {
  timeout: 180_000,
}, async () => {
  const { mirror, asked } = await startMirror(send(BOOK));
  const folder = temporaryFolder();
  const argv = ["train", "https://www.gutenberg.org/ebooks/1342", "--mirror", mirror, "--refresh", ...tinyFlags];
  expect((await invoke([...argv, "--max-steps", "1", "--out", "run"], { folder })).code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "run", "run.json"), "utf8")).book).toBe("1342");
  for (const refused of [
    ["evaluate", "run", "--refresh"],
    ["evaluate", "run", "--mirror", mirror],
    ["train", "--resume", "run", "--refresh"],
  ]) {
    const { code, stderr } = await invoke(refused, { folder });
    expect(code).toBe(2);
    expect(stderr).toContain("--mirror and --refresh are for a book that is named");
  }
  expect(asked).toEqual([FILE]);
});

test("a copy of the site on this disk is read, not fetched", async () => {
  const folder = temporaryFolder();
  const name = "www.gutenberg.org/ebooks/1342";
  mkdirSync(join(folder, "www.gutenberg.org", "ebooks"), { recursive: true });
  writeFileSync(join(folder, name), BOOK);
  const { code, stdout, stderr } = await invoke(["corpus", name], { folder });
  expect({ code, stderr: stderr.includes("asking") }).toEqual({ code: 0, stderr: false });
  expect(stdout).not.toContain("address");
});

test("--refresh replaces the copy in the cache, which is used without it", async () => {
  const revised = BOOK.replaceAll("lamp", "lantern");
  let sent = BOOK;
  const { mirror, asked } = await startMirror((request, response) => send(sent)(request, response));
  const corpus = (...flags: string[]) =>
    invoke(["corpus", "1342", "--json", "--mirror", mirror, ...flags], { folder: temporaryFolder() });
  const shaOf = async (...flags: string[]) => JSON.parse((await corpus(...flags)).stdout).sha256 as string;
  const first = await shaOf();
  sent = revised;
  expect(await shaOf()).toBe(first);
  const second = await shaOf("--refresh");
  expect(second).not.toBe(first);
  expect(await shaOf("--offline")).toBe(second);
  expect(asked).toHaveLength(2);
  expect((await corpus("--refresh", "--offline")).code).toBe(2);
});

test.each(["ftp://a.example/", "http://", ""])("--mirror %j is wrong usage", async (mirror) => {
  const { code, stderr } = await invoke(["corpus", "1342", "--mirror", mirror], { folder: temporaryFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain("Expected an address like https://gutenberg.pglaf.org/.");
});

describe("while a book is fetched", () => {
  /** Answers after three seconds, and sends the second half after three more. */
  const slowly: RequestListener = (_, response) => {
    setTimeout(() => {
      response.writeHead(200, { "content-type": "text/plain", "content-length": BOOK.length });
      response.write(BOOK.slice(0, 1000));
      setTimeout(() => response.end(BOOK.slice(1000)), 3000);
    }, 3000);
  };

  test("a plain line is written whenever two seconds had none", { timeout: 60_000 }, async () => {
    const { mirror } = await startMirror(slowly);
    const { code, stderr } = await invoke(["corpus", "1342", "--mirror", mirror], { folder: temporaryFolder() });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^asking http\S+1342-0\.txt\n(?:asking \S+ \(\d s\)\n)+/);
    expect(stderr).toMatch(/\nfetching from 127\.0\.0\.1:\d+: 1 kB of 4 kB \(\d s\)\n/);
  });

  test("a terminal has one line, drawn again and cleared in the end", { timeout: 60_000 }, async () => {
    const { mirror } = await startMirror(slowly);
    const argv = ["corpus", "1342", "--mirror", mirror, "--recipe", "gutenberg"];
    const { code, stderr } = await invoke(argv, { folder: temporaryFolder(), isTerminal: true });
    expect(code).toBe(0);
    const drawn = stderr.split("\r\x1b[K");
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.slice(0, -1).join("")).not.toContain("\n");
    expect(drawn.join("\n")).toMatch(/asking 127\.0\.0\.1:\d+ \([23] s\)/);
    expect(drawn.at(-1)).not.toContain("fetching");
  });

  // Over https the connection is never made, which would keep a process until it is given up.
  test.each(["http", "https"])("Ctrl-C ends the program at once, over %s", { timeout: 60_000 }, async (protocol) => {
    const silent = createNetServer((socket) => socket.resume());
    const mirror = (await listen(silent)).replace("http", protocol);
    const connected = once(silent, "connection");
    const { child, outcome } = start(["corpus", "1342", "--mirror", mirror], { folder: temporaryFolder(), env });
    await connected;
    child.kill("SIGINT");
    const { code, stderr } = await outcome;
    expect(code).toBe(130);
    expect(stderr).toContain("stopped by SIGINT");
  });
});

describe("a book that cannot be fetched", () => {
  async function gone(): Promise<string> {
    const server = createNetServer();
    const address = await listen(server);
    await new Promise<unknown>((resolve) => server.close(resolve));
    return address;
  }

  test("is told in one short message in the end", async () => {
    const [first, second] = [await gone(), await gone()];
    const argv = ["corpus", "1342", "--mirror", first, "--mirror", second];
    const { code, stderr } = await invoke(argv, { folder: temporaryFolder() });
    expect(code).toBe(1);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.slice(0, -1)).toEqual([first, second].map((mirror) => `asking ${mirror.slice(0, -1)}${FILE}`));
    const hosts = [first, second].map((mirror) => new URL(mirror).host).join(" and ");
    expect(lines.at(-1)).toBe(
      `charlstm: cannot fetch book 1342: ${hosts} cannot be reached: it refuses connections (ECONNREFUSED). ` +
        "Check the number and the network, or download https://www.gutenberg.org/cache/epub/1342/pg1342.txt in a browser " +
        "and pass the file's path (--mirror names another server, HTTPS_PROXY a proxy) [DOWNLOAD_FAILED]",
    );
  });

  test("by way of a proxy that refuses is asked for once", { timeout: 60_000 }, async () => {
    const asked: string[] = [];
    const server = createServer().on("connect", (request, socket: Socket) => {
      asked.push(request.url!);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const proxy = await listen(server);
    const { outcome } = start(["corpus", "1342"], { folder: temporaryFolder(), env: { ...env, https_proxy: proxy } });
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expect(asked).toEqual(["www.gutenberg.org:443"]);
    expect(stderr).toContain(`the proxy ${new URL(proxy).host} refuses (403)`);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
  });

  // The novel comes with the built program.
  const corpusOf = (mirrors: string[]) => {
    const flags = mirrors.flatMap((mirror) => ["--mirror", mirror]);
    return start(["corpus", ...flags], { folder: temporaryFolder(), env }).outcome;
  };

  test("and that nobody named is replaced by the novel, as soon as it is known", { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await corpusOf([await gone()]);
    expect(code).toBe(0);
    expect(stdout).toContain("Moby-Dick");
    expect(stderr).toMatch(/Pride and Prejudice can't be had: cannot fetch book 1342: .*\nTaking Moby-Dick instead/);
  });

  test("and that nobody named is waited for 18 s at most, however many servers say nothing", {
    timeout: 120_000,
  }, async () => {
    const startSilent = () => listen(createNetServer((socket) => socket.resume()));
    const { code, stdout, stderr } = await corpusOf([await startSilent(), await startSilent(), await startSilent()]);
    expect(code).toBe(0);
    expect(stdout).toContain("Moby-Dick");
    expect(stderr).toContain("Pride and Prejudice can't be had: nothing came within 18 s");
  });
});

test("a text that is too large for stdin is asked for as a file, which may have any size", async () => {
  const endless = Readable.from(Array.from({ length: 130 }, () => Buffer.alloc(2 ** 20, "A line of text.\n")));
  const io = { ...ioIn(temporaryFolder()), stdin: endless };
  await expect(openBook(io, "-", { recipe: "auto" })).rejects.toMatchObject({
    code: "TOO_LARGE",
    message: "the standard input is larger than 134217728 bytes: save it to a file and give its path",
  });
});
