import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import * as browser from "../src/browser.js";
import * as node from "../src/index.js";
import {
  CorpusError,
  type CorpusSource,
  cleanText,
  isCorpusError,
  type LoadOptions,
  loadCorpus,
} from "../src/index.js";
import { BOOK, eras } from "./eras.js";

const FILE = eras[5]!.file;

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function fileWith(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), "book.txt");
  writeFileSync(path, content);
  return path;
}

describe("a source", () => {
  test("may be a path", async () => {
    const path = fileWith(FILE.replaceAll("\n", "\r\n"));
    const corpus = await loadCorpus(path);
    expect(corpus).toMatchObject({
      text: BOOK,
      source: { kind: "path", path },
      encoding: "utf-8",
      recipe: "gutenberg",
    });
    expect(corpus.sha256).toBe(createHash("sha256").update(FILE.replaceAll("\n", "\r\n")).digest("hex"));
    expect(corpus.title).toBe("The Lamp on the Quay");
    expect(corpus.author).toBe("A. Writer");
    expect(await loadCorpus({ path })).toEqual(corpus);
  });

  test("may be a stream that cuts characters in two", async () => {
    const bytes = new TextEncoder().encode("Größe – naïve 😀\n");
    expect((await loadCorpus({ stdin: inChunks(bytes, 1) })).text).toBe("Größe – naïve 😀\n");
  });

  test("may be a string, of which the bytes in UTF-8 are hashed", async () => {
    const corpus = await loadCorpus({ text: "déjà vu" });
    expect(corpus).toMatchObject({ text: "déjà vu", source: { kind: "text" } });
    expect(corpus.sha256).toBe(createHash("sha256").update("déjà vu").digest("hex"));
  });

  test.each<[unknown, string]>([
    ["no/such/file.txt", "NOT_FOUND"],
    [import.meta.dirname, "NOT_A_FILE"],
    ["", "BAD_SOURCE"],
    ["-", "BAD_SOURCE"],
    ["ftp://books.example/book.txt", "BAD_SOURCE"],
    [{ url: "file:///etc/passwd" }, "BAD_SOURCE"],
    [{ id: "x" }, "BAD_SOURCE"],
    [{}, "BAD_SOURCE"],
    [{ text: "a", path: "b" }, "BAD_SOURCE"],
    [{ text: 1 }, "BAD_SOURCE"],
    [{ constructor: "x" }, "BAD_SOURCE"],
    [{ valueOf: "x" }, "BAD_SOURCE"],
    [null, "BAD_SOURCE"],
    [undefined, "BAD_SOURCE"],
    [{ text: "" }, "EMPTY_TEXT"],
    [{ text: " \n" }, "EMPTY_TEXT"],
    [{ text: "a\0b" }, "BINARY_FILE"],
  ])("%j is refused as %s", async (source, code) => {
    const error = await loadCorpus(source as CorpusSource).catch((reason) => reason);
    expect(error).toMatchObject({ name: "CorpusError", code });
  });

  test.each<[string, string | Uint8Array, string]>([
    ["empty", "", "EMPTY_TEXT"],
    ["binary", Uint8Array.of(0, 1, 2, 3), "BINARY_FILE"],
  ])("that is an %s file is refused by its name", async (_, content, code) => {
    const path = fileWith(content);
    const error = await loadCorpus(path).catch((reason) => reason);
    expect(error).toMatchObject({ code, message: expect.stringContaining(path) });
  });

  test("that is larger than the limit is refused before it is read", async () => {
    const endless = (async function* () {
      for (;;) yield new Uint8Array(1000).fill(65);
    })();
    const options = { sizeLimit: 10_000 };
    expect(await loadCorpus({ stdin: endless }, options).catch((reason) => reason)).toMatchObject({
      code: "TOO_LARGE",
    });
    const path = fileWith("a".repeat(10_001));
    expect(await loadCorpus(path, options).catch((reason) => reason)).toMatchObject({ code: "TOO_LARGE" });
  });

  test("of many megabytes is cleaned while timers go on, and no longer once the signal aborts", async () => {
    const large = { text: FILE.replace(BOOK, BOOK.repeat(Math.ceil(4e6 / BOOK.length))) };
    const reason = new Error("enough");
    const controller = new AbortController();
    const stop = setTimeout(() => controller.abort(reason));
    const { signal } = controller;
    expect(await loadCorpus(large, { signal }).catch((error) => error)).toBe(reason);
    clearTimeout(stop);
    expect((await loadCorpus(large)).text).toBe(cleanText(large.text).text);
  });

  test("stops being read when the signal aborts", async () => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    expect(await loadCorpus(fileWith(FILE), { signal }).catch((error) => error)).toBe(reason);
  });
});

describe("options", () => {
  test.each([{ recip: "notebook" }, { recipe: "other" }, { timeout: "1" }])("%j is refused", async (options) => {
    const loaded = loadCorpus({ text: "text" }, options as unknown as LoadOptions);
    expect(await loaded.catch((reason) => reason)).toMatchObject({ code: "BAD_OPTION" });
  });
});

describe("the browser's entry", () => {
  test("has the names of Node's", () => {
    expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
  });

  test("cleans a string and fetches an address, and refuses paths and folders", async () => {
    expect((await browser.loadCorpus({ text: FILE })).text).toBe(BOOK);
    const answer = async () => new Response(FILE, { headers: { "content-encoding": "gzip", "content-length": "9" } });
    expect((await browser.loadCorpus("https://books.example/x.txt", { fetch: answer })).text).toBe(BOOK);
    const refused = { name: "CorpusError", code: "NEEDS_NODE" };
    expect(await browser.loadCorpus("book.txt").catch((reason) => reason)).toMatchObject(refused);
    const withFolder = browser.fetchBook(1, { cacheFolder: "books" });
    expect(await withFolder.catch((reason) => reason)).toMatchObject(refused);
  });
});

test("an error of another copy of the package is recognised, and other errors are not", () => {
  const other = Object.assign(new Error("x"), { name: "CorpusError", code: "NOT_FOUND" });
  expect(isCorpusError(new CorpusError("NOT_FOUND", "x"))).toBe(true);
  expect(isCorpusError(other)).toBe(true);
  expect(isCorpusError(new Error("x"))).toBe(false);
  expect(isCorpusError(undefined)).toBe(false);
});
