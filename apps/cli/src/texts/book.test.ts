import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { isCorpusError } from "@charlstm/corpus";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { ioIn } from "../../test/invoke.js";
import { type BookOptions, openBook, pathOf } from "./book.js";

/** A book's name in a folder with files, and what was said meanwhile. */
async function open(
  book: string | null,
  options: Partial<BookOptions> = {},
  files: Record<string, string> = {},
  stdin = "",
) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const io = { ...ioIn(folder), stdin: Readable.from([Buffer.from(stdin)]), env: { HOME: folder } };
  let said = "";
  io.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const opened = await openBook(io, book, { recipe: "auto", ...options }).catch((error: unknown) => error);
  if (opened instanceof Error) return { folder, said, error: opened };
  const { name, corpus } = opened as Awaited<ReturnType<typeof openBook>>;
  return { folder, said, name, text: corpus.text, recipe: corpus.recipe, corpus };
}

test("a file is a book by its whole path, stdin by a dash, and each is cleaned as flags say", async () => {
  const { folder, ...file } = await open("a.txt", { foldCase: true }, { "a.txt": "One\r\nTwo" });
  expect(file).toMatchObject({ name: join(folder, "a.txt"), text: "one\ntwo", recipe: "gutenberg", said: "" });
  expect(await open("-", {}, {}, "From Stdin")).toMatchObject({ name: "-", text: "From Stdin" });
});

const notebooks = (title: string) =>
  `Title: ${title}\n\n*** START OF THE PROJECT GUTENBERG EBOOK ${title.toUpperCase()} ***\n\nChapter 1\n\nIt is a truth.\n\n*** END OF THE PROJECT GUTENBERG EBOOK ***\n`;

test("another edition of the notebook's book than its own is cleaned as any book, also where the recipe is left to the program", async () => {
  const files = { "pride.txt": notebooks("Pride and Prejudice") };
  expect(await open("pride.txt", {}, files)).toMatchObject({ recipe: "gutenberg" });
  // The standard input is read but once.
  expect(await open("-", {}, {}, files["pride.txt"])).toMatchObject({ name: "-", recipe: "gutenberg" });
  expect((await open("pride.txt", { recipe: "notebook" }, files)).error).toMatchObject({ code: "MARKER_MISSING" });
});

test("the novel that comes with the program is a book without a name, cleaned as flags say", async () => {
  const { name, corpus, text } = await open(null, { foldCase: true });
  expect(name).toBeNull();
  expect(corpus).toMatchObject({ title: "Moby-Dick", warnings: [], recipe: "gutenberg" });
  expect(text).toContain("call me ishmael");
});

test("what the library says of its options is said of the flags", async () => {
  const files = { "a.txt": "One" };
  const messageOf = async (options: Partial<BookOptions>, book = "a.txt") => {
    const { error } = await open(book, options, files);
    expect(isCorpusError(error)).toBe(true);
    return error!.message;
  };
  const all = /drop --fold-case, --unwrap and --clean-unmarked/;
  expect(await messageOf({ recipe: "notebook", unwrap: true })).toMatch(all);
  expect(await messageOf({ encoding: "nonsense" })).toMatch(/--encoding is/);
  expect(await messageOf({ offline: true }, "1342")).toMatch(/--offline/);
});

test("a word is a path unless it is a number, an address or stdin; a site's copy on this disk is a file", () => {
  const folder = temporaryFolder();
  const io = ioIn(folder);
  expect(["1342", "-", "https://www.gutenberg.org/files/1342/1342-0.txt"].map((word) => pathOf(io, word))).toEqual([
    ...[undefined, undefined, undefined],
  ]);
  expect(pathOf(io, "books/a.txt")).toBe(join(folder, "books", "a.txt"));
  const site = "www.gutenberg.org/files";
  expect(pathOf(io, `${site}/a.txt`)).toBeUndefined();
  mkdirSync(join(folder, site), { recursive: true });
  writeFileSync(join(folder, site, "a.txt"), "a");
  expect(pathOf(io, `${site}/a.txt`)).toBe(join(folder, site, "a.txt"));
  writeFileSync(join(folder, site, "1342"), "a");
  expect(pathOf(io, `${site}/1342`)).toBe(join(folder, site, "1342"));
  writeFileSync(join(folder, "1342"), "a");
  expect(pathOf(io, "1342")).toBeUndefined();
});
