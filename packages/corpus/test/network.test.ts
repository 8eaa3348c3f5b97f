// What only real sockets can play: proxies, hosts that take no connection, and connections that bring no answer.
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer as createNetServer, type Server, type Socket } from "node:net";
import { temporaryFolder } from "@charlstm/testing";
import { generate } from "selfsigned";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Attempt, type FetchOptions, type FetchProgress, fetchBook } from "../src/index.js";
import { eras } from "./eras.js";
import { failure } from "./failure.js";
import { fakeClock } from "./gutenberg-server.js";

const FILE = eras[6]!.file;
const variables = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);

beforeEach(() => {
  for (const variable of variables) vi.stubEnv(variable, undefined);
  return () => void vi.unstubAllEnvs();
});

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

const sendBook: RequestListener = (_, response) => response.writeHead(200, { "content-type": "text/plain" }).end(FILE);

/** A proxy that sends everything to one server, whatever host is asked for, and writes down what it is asked. */
async function startProxy(target: number, refusal?: string) {
  const asked: string[] = [];
  const headers: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    headers.push(request.headers["proxy-authorization"]);
    if (refusal) response.writeHead(Number(refusal.slice(0, 3))).end();
    else sendBook(request, response);
  });
  server.on("connect", (request, socket: Socket, head) => {
    asked.push(`CONNECT ${request.url}`);
    headers.push(request.headers["proxy-authorization"]);
    socket.on("error", () => {});
    if (refusal) return socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
  });
  return { asked, headers, address: `http://127.0.0.1:${await listen(server)}` };
}

const fetchFrom = (name: string | number, options: FetchOptions = {}) =>
  fetchBook(name, { cacheFolder: temporaryFolder(), clock: fakeClock(), ...options });

async function failFrom(name: string | number, options: FetchOptions = {}) {
  const error = await failure(fetchFrom(name, options));
  expect(error).toMatchObject({ name: "CorpusError", code: "DOWNLOAD_FAILED" });
  return { message: error.message, tried: error.details.tried as Attempt[] };
}

describe("a proxy", () => {
  test.each(["HTTPS_PROXY", "https_proxy"])(
    "that %s names is asked for a tunnel, and TLS ends at the host",
    async (name) => {
      const { private: key, cert } = await generate([{ name: "commonName", value: "books.example" }]);
      const proxy = await startProxy(await listen(createHttpsServer({ key, cert }, sendBook)));
      vi.stubEnv(name, proxy.address);
      const { tried } = await failFrom("https://books.example/book.txt");
      expect(proxy.asked).toEqual(["CONNECT books.example:443"]);
      expect(tried).toMatchObject([{ code: "network", reason: expect.stringMatching(/certificate/i) }]);
    },
  );

  test("brings a book from https through its tunnel", async () => {
    const { private: key, cert } = await generate([{ name: "commonName", value: "books.example" }]);
    const proxy = await startProxy(await listen(createHttpsServer({ key, cert }, sendBook)));
    vi.stubEnv("HTTPS_PROXY", proxy.address);
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0"); // nobody vouches for the certificate of a test
    const { bytes, address } = await fetchFrom("https://books.example/book.txt");
    expect(new TextDecoder().decode(bytes)).toBe(FILE);
    expect(address).toBe("https://books.example/book.txt");
  });

  test.each(["HTTP_PROXY", "http_proxy"])("that %s names brings a book from http", async (name) => {
    const proxy = await startProxy(0);
    vi.stubEnv(name, proxy.address);
    const { bytes, address } = await fetchFrom("http://books.example/book.txt?a=b");
    expect(new TextDecoder().decode(bytes)).toBe(FILE);
    expect(address).toBe("http://books.example/book.txt?a=b");
    expect(proxy.asked).toEqual(["GET http://books.example/book.txt?a=b"]);
  });

  test("may be named without http, and with a user and password", async () => {
    const proxy = await startProxy(0);
    vi.stubEnv("HTTP_PROXY", proxy.address.replace("http://", ""));
    await fetchFrom("http://books.example/book.txt");
    vi.stubEnv("HTTP_PROXY", proxy.address.replace("http://", "http://a%40b:secret@"));
    await fetchFrom("http://books.example/book.txt");
    expect(proxy.headers).toEqual([undefined, `Basic ${Buffer.from("a@b:secret").toString("base64")}`]);
  });

  test.each([
    ["NO_PROXY", "127.0.0.1"],
    ["no_proxy", "other.example, 127.0.0.1"],
    ["NO_PROXY", "*"],
  ])("is passed by for what %s=%s names", async (name, value) => {
    const proxy = await startProxy(0);
    vi.stubEnv("HTTP_PROXY", proxy.address);
    vi.stubEnv(name, value);
    await fetchFrom(`http://127.0.0.1:${await listen(createHttpServer(sendBook))}/book.txt`);
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    [
      "403 Forbidden",
      /^cannot fetch book 1342: www\.gutenberg\.org cannot be reached: the proxy 127\.0\.0\.1:\d+ refuses \(403\)\. /,
    ],
    ["407 Proxy Authentication Required", /the proxy 127\.0\.0\.1:\d+ wants a user and password \(407\)/],
    ["400 Bad Request", /the proxy 127\.0\.0\.1:\d+ refuses \(400\)\. /],
  ])("that answers %s is asked once", async (refusal, message) => {
    const proxy = await startProxy(0, refusal);
    vi.stubEnv("HTTPS_PROXY", proxy.address);
    const failed = await failFrom(1342);
    expect(proxy.asked).toEqual(["CONNECT www.gutenberg.org:443"]);
    expect(failed.tried).toMatchObject([{ code: "proxy" }]);
    expect(failed.message).toMatch(message);
    expect(failed.message.length).toBeLessThan(400);
  });

  test("that wants a password for http is asked once", async () => {
    const proxy = await startProxy(0, "407 Proxy Authentication Required");
    vi.stubEnv("HTTP_PROXY", proxy.address);
    const { tried } = await failFrom(9, { mirrors: ["http://a.example/", "http://b.example/"] });
    expect(proxy.asked).toHaveLength(1);
    expect(tried).toMatchObject([
      { code: "proxy", reason: expect.stringContaining("wants a user and password (407)") },
    ]);
  });

  test.each<[string, (socket: Socket) => void]>([
    ["hangs up", (socket) => socket.destroy()],
    ["resets the connection", (socket) => socket.resetAndDestroy()],
    ["speaks something else", (socket) => socket.end("220 ftp.example FTP server ready\r\n")],
  ])("that %s is asked once", async (_, answer) => {
    let asked = 0;
    const port = await listen(
      createNetServer((socket) =>
        socket
          .on("error", () => {})
          .once("data", () => {
            asked++;
            answer(socket);
          }),
      ),
    );
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
    const { message } = await failFrom(1342);
    expect(asked).toBe(1);
    expect(message).toContain(`cannot be reached: the proxy 127.0.0.1:${port} cannot be reached: `);
  });

  test("that cannot reach one host is asked once for each other one", async () => {
    const proxy = await startProxy(0, "503 Service Unavailable");
    vi.stubEnv("HTTPS_PROXY", proxy.address);
    const { message } = await failFrom(9, { mirrors: ["https://a.example/", "https://b.example/"] });
    expect(proxy.asked).toEqual(["CONNECT a.example:443", "CONNECT b.example:443"]);
    expect(message).toMatch(
      /^cannot fetch book 9: a\.example and b\.example cannot be reached: the proxy \S+ refuses \(503\)/,
    );
  });

  test("that is not there is asked once, and its password is not told", async () => {
    const gone = createNetServer();
    const port = await listen(gone);
    await new Promise<unknown>((resolve) => gone.close(resolve));
    vi.stubEnv("HTTPS_PROXY", `http://user:secret@127.0.0.1:${port}`);
    vi.stubEnv("HTTP_PROXY", `http://user:secret@127.0.0.1:${port}`);
    for (const name of [1342, "http://books.example/book.txt"]) {
      const { tried, message } = await failFrom(name);
      expect(tried).toHaveLength(1);
      expect(message).toContain(`the proxy 127.0.0.1:${port} cannot be reached: it refuses connections (ECONNREFUSED)`);
      expect(message).not.toMatch(/secret|user:/);
    }
  });

  test.each(["socks5://a:secret@proxy.example", "http://", "http://a b", "::::"])("cannot be %j", async (name) => {
    vi.stubEnv("HTTPS_PROXY", name);
    const { message } = await failFrom(1342);
    expect(message).toMatch(/^HTTPS_PROXY names no proxy that can be used, expected an address like http:/);
    expect(message).not.toContain("secret");
  });
});

describe("a host that takes connections and says nothing", () => {
  async function startSilent() {
    let connections = 0;
    const server = createNetServer((socket) => socket.on("error", () => {}).resume());
    server.on("connection", () => connections++);
    return { port: await listen(server), connections: () => connections };
  }

  test("is given up in seconds where no connection comes about, and asked once", { timeout: 60_000 }, async () => {
    const silent = await startSilent();
    const asked: FetchProgress[] = [];
    const { tried, message } = await failFrom(9, {
      mirrors: [`https://127.0.0.1:${silent.port}/`],
      onProgress: (event) => asked.push(event),
    });
    expect(silent.connections()).toBe(1);
    expect(tried).toHaveLength(3);
    expect(message).toContain(
      `127.0.0.1:${silent.port} cannot be reached: it does not answer (UND_ERR_CONNECT_TIMEOUT)`,
    );
    expect(asked.map(({ type }) => type)).toEqual(["request-start", "request-fail"]);
  });

  test("is asked once where a connection comes about", async () => {
    const silent = await startSilent();
    const { tried } = await failFrom(9, { mirrors: [`http://127.0.0.1:${silent.port}/`], timeout: 300 });
    expect(silent.connections()).toBe(1);
    expect(tried).toHaveLength(3);
    expect(tried[0]).toMatchObject({ code: "timeout", reason: "does not answer within 0.3 s" });
  });

  test("as a proxy is asked once, whatever it was asked for", { timeout: 60_000 }, async () => {
    const silent = await startSilent();
    vi.stubEnv("HTTPS_PROXY", `https://127.0.0.1:${silent.port}`);
    const { tried, message } = await failFrom(1342);
    expect(silent.connections()).toBe(1);
    expect(tried).toMatchObject([{ code: "proxy" }]);
    expect(message).toContain(`the proxy 127.0.0.1:${silent.port} cannot be reached: it does not answer`);
  });

  test("and hangs up is asked again with pauses, for one of its addresses", async () => {
    let connections = 0;
    const port = await listen(
      createNetServer((socket) => socket.on("error", () => {}).destroy()).on("connection", () => connections++),
    );
    const clock = fakeClock();
    const { tried } = await failFrom(9, { mirrors: [`http://127.0.0.1:${port}/`], clock, retries: 2 });
    expect(connections).toBe(3);
    expect(tried).toHaveLength(3);
  });

  test("is waited for as long as it sends a byte a millisecond", async () => {
    const port = await listen(
      createHttpServer((_, response) => {
        response.writeHead(200, { "content-type": "text/plain" });
        let left = 12; // 200 bytes every 50 ms, for 600 ms
        const timer = setInterval(() => (left-- > 0 ? response.write("A line.\n".repeat(25)) : response.end()), 50);
        response.on("close", () => clearInterval(timer));
      }),
    );
    const { bytes } = await fetchFrom(`http://127.0.0.1:${port}/book.txt`, { timeout: 400, retries: 0 });
    expect(bytes).toHaveLength(2400);
  });

  test.each(["http", "https"])("is left at once by an abort, over %s", async (protocol) => {
    const silent = await startSilent();
    const controller = new AbortController();
    const reason = new Error("enough");
    const book = fetchFrom(`${protocol}://127.0.0.1:${silent.port}/book.txt`, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    expect(await failure(book)).toBe(reason);
  });
});
