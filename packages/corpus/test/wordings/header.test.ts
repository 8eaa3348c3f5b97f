import { describe, expect, test } from "vitest";
import { cleanText, cutCredits } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("fields and titles at the beginning", () => {
  test("go as the header", () => {
    const names = [
      ...["Title", "AUTHOR", "Editor", "Translator", "Illustrator", "Commentator", "Contributor", "Release Date"],
      ...["Posting date", "Last update", "Last Updated", "Most recently updated", "eBook", "E-book no.", "Etext No"],
      ...["Language", "Character set encoding", "Edition", "Credits", "Original publication"],
      "Other information and formats",
    ];
    const wordings = [
      ...combine(names, [": x", " : x", " #12"]),
      ...combine(
        ["** "],
        names.map((name) => `${name}: x`),
      ),
    ];
    expectGone(cutCredits, wordings, (line) => [`${line}\n  and more\n\nBook.\n`, "Book.\n"]);
    expectKept(cutCredits, [
      ...[
        "Title x",
        "The title: x",
        "Titles: x",
        "Last updates: x",
        "Edition    : x",
        "**** Title: x",
        "abTitle: x",
      ].map((line) => `${line}\n\nBook.\n`),
    ]);
    expect(cutCredits("Title: x\n\nBook.\n").cuts).toMatchObject([{ rule: "header" }, { rule: "blank-lines" }]);
  });

  test("say that a file without a start marker is Project Gutenberg's", () => {
    const titles = [
      ...combine(["", "The ", "This is the "], ["Project Gutenberg EBook of X", "project gutenberg etext of X"]),
      ...[
        "Project Gutenberg's Etext of X",
        "Project Gutenberg’s e-text",
        "Project Gutenberg\nE-Book",
        "Project Gutenberg Edition of X",
      ],
      ...[
        "**The Project Gutenberg Etext**",
        "Project Gutenberg's The Lamp, by A. Writer",
        "Project Gutenberg’s X, by Y",
      ],
      ...[
        "Welcome To The World of Free Plain Vanilla Electronic Texts",
        "** Welcome to the world of free plain vanilla electronic texts **",
      ],
    ];
    for (const title of titles) {
      const { text, cuts, warnings } = cleanText(`${title}\n\n${"A line of the book.\n".repeat(30)}`);
      expect([title, text, cuts[0]?.rule, warnings]).toEqual([title, "A line of the book.\n".repeat(30), "header", []]);
    }
    const others = [
      ...["A Project Gutenberg EBook", "Project Gutenberg paper", "Project Gutenbergs EBook", "Project Gutenberg's X"],
      ...[
        "See: Project Gutenberg EBook",
        "The world of free plain vanilla electronic texts",
        "Project Gutenberg ebooks",
      ],
    ];
    for (const title of others) {
      const { text, warnings } = cleanText(`${title}\n\nBook.\n`);
      expect([text, warnings[0]?.code]).toEqual([`${title}\n\nBook.\n`, "NO_MARKER"]);
    }
  });
});
