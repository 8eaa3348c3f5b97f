import { expect, test } from "vitest";
import { cutTranscriberNotes } from "../index.js";

const cut = (text: string) => cutTranscriberNotes(text).text;
const book = "A line of the book.\n".repeat(2_000);
const paragraph = (characters: number) => `${"note ".repeat(Math.ceil(characters / 5)).slice(0, characters - 1)}\n`;

test("a heading goes with the paragraph after it, and with those that follow without a wider gap", () => {
  expect(cut(`Transcriber's Notes:\n\nOne.\n\nTwo.\n\n\n${book}`)).toBe(`\n\n${book}`);
  expect(cut(`Transcriber's Notes\n\n\n\nOne.\n\n\nTwo.\n\n${book}`)).toBe(`\n\nTwo.\n\n${book}`);
  expect(cut(`  * Transcriber's Notes * \n\nOne.\n\n\n${book}`)).toBe(`\n\n${book}`);
  expect(cut(`${book}\n\nTranscriber's Notes:\n`)).toBe(`${book}\n\n`);
});

test("without a gap that says where a note ends, only what speaks of the transcription goes", () => {
  const sentence = "Misprints of the original were corrected.\n\n";
  const prose = "The keeper came down the quay with his can of oil,\nand nobody had ever seen him late.\n\n";
  expect(cut(`Transcriber's Note:\n\n${sentence.repeat(3)}${prose}${book}`)).toBe(`\n${prose}${book}`);
  expect(cut(`Transcriber's Note:\n\n${sentence}THE LAMP\n\n${prose}${book}`)).toBe(`\nTHE LAMP\n\n${prose}${book}`);
  expect(cut(`Transcriber's Note:\n\n${sentence}CHAPTER I.\n\n${prose}${book}`)).toBe(
    `\nCHAPTER I.\n\n${prose}${book}`,
  );
  expect(cut(`Transcriber's Note:\n\n${sentence.repeat(300)}${book}`).length).toBeGreaterThan(book.length + 3_000);
});

test("a paragraph of more than 8,000 characters is no note: its first line goes, or the heading before it", () => {
  const fits = `Transcriber's note: ${paragraph(8_000 - 20)}`;
  expect(fits).toHaveLength(8_000);
  expect(cut(`${fits}\n${book}`)).toBe(`\n${book}`);
  const long = `Transcriber's note: x\n${paragraph(8_000)}`;
  expect(cut(`${long}\n${book}`)).toBe(`${paragraph(8_000)}\n${book}`);
  expect(cut(`Transcriber's Notes:\n\n${paragraph(8_000)}\n\n\n${book}`)).toBe(`\n\n\n${book}`);
  expect(cut(`Transcriber's Notes:\n\n${paragraph(8_001)}\n\n\n${book}`)).toBe(`\n${paragraph(8_001)}\n\n\n${book}`);
});

test("a note after the book goes up to the end, when all of it is the transcriber's", () => {
  const list = "Page 3: “quey” changed to “quay”.\n\n\n\nThe spelling “lampe” was left as printed.\n";
  expect(cut(`${book}\nTranscriber's Note:\n\n${list}`)).toBe(`${book}\n`);
  const chapter = `\n\n\nCHAPTER THE LAST\n\n${book}`;
  expect(cut(`${book}\nTranscriber's Note: A sheet is missing.\n${chapter}`)).toBe(`${book}\n${chapter}`);
  const verse = "\n\n\nEPILOGUE\n\n  The lamp is out,\n  the quay is dark,\n  and nobody comes.\n";
  expect(cut(`${book}\nTranscriber's Note: A sheet is missing.\n${verse}`)).toBe(`${book}\n${verse}`);
});

test("a note begins a paragraph, or stands under a ruled line", () => {
  expect(cut(`One\nTranscriber's note: x\n\n${book}`)).toBe(`One\nTranscriber's note: x\n\n${book}`);
  for (const rule of ["---", "  ***", "+--+", "===", "~~~", "|__", "___"]) {
    expect([rule, cut(`One\n${rule}\nTranscriber's note: x\n\n${book}`)]).toEqual([rule, `One\n${rule}\n\n${book}`]);
  }
  expect(cut(`One\n--\nTranscriber's note: x\n\n${book}`)).toBe(`One\n--\nTranscriber's note: x\n\n${book}`);
  expect(cut(`Transcriber's note: a\n\nTranscriber's note: b\n\n${book}`)).toBe(`\n\n${book}`);
  expect(cut(`Transcriber's Notes:\n\nTranscriber's note: b\n\n\n${book}`)).toBe(`\n\n\n${book}`);
});
