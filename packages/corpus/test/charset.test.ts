// A server's word for the encoding counts, also of a book that is kept.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { loadCorpus } from "../src/index.js";
import { fakeClock } from "./gutenberg-server.js";

const ADDRESS = "http://books.example/book.txt";
const NIHON = Uint8Array.of(0x93, 0xfa, 0x96, 0x7b, 0x0a); // 日本 in Shift_JIS

test.each(["text/plain; charset=Shift_JIS", 'text/plain;charset="shift-jis"', "text/plain; x=y; Charset = sjis"])(
  "%s is read as what it says, from the network and from the cache",
  async (type) => {
    const options = { clock: fakeClock(), cacheFolder: temporaryFolder(), retries: 0 };
    const fetch = async () => new Response(NIHON, { headers: { "content-type": type } });
    expect(await loadCorpus(ADDRESS, { ...options, fetch })).toMatchObject({ text: "日本\n", encoding: "shift_jis" });
    expect(await loadCorpus(ADDRESS, { ...options, offline: true })).toMatchObject({
      text: "日本\n",
      encoding: "shift_jis",
    });
  },
);

test("the user's word counts more than the server's", async () => {
  const fetch = async () => new Response(NIHON, { headers: { "content-type": "text/plain; charset=windows-1252" } });
  const options = { fetch, clock: fakeClock(), cacheFolder: temporaryFolder(), encoding: "Shift_JIS" };
  expect(await loadCorpus(ADDRESS, options)).toMatchObject({ text: "日本\n", encoding: "shift_jis" });
});

test.each(["HZ-GB-2312", "UTF-7", "hz", "ISO-2022-KR"])(
  "%s, which looks like ASCII and is not read, is warned of by name",
  async (charset) => {
    const body = new TextEncoder().encode("~{VPND~}, +ZeVnLA-\n");
    const fetch = async () => new Response(body, { headers: { "content-type": `text/plain; charset=${charset}` } });
    const corpus = await loadCorpus(ADDRESS, { fetch, clock: fakeClock(), cacheFolder: temporaryFolder() });
    expect(corpus.warnings.map(({ code }) => code)).toContain("ENCODING_UNKNOWN");
    expect(corpus.warnings.map(({ message }) => message).join()).toContain(`iconv -f ${charset} -t UTF-8`);
  },
);

test("utf-16, named without its order, is read in the order that the mark at the beginning tells", async () => {
  const bytes = Uint8Array.of(0xfe, 0xff, 0, 0x43, 0, 0xe9, 0, 0x0a);
  const path = join(temporaryFolder(), "cafe.txt");
  writeFileSync(path, bytes);
  for (const encoding of ["utf-16", "ucs-2", "unicode"]) {
    expect(await loadCorpus({ path }, { encoding })).toMatchObject({ text: "Cé\n", encoding: "utf-16be" });
  }
});
