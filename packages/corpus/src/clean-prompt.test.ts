import { expect, test } from "vitest";
import { cleanPrompt, cleanText } from "./index.js";

test.each([
  [
    "its accents are composed, its lines end in one sign, and nothing of it is cut",
    {},
    "Cafe\u0301\r\n_a_ ",
    "Café\n_a_ ",
  ],
  ["its case goes where the text's went", { foldCase: true }, "Who Is\rthere", "who is\nthere"],
  ["its white space goes where the notebook's went", { recipe: "notebook" }, "It is\r\n\n  a truth,", "it is a truth,"],
] as const)("of a prompt %s", (_, options, prompt, cleaned) => {
  expect(cleanPrompt(prompt, options)).toBe(cleaned);
  expect(cleanPrompt(cleaned, options)).toBe(cleaned);
});

test("a prompt out of a text is found in the cleaned text", () => {
  const text = "Die Straße führt zu Émile’s Café.\nUND dann?";
  for (const options of [{}, { foldCase: true }]) {
    const decomposed = text.normalize("NFD");
    expect(cleanText(decomposed, options).text).toContain(cleanPrompt(decomposed, options));
  }
});
