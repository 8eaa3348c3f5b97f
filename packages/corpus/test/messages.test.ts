import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import * as browser from "../src/browser.js";
import {
  type CleanOptions,
  type CorpusErrorCode,
  cleanText,
  decodeText,
  type FetchOptions,
  fetchBook,
  loadCorpus,
} from "../src/index.js";
import { BOOK, eras } from "./eras.js";
import { failure } from "./failure.js";
import { fakeClock } from "./gutenberg-server.js";

const FILE = eras[5]!.file;

const errorOf = (call: () => unknown) => failure(Promise.resolve().then(call));

const folder = import.meta.dirname;
const missing = join(folder, "missing.txt");
const cleanOptions = "recipe, foldCase, unwrap, cleanUnmarked";
const fetchOptions =
  "cacheFolder, offline, refresh, mirrors, timeout, sizeLimit, retries, userAgent, signal, onProgress, fetch, clock";
const sources = "the source must be a string or one of { id }, { url }, { path }, { text }, { stdin }";

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

test.each<[CorpusErrorCode, string, Record<string, unknown>, () => unknown]>([
  [
    "BAD_OPTION",
    `cleanText has no option "recip": use one of ${cleanOptions}`,
    { option: "recip", known: cleanOptions.split(", ") },
    () => cleanText("text", { recip: "notebook" } as CleanOptions),
  ],
  [
    "BAD_OPTION",
    `fetchBook has no option "ofline": use one of ${fetchOptions}`,
    { option: "ofline", known: fetchOptions.split(", ") },
    () => fetchBook(1, { ofline: true } as FetchOptions),
  ],
  [
    "BAD_OPTION",
    `loadCorpus has no option "unwarp": use one of ${cleanOptions}, ${fetchOptions}, encoding`,
    { option: "unwarp", known: `${cleanOptions}, ${fetchOptions}, encoding`.split(", ") },
    () => loadCorpus({ text: "text" }, { unwarp: true } as CleanOptions),
  ],
  ...(["timeout", "sizeLimit"] as const).map(
    (option): [CorpusErrorCode, string, Record<string, unknown>, () => unknown] => [
      "BAD_OPTION",
      `${option} is 0, expected a finite number of at least 1`,
      { option, value: 0 },
      () => loadCorpus({ text: "text" }, { [option]: 0 }),
    ],
  ),
  [
    "BAD_OPTION",
    "retries is -1, expected a finite number of at least 0",
    { option: "retries", value: -1 },
    () => fetchBook(1, { retries: -1 }),
  ],
  [
    "BAD_OPTION",
    "timeout is 5, expected a finite number of at least 1",
    { option: "timeout", value: "5" },
    () => fetchBook(1, { timeout: "5" as never }),
  ],
  [
    "BAD_OPTION",
    'mirrors has "ftp://a/", expected addresses that begin with http or https',
    { option: "mirrors", value: "ftp://a/" },
    () => fetchBook(1, { mirrors: ["http://b/", "ftp://a/"] }),
  ],
  [
    "BAD_OPTION",
    "mirrors is empty, expected at least one address, or leave it out",
    { option: "mirrors", value: [] },
    () => fetchBook(1, { mirrors: [] }),
  ],
  [
    "BAD_OPTION",
    "offline and refresh exclude each other: drop one of them",
    { option: "refresh", value: true },
    () => fetchBook(1, { offline: true, refresh: true }),
  ],
  [
    "BAD_OPTION",
    'recipe is "other", expected "gutenberg" or "notebook"',
    { recipe: "other" },
    () => cleanText("text", { recipe: "other" as never }),
  ],
  ...[{ foldCase: false }, { unwrap: true }, { cleanUnmarked: true }].map(
    (options): [CorpusErrorCode, string, Record<string, unknown>, () => unknown] => [
      "BAD_OPTION",
      'recipe "notebook" always lower-cases, leaves no lines and needs its markers: drop foldCase, unwrap and cleanUnmarked, or use the recipe "gutenberg"',
      { recipe: "notebook", foldCase: undefined, unwrap: undefined, cleanUnmarked: undefined, ...options },
      () => cleanText("text", { recipe: "notebook", ...options }),
    ],
  ),
  ["BAD_SOURCE", sources, { given: null }, () => loadCorpus(null as never)],
  ["BAD_SOURCE", sources, { given: {} }, () => loadCorpus({} as never)],
  ["BAD_SOURCE", sources, { given: ["text"] }, () => loadCorpus({ text: 1 } as never)],
  ["BAD_SOURCE", sources, { given: ["text", "path"] }, () => loadCorpus({ text: "a", path: "b" } as never)],
  ["BAD_SOURCE", sources, { given: ["stdin"] }, () => loadCorpus({ stdin: "a" } as never)],
  ...["", "-"].map((given): [CorpusErrorCode, string, Record<string, unknown>, () => unknown] => [
    "BAD_SOURCE",
    `"${given}" names no text: give a Project Gutenberg number, an address or a path, or { stdin: process.stdin }`,
    { given },
    () => loadCorpus(given),
  ]),
  ...["FTP://a/b", "file+x://a/b"].map((given): [CorpusErrorCode, string, Record<string, unknown>, () => unknown] => [
    "BAD_SOURCE",
    `"${given}" is no address that can be fetched: it has to begin with http:// or https://; for a file give its path`,
    { given },
    () => loadCorpus(given),
  ]),
  [
    "BAD_SOURCE",
    '"0" is no book: give a Project Gutenberg number like 1342, or an address that begins with http or https',
    { given: 0 },
    () => fetchBook(0),
  ],
  ["NOT_FOUND", `there is no file "${missing}": check the path`, { path: missing }, () => loadCorpus(missing)],
  [
    "NOT_FOUND",
    `there is no file "${join(import.meta.filename, "x")}": check the path`,
    { path: join(import.meta.filename, "x") },
    () => loadCorpus(join(import.meta.filename, "x")),
  ],
  ["NOT_A_FILE", `"${folder}" is a folder: give a text file in it`, { path: folder }, () => loadCorpus(folder)],
  ["EMPTY_TEXT", "the text is empty: give a text with at least one visible character", {}, () => cleanText(" \n")],
  [
    "EMPTY_TEXT",
    "the text is empty: give a text with at least one visible character",
    {},
    () => loadCorpus({ text: "" }),
  ],
  [
    "EMPTY_TEXT",
    "the standard input is empty: give a text with at least one visible character",
    {},
    () => loadCorpus({ stdin: chunk("\n") }),
  ],
  [
    "BINARY_FILE",
    "the source is no plain text: it has a zero byte in line 1; give a text file, not a picture, archive or e-book, or take the byte out; a text in UTF-16 is read when its encoding is named",
    { encoding: "utf-8", reason: "zero-bytes" },
    () => decodeText(Uint8Array.of(65, 0, 66)),
  ],
  [
    "TOO_LARGE",
    "the standard input is larger than 3 bytes: use a smaller text, or raise sizeLimit",
    { sizeLimit: 3 },
    () => loadCorpus({ stdin: chunk("four") }, { sizeLimit: 3 }),
  ],
  [
    "TOO_LARGE",
    `"${import.meta.filename}" is larger than 3 bytes: use a smaller text, or raise sizeLimit`,
    { sizeLimit: 3 },
    () => loadCorpus(import.meta.filename, { sizeLimit: 3 }),
  ],
  [
    "NEEDS_NODE",
    'a browser cannot read the path "book.txt": read the file with an <input type="file"> and pass { text }',
    { path: "book.txt" },
    () => browser.loadCorpus("book.txt"),
  ],
  [
    "NEEDS_NODE",
    "a browser has no folders: leave cacheFolder out",
    { cacheFolder: "books" },
    () => browser.fetchBook(1, { cacheFolder: "books" }),
  ],
])("%s: %s", async (code, message, details, call) => {
  expect(await errorOf(call)).toMatchObject({ name: "CorpusError", code, message, details });
});

test("UNREADABLE: the system's reason and code", async () => {
  const error = await errorOf(() => loadCorpus({ path: "a\0b" }));
  expect(error).toMatchObject({ code: "UNREADABLE", details: { path: "a\0b", systemCode: "ERR_INVALID_ARG_VALUE" } });
  expect(error.message).toBe(`cannot read "a\0b": ${(error.cause as Error).message}`);
});

test("a book that is not in the cache is told with an address for a browser, and where it could come from", async () => {
  const options = { offline: true, cacheFolder: temporaryFolder(), mirrors: ["http://a.example"] };
  expect(await errorOf(() => fetchBook("9", options))).toMatchObject({
    code: "OFFLINE",
    message:
      "book 9 has no intact copy in the cache, and offline forbids fetching it: go online once, or " +
      "download https://www.gutenberg.org/cache/epub/9/pg9.txt in a browser and pass the file's path",
    details: {
      id: 9,
      addresses: ["http://a.example/0/9/9-0.txt", "http://a.example/0/9/9-8.txt", "http://a.example/0/9/9.txt"],
    },
  });
  expect(await errorOf(() => fetchBook("http://a.example/b", options))).toMatchObject({
    message:
      "http://a.example/b has no intact copy in the cache, and offline forbids fetching it: go online once, or " +
      "download the text in a browser and pass the file's path",
    details: { address: "http://a.example/b", addresses: ["http://a.example/b"] },
  });
});

describe("a book that cannot be fetched is told in one short message", () => {
  const options = { clock: fakeClock(), retries: 0 };
  const refuse = (code: string) => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error(`getaddrinfo ${code} a`), { code }) });
  };

  test("in which a host has one reason, and hosts with one reason share it", async () => {
    const fetch = async (input: unknown) => {
      const { host } = new URL(String(input));
      return host === "www.gutenberg.org" ? new Response(null, { status: 404, statusText: "No" }) : refuse("ENOTFOUND");
    };
    const error = await errorOf(() => fetchBook(12, { ...options, fetch, cacheFolder: temporaryFolder() }));
    expect(error.message).toBe(
      "cannot fetch book 12: www.gutenberg.org answers 404 No; " +
        "gutenberg.pglaf.org, aleph.pglaf.org and mirrors.xmission.com cannot be reached: nobody knows its name (ENOTFOUND). " +
        "Check the number and the network, or " +
        "download https://www.gutenberg.org/cache/epub/12/pg12.txt in a browser and pass the file's path",
    );
    expect(error.details).toMatchObject({ id: 12, tried: { length: 12 } });
  });

  test("of an address, the address is named once", async () => {
    const fetch = async () => refuse("ECONNREFUSED");
    const error = await errorOf(() =>
      fetchBook("http://a.example/b", { ...options, fetch, cacheFolder: temporaryFolder() }),
    );
    expect(error.message).toBe(
      "cannot fetch http://a.example/b: the server cannot be reached: it refuses connections (ECONNREFUSED). " +
        "Check the address and the network, or download the text in a browser and pass the file's path",
    );
  });

  test("however many mirrors were named and whatever each says", async () => {
    for (const same of [true, false]) {
      const fetch = async (input: unknown) =>
        new Response(null, {
          status: 404,
          statusText: same ? "No" : `${new URL(String(input)).host} ${"x".repeat(99)}`,
        });
      const mirrors = Array.from({ length: 200 }, (_, index) => `http://m${index}.example/`);
      const error = await errorOf(() => fetchBook(12, { ...options, fetch, mirrors, cacheFolder: temporaryFolder() }));
      expect(error.message.length).toBeLessThan(700);
      expect(error.details.tried).toHaveLength(600);
    }
  });
});

const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n";
const END = "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";

describe("a warning says", () => {
  const warningsOf = (text: string) => cleanText(text).warnings;

  test("that a text without a marker keeps everything", () => {
    const message = "the text has no marker of Project Gutenberg: nothing was cut";
    expect(warningsOf("A text.")).toEqual([{ code: "NO_MARKER", message }]);
  });

  test("that nothing would be left", () => {
    const message = "cleaning would leave nothing of this text: nothing was cut";
    expect(warningsOf(START + END)).toEqual([{ code: "NOTHING_LEFT", message }]);
  });

  test("how much was cut, by which rules, without header and licence", () => {
    const note = `[Transcriber's Note: ${"x".repeat(379)}]`;
    const body = `${"The lamp was out. ".repeat(20).trim()}\n`;
    expect(warningsOf(`${START}${note}\n${body}${END}`)).toEqual([
      { code: "MUCH_CUT", message: "53 % of the text was cut (transcriber-notes): have a look at it" },
    ]);
    expect(warningsOf(FILE)).toEqual([]);
  });

  test("in which lines of the file Project Gutenberg is still named", () => {
    const line = "She wrote to Project\nGutenberg about it, at www.gutenberg.org, and to nobody else in the world.\n";
    expect(warningsOf(`${START}${BOOK}${line.repeat(3)}${BOOK}${END}`)).toEqual([
      {
        code: "NAME_LEFT",
        message: expect.stringMatching(
          /^the text still names Project Gutenberg \(lines 132, 133, 134, 135, 136 and 1 more\): take that out/,
        ),
      },
    ]);
  });

  test("which list at the end may be the transcriber's or the book's own", () => {
    const list = "\n\n\nERRATA\n\nOn the third page the lamp was not red.\n\nThe quay is longer than we said.\n";
    const cleaned = cleanText(`${START}${BOOK}${list}${END}`);
    expect(cleaned.text).toContain("ERRATA");
    expect(cleaned.warnings).toEqual([
      {
        code: "LIST_LEFT",
        message: "the list \"ERRATA\" (line 135) may be the transcriber's or the book's own: it was kept",
      },
    ]);
  });

  test("that a text without a marker was cleaned for its marks, or that marks stayed", () => {
    expect(warningsOf("THE LAMP\n\n[Illustration]\n\nThe _lamp_.\n")[0]?.message).toBe(
      'the text has no marker of Project Gutenberg; "[Illustration]" (line 3) shows that it is a transcription: it was cleaned as one',
    );
    expect(warningsOf("THE LAMP\n\nThe _lamp_.\n")).toEqual([
      {
        code: "NO_MARKER",
        message:
          "the text has no marker of Project Gutenberg: nothing was cut; marks like _italics_ (line 3) stay unless " +
          "texts without a marker are to be cleaned too",
      },
    ]);
  });
});
