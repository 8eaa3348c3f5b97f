// What a server sends is looked at before it is kept: whatever it is made of, in time that grows with its length alone.
import { temporaryFolder } from "@charlstm/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fetchBook } from "../src/index.js";
import { isWebPage } from "../src/web-page.js";
import { fakeClock } from "./gutenberg-server.js";

const ADDRESS = "http://books.example/book.txt";

/** Pieces that what looks at fetched bytes has a rule about. */
const telling = [
  ...["<!--", "-->", "<!---->", "--><!--", "<!--\n", "<!-- -", "<", "<!", "<!doctype", "<!doctype ", "<?xml "],
  ...[" ", "\t", "\n", "\f", "\v", "\r", "\r\n", "\u00a0", "\u0085", "\u2028", "\u2029", "\u3000", "\ufeff", "\0"],
  ...["project gutenberg ebook of ", "by ", "title:", "title: \n ", "author:\t", "character set encoding: ", "\x92"],
  ...["*** START OF", "*** END OF THE PROJECT GUTENBERG EBOOK", "end of project gutenberg", "* "],
];

async function load(body: string): Promise<string> {
  const fetch = async () => new Response(body, { headers: { "content-type": "text/plain" } });
  const options = { fetch, clock: fakeClock(), cacheFolder: temporaryFolder(), retries: 0 };
  return fetchBook(ADDRESS, options).then(
    ({ bytes }) => `${bytes.length} bytes`,
    (error) => String(error.code),
  );
}

describe("an answer eight times as long takes about eight times as long", () => {
  // Quadratic work on half a million characters would take minutes, exponential work on a thousand for ever: either times out.
  test.each(telling)("made of %j", async (piece) => {
    for (const length of [1_000, 8_000, 64_000, 512_000]) {
      const body = `<!--${piece.repeat(Math.ceil(length / piece.length))}\ntext`;
      expect(await load(body.slice(4))).toMatch(/^\d+ bytes$|^DOWNLOAD_FAILED$/);
      expect(await load(body)).toMatch(/^\d+ bytes$|^DOWNLOAD_FAILED$/);
    }
  });
});

test("a text that opens and closes comments without end is a text, and is looked at in a moment", async () => {
  expect(await load(`<!--${"--><!--".repeat(1600)}\ntext`)).toBe("11209 bytes");
});

describe("a web page", () => {
  const space = fc.stringMatching(/^[ \n\r\t\f]{0,300}$/);
  const comment = fc
    .string({ maxLength: 3000 })
    .filter((text) => !text.includes("-->"))
    .map((text) => `<!-- ${text} -->`);
  const before = fc.array(fc.oneof(space, comment), { maxLength: 12 }).map((parts) => parts.join(""));
  const tag = fc.constantFrom(
    "<!DOCTYPE html>",
    "<html lang=en>",
    "<HEAD>",
    "<title>",
    "<meta x>",
    "<?xml version='1'?>",
  );

  test("is known behind any number of comments of any length", () => {
    fc.assert(fc.property(before, tag, (opening, first) => isWebPage(`${opening}${first}\nA book.`)));
  });

  test("is not what has a word before its first tag, or a comment that never ends", () => {
    fc.assert(fc.property(before, tag, (opening, first) => !isWebPage(`${opening}word ${first}`)));
    fc.assert(fc.property(before, tag, (opening, first) => !isWebPage(`${opening}<!-- ${first}`)));
  });
});
