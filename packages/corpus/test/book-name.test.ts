import { temporaryFolder } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fetchBook, loadCorpus, parseSource } from "../src/index.js";
import { BOOK, eras } from "./eras.js";
import { failure } from "./failure.js";
import { fakeClock, serveGutenberg, text } from "./gutenberg-server.js";

const pages = (id: number, folders: string) => [
  `https://www.gutenberg.org/ebooks/${id}`,
  `https://www.gutenberg.org/ebooks/${id}/`,
  `https://www.gutenberg.org/ebooks/${id}.html.images`,
  `https://www.gutenberg.org/ebooks/${id}.epub3.images`,
  `https://www.gutenberg.org/ebooks/${id}.kf8.images?session_id=0a1b`,
  `https://www.gutenberg.org/ebooks/${id}?msg=welcome_stranger#download`,
  `https://www.gutenberg.org/ebooks/${id}/also/`,
  `https://www.gutenberg.org/etext/${id}`,
  `https://www.gutenberg.org/cache/epub/${id}/pg${id}-images.html`,
  `https://www.gutenberg.org/cache/epub/${id}/pg${id}-images.html#chap01`,
  `https://www.gutenberg.org/cache/epub/${id}/pg${id}-h.zip`,
  `https://www.gutenberg.org/cache/epub/${id}/`,
  `https://www.gutenberg.org/files/${id}/`,
  `https://www.gutenberg.org/files/${id}/${id}-h/${id}-h.htm`,
  `https://www.gutenberg.org/files/${id}/${id}-0.zip`,
  `HTTPS://WWW.GUTENBERG.ORG/ebooks/${id}`,
  `http://gutenberg.org/ebooks/${id}`,
  `http://m.gutenberg.org/ebooks/${id}.mobile`,
  `https://gutenberg.net/ebooks/${id}`,
  `www.gutenberg.org/ebooks/${id}`,
  `gutenberg.org/ebooks/${id}?x=1`,
  `//www.gutenberg.org/ebooks/${id}`,
  `www.gutenberg.org:443/ebooks/${id}`,
  `https://gutenberg.pglaf.org/${folders}/${id}/${id}-h/${id}-h.htm`,
  `aleph.pglaf.org/${folders}/${id}/`,
  `https://aleph.pglaf.org/cache/epub/${id}/pg${id}-images.html`,
  `https://mirrors.xmission.com/gutenberg/${folders}/${id}/`,
  `https://mirror.example/pub/gutenberg/cache/epub/${id}/pg${id}.epub`,
  `https://gutenberg.mirror.example/dirs/${folders}/${id}/${id}-h.zip`,
];

describe("the address of a page that a browser shows", () => {
  test.each([...pages(1342, "1/3/4"), ...pages(70_012, "7/0/0/1"), ...pages(5, "0"), ...pages(11, "1")])(
    "%s is the book's number",
    (address) => {
      const id = Number(/\b(?:1342|70012|11|5)\b/.exec(address)?.[0]);
      expect(parseSource(address)).toEqual({ id });
    },
  );

  test("is the number of the book, whichever it is", () => {
    const id = fc.integer({ min: 1, max: 9_999_999 });
    fc.assert(
      fc.property(id, (number) => {
        const folders = number < 10 ? "0" : [...String(number)].slice(0, -1).join("/");
        for (const address of pages(number, folders)) expect(parseSource(address)).toEqual({ id: number });
      }),
    );
  });

  test("brings the book, by any entry, and into one place of the cache", async () => {
    const cacheFolder = temporaryFolder();
    const server = await serveGutenberg({ "www.gutenberg.org/files/1342/1342-0.txt": text(eras[6]!.file) });
    const options = { fetch: server.fetch, clock: fakeClock(), cacheFolder };
    const corpus = await loadCorpus("www.gutenberg.org/ebooks/1342", options);
    expect(corpus).toMatchObject({ text: BOOK, source: { kind: "id", id: 1342 } });
    const page = "https://www.gutenberg.org/cache/epub/1342/pg1342-images.html";
    expect((await loadCorpus({ url: page }, { cacheFolder, offline: true })).text).toBe(BOOK);
    expect((await fetchBook(page, { cacheFolder, offline: true })).fromCache).toBe(true);
    expect(server.requests).toHaveLength(1);
  });
});

describe("an address", () => {
  test.each([
    "https://www.gutenberg.org/files/1342/1342-0.txt",
    "https://www.gutenberg.org/cache/epub/1342/pg1342.txt",
    "https://www.gutenberg.org/ebooks/1342.txt.utf-8",
    "https://www.gutenberg.org/dirs/etext98/pandp12.txt",
    "https://aleph.pglaf.org/1/3/4/1342/1342-8.txt",
    "https://books.example/ebooks/1342",
    "https://books.example/cache/epub/1342/",
    "https://notgutenberg.org/ebooks/1342",
    "https://gutenberg.org.evil.example/ebooks/1342",
    "https://www.gutenberg.org/ebooks/author/68",
    "https://www.gutenberg.org/ebooks/1342abc",
    "https://www.gutenberg.org/ebooks/search/?query=1342",
    "https://www.gutenberg.org/ebooks/0",
    "https://www.gutenberg.org/ebooks/12345678",
    "https://gutenberg.pglaf.org/1/3/4/9999/",
    "HTTP://books.example/Book.txt?a=1342",
  ])("%s is fetched as it is", (address) => {
    expect(parseSource(address)).toEqual({ url: address });
  });

  test("of a text of Project Gutenberg's may lack its https", () => {
    const url = "https://www.gutenberg.org/cache/epub/1342/pg1342.txt";
    expect(parseSource("www.gutenberg.org/cache/epub/1342/pg1342.txt")).toEqual({ url });
  });
});

test.each([
  "book.txt",
  "./gutenberg.org",
  "gutenberg.org",
  "books/1342.txt",
  "C:\\books\\1342.txt",
  "pg1342.txt",
  "www.example.org/1342",
])("%s is a path", (path) => {
  expect(parseSource(path)).toEqual({ path });
});

test.each(["0", "12345678", "http://", "https://", "ftp://books.example/book.txt", "", "-"])(
  "%j is refused",
  async (name) => {
    expect(await failure(Promise.resolve().then(() => parseSource(name)))).toMatchObject({ code: "BAD_SOURCE" });
  },
);

test("addresses of any length are read in a moment", () => {
  for (const piece of [
    "/1",
    "/ebooks/1",
    "/cache/epub/1",
    "/1/2/3",
    "/0",
    "/0/1",
    "gutenberg.org/",
    ".a",
    "%31",
    "0",
  ]) {
    const long = piece.repeat(1_000_000 / piece.length);
    for (const address of [
      `https://www.gutenberg.org/${long}`,
      `https://a.example/gutenberg/${long}`,
      `gutenberg.org${long}`,
      long,
    ]) {
      expect(Object.keys(parseSource(`${address}x`))).toHaveLength(1);
    }
  }
});
