import { describe, expect, test } from "vitest";
import { endOfParagraph, isBlankLine, nextLine, paragraphBefore, paragraphFrom, previousLine } from "./paragraphs.js";

const text = "one\ntwo\n\n \t\nthree\n\n\nfour";

test("paragraphs follow each other, with their lines and the blank lines before them", () => {
  expect(paragraphFrom(text, 0)).toEqual({ start: 0, end: 8, lines: 2, gap: 0 });
  expect(paragraphFrom(text, 4)).toEqual({ start: 4, end: 8, lines: 1, gap: 0 });
  expect(paragraphFrom(text, 8)).toEqual({ start: 12, end: 18, lines: 1, gap: 2 });
  expect(paragraphFrom(text, 18)).toEqual({ start: 20, end: 24, lines: 1, gap: 2 });
  expect(paragraphFrom(text, text.length)).toBeUndefined();
  expect(paragraphFrom("\n \n", 0)).toBeUndefined();
});

test("paragraphs are found from the end, with the blank lines after them", () => {
  expect(paragraphBefore(text, text.length)).toEqual({ start: 20, end: 24, lines: 1, gap: 0 });
  expect(paragraphBefore(text, 20)).toEqual({ start: 12, end: 18, lines: 1, gap: 2 });
  expect(paragraphBefore(text, 12)).toEqual({ start: 0, end: 8, lines: 2, gap: 2 });
  expect(paragraphBefore(text, 0)).toBeUndefined();
  expect(paragraphBefore("\n \n", 3)).toBeUndefined();
});

test("a paragraph is looked through for 20,000 characters, not for ever", () => {
  const line = `${"x".repeat(99)}\n`;
  const long = line.repeat(1000);
  expect(paragraphFrom(long, 0)).toEqual({ start: 0, end: 20_000, lines: 200, gap: 0 });
  expect(paragraphBefore(long, long.length)).toEqual({ start: 80_000, end: 100_000, lines: 200, gap: 0 });
  expect(paragraphFrom(line.repeat(150), 0)).toEqual({ start: 0, end: 15_000, lines: 150, gap: 0 });
});

test("a paragraph ends before the newline that a blank line follows", () => {
  expect(endOfParagraph(text, 0)).toBe(7);
  expect(endOfParagraph(text, 7)).toBe(7);
  expect(endOfParagraph(text, 13)).toBe(17);
  expect(endOfParagraph(text, 21)).toBe(24);
  expect(endOfParagraph(`a\n${" ".repeat(200)}\nb`, 0)).toBe(1);
  expect(endOfParagraph(`a\n${" ".repeat(201)}\nb`, 0)).toBe(1);
  for (const blank of ["\f", "\u00a0", "\u2028", "\u3000", "\ufeff"]) {
    expect([blank, endOfParagraph(`a\n${blank}\nb`, 0)]).toEqual([blank, 1]);
  }
});

describe("lines", () => {
  test("begin after a newline", () => {
    expect([0, 2, 3, 4, 20].map((at) => nextLine(text, at))).toEqual([4, 4, 4, 8, 24]);
    expect([24, 20, 12, 9, 4, 2, 1, 0].map((at) => previousLine(text, at))).toEqual([20, 19, 9, 8, 0, 0, 0, 0]);
    expect(previousLine("\na\n", 1)).toBe(0);
    expect(previousLine("a\nb\n", 2)).toBe(0);
  });

  test("are blank when there is nothing but white space in them", () => {
    expect([0, 8, 9, 12, 24].map((at) => isBlankLine(text, at))).toEqual([false, true, true, false, true]);
    expect(isBlankLine("  ", 0)).toBe(true);
    expect(isBlankLine("  x", 0)).toBe(false);
    expect(isBlankLine("\u00a0\t\n", 0)).toBe(true);
  });
});
