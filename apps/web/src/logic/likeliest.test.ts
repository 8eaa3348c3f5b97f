import { expect, test } from "vitest";
import { likeliest } from "./likeliest.js";

test("the likeliest come first, with their probabilities before and after a temperature of a half, which squares them", () => {
  // Probabilities 1/2, 1/3 and 1/6; squared and divided by their sum 9/14, 4/14 and 1/14.
  const logits = Float32Array.of(Math.log(1 / 6), Math.log(1 / 2), Math.log(1 / 3));
  const [first, second, ...others] = likeliest(logits, ["a", "b", "c"], 0.5, 2);
  expect(others).toEqual([]);
  expect([first!.character, second!.character]).toEqual(["b", "c"]);
  expect(first!.probability).toBeCloseTo(1 / 2, 6);
  expect(first!.drawn).toBeCloseTo(9 / 14, 6);
  expect(second!.drawn).toBeCloseTo(4 / 14, 6);
});
