import { expect, test } from "vitest";
import { cutBlankLines, cutBold, cutItalics, unwrapLines } from "../index.js";

test.each<[string, string]>([
  ["_a_", "a"],
  ["_a _b_ c_ d_", "a b c d_"],
  ["x_a_", "x_a_"],
  ["1_st_", "1st"],
  ["_a_b", "_a_b"],
  ["_a_1 _b_", "_a_1 b"],
  ["_a\nb_ _c\n\nd_", "a\nb _c\n\nd_"],
  ["a_\n\n_b_", "a_\n\nb"],
  ["__a_ _b__", "__a_ _b__"],
  ["_😀_ 😀_a_ 𝒜_b_ _c_𝒜", "😀 😀a 𝒜_b_ _c_𝒜"],
])("italics: %j becomes %j", (before, after) => {
  expect(cutItalics(before).text).toBe(after);
});

test.each<[string, string]>([
  ["=a=", "a"],
  ["=a= =b c=", "a b c"],
  ["= a=", "= a="],
  ["=a =", "=a ="],
  ["x=a=", "x=a="],
  ["=a=x", "=a=x"],
  ["1=a= =a=1", "1=a= =a=1"],
  ["(=a=)", "(a)"],
])("bold: %j becomes %j", (before, after) => {
  expect(cutBold(before).text).toBe(after);
});

test("marks name their rule, each a place", () => {
  expect(cutItalics("_a_ _b_").cuts).toMatchObject([{ rule: "italics", places: 4, spans: [0, 1, 2, 3, 4, 5, 6, 7] }]);
  expect(cutBold("=a=").cuts).toMatchObject([{ rule: "bold", places: 2 }]);
  expect([cutItalics("a").cuts, cutBold("a").cuts, cutBlankLines("a").cuts]).toEqual([[], [], []]);
});

test.each<[string, string]>([
  ["a \t\nb", "a\nb"],
  ["a\n\n\nb", "a\n\n\nb"],
  ["a\n\n\n\n\nb", "a\n\n\nb"],
  [" \n\t\n \n \nb", "\n\nb"],
  ["a  ", "a"],
  ["a\n\n\n\n", "a\n\n\n"],
  ["  a", "  a"],
])("blank lines: %j becomes %j", (before, after) => {
  expect(cutBlankLines(before).text).toBe(after);
});

test("blank lines that go one after the other are one place", () => {
  expect(cutBlankLines("a\n\n\n\n\n\nb").cuts).toMatchObject([{ places: 1, spans: [4, 7] }]);
  expect(cutBlankLines("a \nb ").cuts).toMatchObject([{ places: 2 }]);
});

/** A paragraph of lines that are this long. */
const lines = (...lengths: number[]) => lengths.map((length) => `${"x".repeat(length)}\n`).join("");
const unwrap = (text: string) => unwrapLines(text).text;

test("lines of prose are 52 characters on average and 38 at least, but for the last", () => {
  expect(unwrap(lines(52, 52, 5))).toBe(`${"x".repeat(52)} ${"x".repeat(52)} xxxxx\n`);
  expect(unwrap(lines(52, 51, 5))).toBe(lines(52, 51, 5));
  expect(unwrap(lines(70, 38, 5))).toBe(`${"x".repeat(70)} ${"x".repeat(38)} xxxxx\n`);
  expect(unwrap(lines(70, 37, 5))).toBe(lines(70, 37, 5));
  expect(unwrap(lines(60))).toBe(lines(60));
  expect(unwrap(`${lines(60, 60)}\n${lines(20, 20)}\n${lines(60, 5)}`)).toBe(
    `${"x".repeat(60)} ${"x".repeat(60)}\n\n${lines(20, 20)}\n${"x".repeat(60)} xxxxx\n`,
  );
  expect(unwrap(`${lines(60)} ${lines(60)}`)).toBe(`${lines(60)} ${lines(60)}`);
  expect(unwrap(`${lines(60)}${"x".repeat(60)}`)).toBe(`${"x".repeat(60)} ${"x".repeat(60)}`);
});

test("a hyphen or dash at the end of a line takes the newline with it", () => {
  for (const mark of ["-", "--", "—"]) {
    const line = "x".repeat(60) + mark;
    expect(unwrapLines(`${line}\nyes\n`)).toMatchObject({
      text: `${line}yes\n`,
      cuts: [{ rule: "line-wraps", places: 1, characters: 1 }],
    });
  }
  expect(unwrapLines(lines(60, 60)).cuts).toEqual([]);
});
