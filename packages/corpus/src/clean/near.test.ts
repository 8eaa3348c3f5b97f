import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesNear } from "./near.js";

const line = /(?<![^\n])[ *]{0,4}(?:the )?end of gutenberg(?!s)/giu;
const pieces = fc.constantFrom(
  ...[
    "Gutenberg",
    "END OF GUTENBERG",
    "the end of gutenbergs",
    "\n",
    " ",
    "***",
    "the",
    "\u2028",
    "é",
    "𝄞",
    "gutenber",
    "x",
  ],
);

test("what is found near a word is what is found in the whole text", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), fc.constantFrom(24, 30, 100), (parts, reach) => {
      const text = parts.join(" ").replaceAll(" \n ", "\n");
      const found = [...matchesNear(text, /gutenberg/giu, reach, line)].map(({ 0: words, index }) => [index, words]);
      expect(found).toEqual([...text.matchAll(line)].map(({ 0: words, index }) => [index, words]));
    }),
    { numRuns: 500 },
  );
});

test("the expression is left as it was", () => {
  const text = `end of gutenberg${" x".repeat(40)} gutenbergs`;
  expect([...matchesNear(text, /gutenberg/giu, 24, line)]).toHaveLength(1);
  expect(line.lastIndex).toBe(0);
  expect([...text.matchAll(line)]).toHaveLength(1);
});

test("a place within a line is no start of one, however far its start is", () => {
  const text = `${"x".repeat(76)}end of gutenberg ${"y".repeat(500)}\nend of gutenberg`;
  expect([...matchesNear(text, /gutenberg/giu, 24, line)].map(({ index }) => index)).toEqual([text.lastIndexOf("end")]);
});
