import { isExhaustive } from "@charlstm/testing";
import { expect, test } from "vitest";
import { cleanText } from "../src/index.js";
import { pieces } from "./hostile-texts.js";

const START = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nx preface. x[1]\n";
const END = "\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n";

// What some rule could take for the end of a line or for a blank one, and another not: each alone, or all in turn.
const ends = ["\n", "\n\n", " \n\t\n", "\v\n", "\u00a0\n", "\u0085\n", "\u2029\n", "\u3000\n", "\ufeff\n"];
const unitsOf = (piece: string) => [
  ...[piece, ends.map((end) => piece + end).join("")],
  ...(isExhaustive ? [`${piece}\f\n`, `${piece}\n\n`, `${piece}\u2028`] : []),
];

const combinations = [
  "\f\n[1] y [Footnote: z]\n",
  "\u00a0\n[1] y\n",
  "[1] y\n\f\n",
  "Transcriber's Note:\n\f\n",
  "[Transcriber's Note: x\n\n",
  "\u2028*** END OF THE PROJECT GUTENBERG EBOOK",
  "\u2028Transcriber's Note:",
  "[Project Gutenberg",
  "<<Project Gutenberg",
  "Errata\n\n\n“a” changed to “b”\n\n\n",
  "\u0316\u0301",
  "ΑΣ\u0301",
];

const GROWTH = 8;
// Linear work grows by 8, quadratic work by 64.
const MOST_GROWTH = 24;
const PIECES_SIZE = 16_000;
// What scans ahead in native code is seen to be quadratic only in long texts.
const COMBINATIONS_SIZE = 400_000;
// So little time that it says nothing of how the work grows.
const NOTHING = 0.3;

// A busy machine may hold up one of two measurements; what is quadratic is so each time.
const measured = { timeout: 300_000, retry: 2 };

test.each(pieces)("%j repeated, with any separator, takes time that grows with the length", measured, (piece) => {
  for (const unit of unitsOf(piece)) expectLinear(unit, PIECES_SIZE);
});

test.each(combinations)("%j, 400,000 characters of it, takes time that grows with the length", measured, (unit) => {
  expectLinear(unit, COMBINATIONS_SIZE);
});

function expectLinear(unit: string, size: number): void {
  const long = secondsFor(unit, size);
  if (long < NOTHING) return;
  const short = Math.max(secondsFor(unit, size / GROWTH), secondsFor(unit, size / GROWTH), NOTHING / GROWTH);
  const again = Math.min(long, secondsFor(unit, size));
  expect([unit, again / short]).toEqual([unit, expect.toSatisfy((growth: number) => growth < MOST_GROWTH)]);
}

/** Processor seconds for cleaning a text of that many characters by every recipe. */
function secondsFor(unit: string, characters: number): number {
  const body = unit.repeat(Math.ceil(characters / unit.length));
  const text = `${START}${body}${END}`;
  const started = process.cpuUsage();
  cleanText(text, { unwrap: true });
  cleanText(`${text} preface. end of the project gutenberg ebook`, { recipe: "notebook" });
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}
