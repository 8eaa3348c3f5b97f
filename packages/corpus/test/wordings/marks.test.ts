import { describe, expect, test } from "vitest";
import { cleanText } from "../../src/index.js";

const PROSE =
  "The keeper of the lamp came down the quay every evening with his can of oil,\n" +
  "and nobody had ever seen him late, as children set their games by him.\n\n";

function cleaned(passage: string): string {
  const start = "*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\n\n";
  const end = "*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n";
  return cleanText(`${start}THE LAMP\n\n${PROSE.repeat(20)}${passage}\n\n${PROSE}${end}`).text;
}

describe("the signs of the proofreaders' editor go, and what stands between them stays", () => {
  test.each([
    ["/* NIND “My dear friend, */", "“My dear friend,"],
    ["     /* RIGHT “Hunsford, near Westerham. */", "     “Hunsford, near Westerham."],
    ["/* CENTER The End */", "The End"],
    ["/* NIND “My dear friend,\nyou are late.\n*/", "“My dear friend,\nyou are late."],
    ["/* NIND “Dear, */\n\n/* “Dear Sir, */", "“Dear,\n\n“Dear Sir,"],
  ])("%j", (given, left) => {
    expect(cleaned(given)).toBe(cleaned(left));
    expect(cleaned(given)).not.toMatch(/\/\*|\*\//);
  });

  test("but a comment of a program stays where nothing shows that the editor was at work", () => {
    expect(cleaned("/* light the lamp */")).toContain("/* light the lamp */");
  });
});
