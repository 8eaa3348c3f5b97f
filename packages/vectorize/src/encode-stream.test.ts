import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText } from "../test/arbitraries.js";
import { decode, encode } from "./encode.js";
import { encodeStream } from "./encode-stream.js";
import { createVocabulary } from "./vocabulary.js";

async function* later<Chunk>(chunks: Iterable<Chunk>): AsyncGenerator<Chunk, void, undefined> {
  yield* chunks;
}

describe("encodeStream", () => {
  test("parts of a text, cut anywhere, give the ids and the vocabulary of the whole text", async () => {
    await fc.assert(
      fc.asyncProperty(cutText(), fc.boolean(), fc.nat(20), async ({ text, chunks }, wait, capacity) => {
        const { ids, vocabulary } = await encodeStream(wait ? later(chunks) : chunks, { capacity });
        const expected = createVocabulary(text);
        expect(vocabulary.characters).toEqual(expected.characters);
        expect(ids).toEqual(encode(text, expected));
      }),
    );
  });

  test("bytes cut inside a character give the ids of the text", async () => {
    const text = "día 😀 שלום e\u0301\n";
    const bytes = new TextEncoder().encode(text);
    for (let size = 1; size < 6; size++) {
      const chunks = [];
      for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
      const { ids, vocabulary } = await encodeStream(later(chunks));
      expect(decode(ids, vocabulary)).toBe(text);
    }
  });

  test("a byte order mark at the start of bytes is no character", async () => {
    const { vocabulary } = await encodeStream([Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf, 0x61)]);
    expect(vocabulary.characters).toEqual(["a"]);
  });

  test.each([
    ["Latin-1", [Uint8Array.of(0x61), Uint8Array.of(0x61, 0xe9, 0x61)], 1],
    ["cut short", [Uint8Array.of(0x61, 0xf0, 0x9f)], 3],
  ])("bytes that are not UTF-8, %s, are refused", async (_, chunks, position) => {
    await expect(encodeStream(chunks)).rejects.toMatchObject({
      code: "NOT_UTF8",
      details: { position },
      cause: expect.any(TypeError),
    });
  });

  test("ids grow wider as the vocabulary does", async () => {
    const text = Array.from({ length: 70_000 }, (_, index) => String.fromCodePoint(0x1ffff - index)).join("");
    const { ids, vocabulary } = await encodeStream([text.slice(0, 512), text.slice(512, 600), text.slice(600)]);
    expect(ids).toBeInstanceOf(Uint32Array);
    expect(decode(ids, vocabulary) === text).toBe(true);
    const narrow = await encodeStream([text.slice(0, 512), text.slice(0, 512)]);
    expect(narrow.ids).toBeInstanceOf(Uint8Array);
    const wider = await encodeStream([text.slice(0, 512), text.slice(512, 600)]);
    expect(wider.ids).toBeInstanceOf(Uint16Array);
  });

  test("a capacity that is enough is the only array that is made", async () => {
    const { ids } = await encodeStream(["abc", "abc"], { capacity: 8 });
    expect(ids.buffer.byteLength).toBe(8);
    expect(ids.length).toBe(6);
  });

  test("a given vocabulary is used, and what it lacks is an error, left out, or replaced", async () => {
    const vocabulary = createVocabulary("abc ");
    const chunks = ["ab", "c\ud83d", "\ude00a"];
    await expect(encodeStream(chunks, { vocabulary })).rejects.toMatchObject({
      code: "UNKNOWN_CHARACTERS",
      details: { unknown: [{ character: "😀", codePoint: "U+1F600", count: 1, position: 3 }] },
    });
    const skipped = await encodeStream(chunks, { vocabulary, unknown: "skip" });
    expect(skipped.vocabulary).toBe(vocabulary);
    expect(decode(skipped.ids, vocabulary)).toBe("abca");
    const replaced = await encodeStream(chunks, { vocabulary, unknown: { replace: " " } });
    expect(decode(replaced.ids, vocabulary)).toBe("abc a");
  });

  test("no text at all is an error, unless the vocabulary is known", async () => {
    await expect(encodeStream([])).rejects.toMatchObject({ code: "EMPTY_TEXT" });
    await expect(encodeStream(["", ""])).rejects.toMatchObject({ code: "EMPTY_TEXT" });
    const { ids } = await encodeStream([], { vocabulary: createVocabulary("a") });
    expect(ids.length).toBe(0);
  });

  test("aborting ends it with the signal's reason and closes the source", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let closed = false;
    async function* endless() {
      try {
        for (let count = 0; ; count++) {
          if (count === 3) controller.abort(reason);
          yield "text";
        }
      } finally {
        closed = true;
      }
    }
    await expect(encodeStream(endless(), { signal: controller.signal })).rejects.toBe(reason);
    expect(closed).toBe(true);
  });

  test("a string is a text of one part", async () => {
    const { ids, vocabulary } = await encodeStream("abab");
    expect(decode(ids, vocabulary)).toBe("abab");
  });

  test.each([
    [{ capacity: -1 }, /capacity is -1/],
    [{ size: 1 }, /no option "size"/],
  ])("a wrong option %j is refused", async (options, message) => {
    await expect(encodeStream(["a"], options as never)).rejects.toThrow(message);
  });
});
