import { cleanText } from "@charlstm/corpus";
import { expect, test } from "vitest";
import { readBundledText } from "../../texts/index.js";
import { type BundledText, bundledTexts } from "./bundled-texts.js";

const ids = Object.keys(bundledTexts) as BundledText[];

test.each(ids)("%s is the same in every build, and stays whole when it is cleaned", (id) => {
  const text = readBundledText[id]();
  expect(readBundledText[id]()).toBe(text);
  expect(text.length).toBeGreaterThan(50_000);
  const clean = cleanText(text, { recipe: "gutenberg" }).text;
  expect(clean.length).toBeGreaterThan(0.97 * text.length);
});

test("each stanza of the ballads has four lines, of which the second and the fourth end on different words", () => {
  const stanzas = readBundledText
    .verse()
    .split(/\n\n+/)
    .filter((stanza) => stanza.includes("\n"));
  expect(stanzas.length).toBeGreaterThan(800);
  for (const stanza of stanzas) {
    const lines = stanza.split("\n");
    expect(lines).toHaveLength(4);
    const [second, fourth] = [lines[1]!, lines[3]!].map((line) => /(\w+)\W*$/.exec(line)![1]!);
    expect(second).not.toBe(fourth);
  }
});

test("every bar of a tune lasts as long as its metre says", () => {
  for (const tune of readBundledText.tunes().trim().split("\n\n")) {
    const eighths = /^M:6\/8$/m.test(tune) ? 6 : 8;
    const bars = tune
      .split("\n")
      .filter((line) => /^\|?:?[A-Ga-g]/.test(line) && !/^[A-Z]:/.test(line))
      .flatMap((line) => line.split(/[|:]+/).filter((bar) => bar !== ""));
    expect(bars).toHaveLength(16);
    for (const bar of bars) {
      const lengths = [...bar.matchAll(/[A-Ga-g](\d?)/g)].map(([, length]) => Number(length || 1));
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(eighths);
    }
  }
});
