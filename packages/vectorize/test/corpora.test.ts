import { corpusFile, describeWithCorpora } from "@charlstm/testing";
import { beforeAll, expect, test } from "vitest";
import {
  createVocabulary,
  decode,
  encode,
  encodeStream,
  type Ids,
  streamBatches,
  type Vocabulary,
  windowBatches,
} from "../src/index.js";

describeWithCorpora("a real book", () => {
  let bytes: Buffer;
  let text: string;
  let vocabulary: Vocabulary;
  let ids: Ids;

  beforeAll(() => {
    bytes = corpusFile("tinyshakespeare.txt");
    text = bytes.toString("utf8");
    vocabulary = createVocabulary(text);
    ids = encode(text, vocabulary);
  });

  test("has the published number of characters, comes back whole, and takes a byte a character", () => {
    expect([ids.length, vocabulary.size, ids.byteLength]).toEqual([1_115_394, 65, 1_115_394]);
    expect(decode(ids, vocabulary) === text).toBe(true);
  });

  test("streamed as bytes in odd parts gives the same ids", async () => {
    function* parts() {
      for (let start = 0; start < bytes.length; start += 4099) yield bytes.subarray(start, start + 4099);
    }
    const streamed = await encodeStream(parts(), { capacity: bytes.length });
    expect(streamed.vocabulary.characters).toEqual(vocabulary.characters);
    expect(Buffer.compare(streamed.ids as Uint8Array, ids as Uint8Array)).toBe(0);
  });

  test("an epoch of windows predicts each character as often as windows end before it", () => {
    const counts = new Uint32Array(vocabulary.size);
    for (const { targets } of windowBatches(ids, { window: 60, batch: 512, seed: 1 })) {
      for (const target of targets) counts[target]!++;
    }
    const expected = new Uint32Array(vocabulary.size);
    for (const id of ids.subarray(60)) expected[id]!++;
    expect(counts).toEqual(expected);
  });

  test("streams read all of it but less than a batch", () => {
    let read = 0;
    for (const { targets } of streamBatches(ids, { batch: 32, length: 64, reuse: true })) read += targets.length;
    expect(ids.length - 1 - read).toBeLessThan(32 * 64);
  });
});
