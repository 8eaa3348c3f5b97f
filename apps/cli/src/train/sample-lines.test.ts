import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleLines } from "./sample-lines.js";

const sample = (text: string, temperature = 0.5) => ({ temperature, text });

test("shows the sample whose temperature is nearest to 0.5, broken at spaces, in at most four lines", () => {
  const words = "the sea lay still and nobody spoke ".repeat(20);
  const [head, ...lines] = sampleLines([sample("cold", 0.2), sample(words, 0.5), sample("hot", 1.2)], 60);
  expect(head).toBe("  at temperature 0.5:");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe("  | the sea lay still and nobody spoke the sea lay still");
  expect(lines[3]!.endsWith("…")).toBe(true);
});

test("keeps the text's own lines, without empty ones", () => {
  expect(sampleLines([sample("\n\nOne line.\n\nAnother.\n")])).toEqual([
    "  at temperature 0.5:",
    "  | One line.",
    "  | Another.",
  ]);
});

test("a run that writes no samples shows none", () => {
  expect(sampleLines([])).toEqual([]);
  expect(sampleLines([sample("")])).toEqual([]);
});

test("Chinese takes two columns a character, and is broken where a line is full", () => {
  const [, first] = sampleLines([sample("海".repeat(100))], 41);
  expect(first).toBe(`  | ${"海".repeat(18)}`);
});

test("whatever a model writes, nothing reaches the terminal that it would obey", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      for (const line of sampleLines([sample(text)])) expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }),
  );
});

test("no line fills the terminal's width, however words are long", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), fc.integer({ min: 30, max: 120 }), (text, columns) => {
      for (const line of sampleLines([sample(text)], columns)) expect(line.length).toBeLessThan(Math.min(columns, 80));
    }),
  );
});
