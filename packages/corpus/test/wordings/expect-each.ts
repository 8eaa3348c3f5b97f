import { expect } from "vitest";
import type { CleaningStep } from "../../src/index.js";

/** Each of `left` before each of `right`. */
export function combine(left: readonly string[], right: readonly string[]): string[] {
  return left.flatMap((before) => right.map((after) => before + after));
}

/** Expects each wording to go: `frame` gives the text with it, and without. */
export function expectGone(
  step: CleaningStep,
  wordings: readonly string[],
  frame: (wording: string) => [string, string],
): void {
  const framed = wordings.map(frame);
  expect(framed.map(([text]) => [text, step(text).text])).toEqual(framed);
}

/** Expects a step to leave each text as it is. */
export function expectKept(step: CleaningStep, texts: readonly string[]): void {
  expect(texts.map((text) => step(text).text)).toEqual(texts);
}
