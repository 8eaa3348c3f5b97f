import { expect, test } from "vitest";
import { spin } from "./protocol.js";

test("a thread looks at a word for a while, and says whether it has changed", () => {
  const control = Int32Array.of(0, 7);
  expect(spin(control, 1, 3)).toBe(true);
  expect(spin(control, 1, 7)).toBe(false);
});
