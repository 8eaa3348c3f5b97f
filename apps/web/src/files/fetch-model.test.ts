import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fetchModel } from "./fetch-model.js";

const limits = { mostBytes: 1000, patience: 800, longest: 1500 };

/** The address of a host that answers so. */
async function host(answer: (response: ServerResponse, cookie: string | undefined) => void): Promise<string> {
  const server = createServer((request, response) => answer(response, request.headers.cookie)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test("a model is its bytes under its own name, also from an address beside the page", async () => {
  const at = await host((response) => response.end(Uint8Array.of(1, 2, 3)));
  for (const address of [`${at}a/my%20model.charlstm?v=1`, "a/my%20model.charlstm"])
    expect(await fetchModel(address, at, limits)).toEqual({ name: "my model.charlstm", bytes: Uint8Array.of(1, 2, 3) });
});

test.each<[string, RegExp, (response: ServerResponse) => void]>([
  [
    "a page",
    /there is a web page, no model/,
    (response) => response.setHeader("Content-Type", "text/html; charset=utf-8").end("<p>"),
  ],
  ["a redirect", /leads on to another one/, (response) => response.writeHead(302, { Location: "/b.h5" }).end()],
  ["a refusal", /its host answers 400/, (response) => response.writeHead(400).end()],
  ["what is not there", /its host answers 404/, (response) => response.writeHead(404).end()],
  [
    "2 GB, said before",
    /larger than 0\.001 MB/,
    (response) => response.writeHead(200, { "Content-Length": 2e9 }).write("a"),
  ],
  ["more than is allowed, not said before", /larger than 0\.001 MB/, (response) => response.end("a".repeat(2000))],
  ["silence", /comes too slowly/, () => {}],
  ["silence after a beginning", /comes too slowly/, (response) => response.write("a")],
  [
    "a byte now and then",
    /comes too slowly/,
    (response) => {
      const timer = setInterval(() => response.write("a"), 50);
      response.on("close", () => clearInterval(timer));
    },
  ],
  ["a broken connection", /could not be fetched/, (response) => response.destroy()],
])("%s is refused in words", async (_, refusal, answer) => {
  const at = await host(answer);
  await expect(fetchModel(`${at}m.h5`, at, limits)).rejects.toThrow(refusal);
});

test.each(["https://a.test/model", "javascript:alert(1)//m.h5", "file:///m.h5", "https://a.test/m.exe"])(
  "%s is no address of a model",
  async (address) => {
    await expect(fetchModel(address, "https://page.test/", limits)).rejects.toThrow(/can’t be used: one that begins/);
  },
);

test("what is no address at all is said", async () => {
  await expect(fetchModel("https://", "https://page.test/", limits)).rejects.toThrow(/is no address/);
});
