import { describe, expect, test } from "vitest";
import { cutHeaderAndLicence } from "../index.js";

const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n";
const END = "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";
/** Some lines of a book, a hundred characters each. */
const book = (lines: number, letter = "b") => `${letter.repeat(99)}\n`.repeat(lines);

const cut = (text: string) => cutHeaderAndLicence(text);
const rulesOf = (text: string) => cut(text).cuts.map(({ rule, places }) => [rule, places]);

describe("a header", () => {
  test("goes up to the last of the start markers that follow each other", () => {
    const text = `Header\n${START}More\n${START}${book(30)}`;
    expect(cut(text).text).toBe(book(30));
    expect(rulesOf(text)).toEqual([["header", 1]]);
  });

  test("is at most 25,000 characters long: a marker farther from the beginning stands in the book", () => {
    expect(cut(book(250, "h") + START + book(600)).text).toBe(book(600));
    const far = book(251, "h") + START + book(600);
    expect(cut(far).text).toBe(far);
    expect(cut(`Header\n${START}${book(251)}${START}${book(600)}`).text).toBe(`${book(251)}${START}${book(600)}`);
  });

  test("holds a small print that stands before most of the text, not one after it", () => {
    const print = "***START**THE SMALL PRINT!***\nWords\n*END*THE SMALL PRINT!*\n";
    expect(cut(`Header\n${print}${book(30)}`).text).toBe(book(30));
    expect(cut(book(30) + print).text).toBe(book(30));
    expect(cut(`${book(30)}${print}${book(10)}`).text).toBe(`${book(30)}${book(10)}`);
    expect(rulesOf(`${book(30)}${print}${book(10)}`)).toEqual([["licence", 1]]);
  });
});

describe("a licence", () => {
  test("goes from the first end marker of the tail, which reaches 40,000 characters", () => {
    expect(cut(`${book(50)}${END}${book(300, "l")}${END}${book(300, "l")}`).text).toBe(book(50));
    expect(cut(`${book(50)}${END}${book(399, "l")}`).text).toBe(book(50));
    const far = `${book(50)}${END}${book(400, "x")}`;
    expect(cut(far).text).toBe(far);
    expect(cut(`${far}${END}${book(300, "l")}`).text).toBe(far);
  });

  test("between two books goes with the header and the credits of the second", () => {
    const text = `Header\n${START}${book(30)}${END}Licence\nHeader\n${START}Produced by A\n\n${book(30)}${END}Licence\n`;
    expect(cut(text).text).toBe(book(30) + book(30));
    expect(rulesOf(text)).toEqual([
      ["header", 1],
      ["licence", 2],
    ]);
  });

  test("between books is as long as its own text, whatever was cut before it", () => {
    const between = `${END}${book(350, "l")}${START}`;
    expect(cut(`${START}${book(30)}${between}${book(30)}${between}${book(30)}${END}`).text).toBe(book(90));
  });

  test("that begins in what another marker cut is not cut twice", () => {
    const text = `${START}${book(30)}${END}*** START: FULL LICENSE ***\n${book(20, "l")}*** END: FULL LICENSE ***\n`;
    expect(cut(text).text).toBe(book(30));
    expect(rulesOf(text)).toEqual([
      ["header", 1],
      ["licence", 1],
    ]);
  });

  test("a start marker in the middle of a book, with no licence before it, stays", () => {
    const text = `${START}${book(300)}${START}${book(300)}`;
    expect(cut(text).text).toBe(`${book(300)}${START}${book(300)}`);
  });
});
