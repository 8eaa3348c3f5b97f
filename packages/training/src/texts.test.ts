import { expect, test } from "vitest";
import { itemMark } from "./items.js";
import { createTextJoiner } from "./texts.js";

test("texts are counted in characters, also where a piece ends within one", () => {
  const joiner = createTextJoiner();
  // A pair cut in two, a high half alone, a low half alone, and a pair after a high half.
  for (const piece of ["a\ud83d", "\ude00", "\ud83d", "b", "\ude00", "\ud83d\ud83d\ude00"]) joiner.next(piece);
  joiner.endText();
  expect(joiner.next("\uffff")).toBe("\n\n\uffff");
  joiner.endText();
  joiner.endText();
  expect(joiner.places).toEqual([
    { begin: 0, end: 7 },
    { begin: 9, end: 10 },
    { begin: 10, end: 10 },
  ]);
  expect(joiner.rest()).toBe("");
});

test("an empty piece begins no text", () => {
  const joiner = createTextJoiner();
  joiner.endText();
  expect(joiner.next("")).toBe("");
  expect(joiner.next("a")).toBe("\n\na");
  joiner.endText();
  expect(joiner.places).toEqual([
    { begin: 0, end: 0 },
    { begin: 2, end: 3 },
  ]);
});

test("of items the last one ends with a mark, where there is any", () => {
  const joiner = createTextJoiner("line");
  expect(joiner.next(" \n")).toBe("");
  expect(joiner.rest()).toBe("");
  expect(joiner.next("a")).toBe(`${itemMark}a`);
  expect(joiner.rest()).toBe(itemMark);
});
