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

test("without a gap that says where a note ends, only the paragraph after its heading goes", () => {
  const lines = (count: number) => "line\n\n".repeat(count);
  expect(cut(`Transcriber's Note:\n\n${lines(79)}\n${book}`)).toBe(`\n\n${book}`);
  expect(cut(`Transcriber's Note:\n\n${lines(80)}\n${book}`)).toBe(`\n${lines(79)}\n${book}`);
  const longer = `${paragraph(5_000)}\n${paragraph(2_900)}\n\n`;
  expect(cut(`Transcriber's Note:\n\n${longer}${book}`)).toBe(`\n\n${book}`);
  const tooLong = `${paragraph(5_000)}\n${paragraph(3_100)}\n\n`;
  expect(cut(`Transcriber's Note:\n\n${tooLong}${book}`)).toBe(`\n${paragraph(3_100)}\n\n${book}`);
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

test("a note in the last part of a text goes up to its end, when that is near", () => {
  const tail = "\nTranscriber's Note:\n\nOne.\n\n\n\nTwo.\n\n\n\nThree.\n";
  expect(cut(book + tail)).toBe(`${book}\n`);
  const early = `${"A line of the book.\n".repeat(5)}${tail}${book}`;
  expect(cut(early)).toBe(`${"A line of the book.\n".repeat(5)}\n\n\n\nTwo.\n\n\n\nThree.\n${book}`);
  const far = `${book.repeat(6)}\nTranscriber's note: x\n\n${"y z\n\n\n".repeat(4_000)}`;
  expect(cut(far)).toBe(`${book.repeat(6)}\n\n${"y z\n\n\n".repeat(4_000)}`);
});

test("a note begins a paragraph, or stands under a ruled line", () => {
  expect(cut(`One\nTranscriber's note: x\n\n${book}`)).toBe(`One\nTranscriber's note: x\n\n${book}`);
  for (const rule of ["---", "  ***", "+--+", "===", "~~~", "|__", "___"]) {
    expect([rule, cut(`One\n${rule}\nTranscriber's note: x\n\n${book}`)]).toEqual([rule, `One\n${rule}\n\n${book}`]);
  }
  expect(cut(`One\n--\nTranscriber's note: x\n\n${book}`)).toBe(`One\n--\nTranscriber's note: x\n\n${book}`);
  expect(cut(`Transcriber's note: a\n\nTranscriber's note: b\n\n${book}`)).toBe(`\n\n${book}`);
  expect(cut(`Transcriber's Notes:\n\nTranscriber's note: b\n\n\n${book}`)).toBe(`\n\n${book}`);
});
