import { expect, test } from "vitest";
import { type CutRule, Draft, type Found } from "./draft.js";

const found = (rule: CutRule, ...spans: number[]): Found[] => [{ rule, spans }];

test("what is cut is counted in the text that was given, in the order in which the rules first applied", () => {
  const draft = new Draft("one\ntwo\nthree 😀\n");
  expect(draft.cut(() => found("bold", 4, 8))).toBe(true);
  expect(draft.text).toBe("one\nthree 😀\n");
  expect(draft.cut(() => found("italics", 9, 12))).toBe(true);
  expect(draft.cut(() => found("bold", 0, 1))).toBe(true);
  expect(draft.text).toBe("ne\nthree\n");
  expect(draft.cuts()).toEqual([
    { rule: "bold", places: 2, firstLine: 1, lastLine: 2, characters: 5, spans: [0, 1, 4, 8] },
    { rule: "italics", places: 1, firstLine: 3, lastLine: 3, characters: 2, spans: [13, 16] },
  ]);
});

test("nothing found is nothing cut", () => {
  const draft = new Draft("text");
  expect(draft.cut(() => found("bold"))).toBe(false);
  expect(draft.cut(() => [])).toBe(false);
  expect([draft.text, draft.cuts()]).toEqual(["text", []]);
});

test("several rules of one step cut the same text", () => {
  const draft = new Draft("abcdef");
  draft.cut(() => [...found("header", 0, 1), ...found("licence", 4, 6)]);
  expect(draft.text).toBe("bcd");
  expect(draft.cuts().map(({ rule, spans }) => [rule, spans])).toEqual([
    ["header", [0, 1]],
    ["licence", [4, 6]],
  ]);
});

test("a substitution keeps the length", () => {
  const draft = new Draft("ab");
  draft.substitute("xy");
  expect(draft.text).toBe("xy");
  expect(() => draft.substitute("x")).toThrow("a substitution must keep the length");
});

test("a cut that would make what follows combine with what is before is not made, where the normal form is kept", () => {
  const given = "e_\u0301 _x_ \u1100=\u1161";
  const spans = [1, 2, 4, 5, 6, 7, 9, 10];
  const keeping = new Draft(given, { keepNormal: true });
  keeping.cut(() => found("italics", ...spans));
  expect(keeping.text).toBe("e_\u0301 x \u1100=\u1161");
  const loose = new Draft(given);
  loose.cut(() => found("italics", ...spans));
  expect(loose.text).toBe("e\u0301 x \u1100\u1161");
  const allowed = new Draft("_\u0301\n_\u0301 a_b\u0301", { keepNormal: true });
  allowed.cut(() => found("italics", 0, 1, 3, 4, 7, 8));
  expect(allowed.text).toBe("\u0301\n\u0301 ab\u0301");
});
