import { expect, test } from "vitest";
import { cleanText } from "../src/index.js";
import { pieces } from "./hostile-texts.js";

const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n";
const END = "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";

// Work that grows with the square of the length would take days on a million characters, and the test time out.
test.each(pieces.filter((piece) => piece.trim() !== ""))("%j a million characters long is cleaned", (piece) => {
  const body = piece.repeat(Math.ceil(1e6 / piece.length));
  expect(cleanText(`${START}${body}${END}`, { unwrap: true }).text).toMatch(/\S/);
  const notebook = cleanText(`preface. ${body} x end of the project gutenberg ebook`, { recipe: "notebook" });
  expect(notebook.text).toMatch(/^preface\./);
});
