import { readingOptions } from "@charlstm/training";
import { expect, test } from "vitest";
import { changeDrawing, defaultDrawing, drawingOptions, drawings, styleOf } from "./drawing.js";

test("a model of sequences is drawn from for reading by default, one of windows as the notebook does", () => {
  expect(drawingOptions(defaultDrawing("sequence"))).toEqual(readingOptions);
  expect(drawingOptions(defaultDrawing("window"))).toEqual({ temperature: 0.5 });
});

test("another temperature is taken alone, and stays alone", () => {
  const warmer = changeDrawing(drawings.reading, { temperature: 0.8 });
  expect(drawingOptions(warmer)).toEqual({ temperature: 0.8 });
  expect(styleOf(warmer)).toBe("plain");
  expect(drawingOptions(changeDrawing(warmer, { temperature: 0.5 }))).toEqual({ temperature: 0.5 });
});

test("every other setting changes itself alone, and nothing then goes off by a temperature", () => {
  const own = changeDrawing(drawings.reading, { minP: 0.05 });
  expect(drawingOptions(own)).toEqual({ ...readingOptions, minP: 0.05 });
  expect(styleOf(own)).toBe("own");
  expect(drawingOptions(changeDrawing(own, { temperature: 1, topK: 40, topP: 0.9 }))).toEqual({
    ...{ ...readingOptions, minP: 0.05, temperature: 1, topK: 40, topP: 0.9 },
  });
  expect(styleOf(changeDrawing(own, drawings.reading))).toBe("reading");
  expect(styleOf(changeDrawing(own, drawings.plain))).toBe("plain");
});
