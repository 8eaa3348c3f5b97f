import { expect, test } from "vitest";
import { lookalikesOf, quotesOf } from "./lookalikes.js";

test.each([
  ["-", [..."-‐‑‒–—―−"]],
  ["—", ["-", "--", ..."-‐‑‒–—―−"]],
  ["\u00a0", [" ", "\n"]],
  ["\n", [" ", "\n"]],
  ["…", ["..."]],
  ["É", ["E", "é", "e", "É", "E"]],
  ["é", ["e", "é", "e", "É", "E"]],
  ["ﬁ", ["fi", "ﬁ", "fi", "FI", "FI"]],
])("%j may also be written as %j", (character, forms) => {
  expect(lookalikesOf(character)).toEqual(forms);
});

test.each([
  ['"', "", [...'"“”„‟«»″']],
  ['"', " ", [...'"“”„‟«»″']],
  ['"', "a", [...'"”“„‟«»″']],
  ["'", "—", [..."'‘’‚‛`´ʼ′"]],
  ["’", "n", [..."'’‘‚‛`´ʼ′"]],
  ["`", "(", [..."'‘’‚‛`´ʼ′"]],
  ["a", "", []],
])("%j after %j may stand as %j", (character, before, marks) => {
  expect(quotesOf(character, before)).toEqual(marks);
});
