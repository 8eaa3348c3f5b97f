import fc from "fast-check";
import { expect, test } from "vitest";
import { longestCopiedPassage } from "./copied-passage.js";

/** The same by trying every substring. */
function byTrying(generated: string, corpus: string): number {
  for (let length = generated.length; length > 0; length--) {
    for (let at = 0; at + length <= generated.length; at++)
      if (corpus.includes(generated.slice(at, at + length))) return length;
  }
  return 0;
}

test("the passage is the longest that stands in both texts", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
  fc.assert(
    fc.property(text, text, (generated, corpus) => {
      const { text: passage, length, at, corpusAt } = longestCopiedPassage(generated, corpus);
      expect(length).toBe(byTrying(generated, corpus));
      expect(generated.slice(at, at + length)).toBe(passage);
      expect(corpus.slice(corpusAt, corpusAt + length)).toBe(passage);
    }),
  );
});

test("so it is for every text of up to seven of two letters, in a corpus that has them in every order", () => {
  const corpora = ["abbabaabbaababba", "aaabaaabbaabbbab", "bbbbbbaaaaaa", "abab", "b", ""];
  for (let length = 0; length <= 7; length++) {
    for (let bits = 0; bits < 2 ** length; bits++) {
      const generated = [...bits.toString(2).padStart(length, "0")]
        .slice(0, length)
        .map((bit) => "ab"[Number(bit)])
        .join("");
      for (const corpus of corpora) {
        const { text, length: found, at, corpusAt } = longestCopiedPassage(generated, corpus);
        expect([generated, corpus, found]).toEqual([generated, corpus, byTrying(generated, corpus)]);
        expect([generated.slice(at, at + found), corpus.slice(corpusAt, corpusAt + found)]).toEqual([text, text]);
      }
    }
  }
});

test("characters outside the basic plane count once", () => {
  expect(longestCopiedPassage("x😀😀y", "a😀😀b")).toMatchObject({ text: "😀😀", length: 2 });
});
