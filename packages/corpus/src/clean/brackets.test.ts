import { describe, expect, test } from "vitest";
import { cutFootnotes, cutIllustrations, cutTranscriberNotes } from "../index.js";

const picture = (text: string) => cutIllustrations(text).text;
const note = (text: string) => cutFootnotes(text).text;

describe("brackets", () => {
  test("name their rule", () => {
    expect(cutIllustrations("[Illustration]").cuts).toMatchObject([{ rule: "illustrations", places: 1 }]);
    expect(cutTranscriberNotes("a [Transcriber's note: b]").cuts).toMatchObject([{ rule: "transcriber-notes" }]);
    expect(cutFootnotes("a [Footnote: b]").cuts).toMatchObject([{ rule: "footnotes" }]);
    expect(cutIllustrations("a [b]").cuts).toEqual([]);
  });

  test("of a picture go by any name that says that one was here, and stay where they say more than that", () => {
    for (const words of [
      "Illus.: the quay",
      "Picture: Book cover",
      "Illus. 3: The can",
      "Map",
      "Photo: the _crew_ [left]",
    ]) {
      expect(cutIllustrations(`a\n\n[${words}]\n\nb`).text).toBe("a\n\n\n\nb");
    }
    for (const words of ["Picture him there!", "Map of the harbour, 1871", "Images rose in her"]) {
      expect(cutIllustrations(`a [${words}] b`).text).toBe(`a [${words}] b`);
    }
  });

  test("of a picture close within 6,000 characters, those of a footnote within 30,000", () => {
    const opening = "[Illustration: ";
    const fits = `${opening}${"x".repeat(6_000 - opening.length)}]`;
    expect(picture(`a${fits}b`)).toBe("ab");
    const long = `a${opening}${"x".repeat(6_001 - opening.length)}]b`;
    expect(picture(long)).toBe(long);
    expect(picture(`${"\n".repeat(7_000)}[Illustration]`)).toBe("\n".repeat(7_000));
    const footnote = `[Footnote 1: ${"x".repeat(29_000)}]`;
    expect(note(`a${footnote}b`)).toBe("ab");
    expect(note(`a[Footnote 1: ${"x".repeat(30_001)}]b`)).toHaveLength(30_001 + 16);
  });

  test("that close are cut before and after one that does not", () => {
    expect(picture("[Illustration: a] x [Illustration: b [c] y\n\n[Illustration: d] z")).toBe(" x  y\n\n z");
    expect(picture("[Illustration] [Illustration] x [Illustration: b [c] y")).toBe("  x  y");
    expect(picture("x [Illustration: a [Illustration: b] y ] z")).toBe("x  z");
  });

  test("that are not closed end with the first closing bracket of their paragraph, and with what it lies in", () => {
    expect(picture("x [Illustration: a [Illustration: b [c] y [d] z")).toBe("x  y [d] z");
    expect(picture("x [Illustration: a ([Illustration: b] c [y")).toBe("x  c [y");
    expect(picture("x [Illustration: a\n\n[b] y")).toBe("x [Illustration: a\n\n[b] y");
    expect(picture("x [see [Illustration: a] y")).toBe("x [see  y");
  });

  test("without an opening one change nothing", () => {
    expect(picture("x ] [Illustration] ] y ]")).toBe("x ]  ] y ]");
  });
});

describe("references", () => {
  test("stand after a character; at the beginning of a paragraph they are the note itself", () => {
    expect(note("a[1]\n\n[1] note\ntwo lines\n\nb")).toBe("a\n\n\n\nb");
    expect(note("a[1]\n[1] b")).toBe("a[1]\n[1] b");
    expect(note("[1] note\n\na[1]")).toBe("\n\na");
    expect(note(`a[1]\n\n${" ".repeat(39)}[1] note\n\nb`)).toBe(`a\n\n${" ".repeat(39)}\n\nb`);
    expect(note(`a[1]\n\n\t [1] note`)).toBe("a\n\n\t ");
    expect(note("a[1] b\n\n  x [1] c [Footnote 1: d]")).toBe("a b\n\n  x  c ");
    expect(note("[A]\n\nB[2]")).toBe("[A]\n\nB[2]");
  });

  test("of notes that stand line under line go with all of them", () => {
    expect(note("oil[1], wick[2]\n\n  [1] of a\n  chandler\n  [2] of cotton\n\nand")).toBe("oil, wick\n\n    \n\nand");
    expect(note("oil[1]\n\n[1] note\n[2] that nobody refers to\n\nand")).toBe("oil\n\n\n\nand");
    expect(note("oil[1], see\n[2] there\n\n[1] note\n\nand")).toBe("oil, see\n[2] there\n\n\n\nand");
  });

  test("inside a footnote go with it, those after it by themselves", () => {
    expect(note("a[1] [Footnote 1: see[2] x] b[2] [Footnote 2: y] c[3]")).toBe("a  b  c[3]");
    expect(note("[Footnote 1: x] [Footnote 2: y]")).toBe(" ");
    expect(note("a[1]\n\n[1] note [Footnote 2: y]\n\nb")).toBe("a\n\n\n\nb");
  });

  test("a note that begins with one is at most 30,000 characters long", () => {
    const long = "word ".repeat(7_000);
    expect(note(`a[1]\n\n[1] ${long}\n\nb`)).toBe(`a\n\n${long.slice(30_000 - 4)}\n\nb`);
  });
});
