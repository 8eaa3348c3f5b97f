import { expect, test } from "vitest";
import { isKerasError, KerasError } from "./errors.js";

test("an error of another copy of this package is known by its name and code", () => {
  const foreign = Object.assign(new Error("damaged"), { name: "KerasError", code: "CORRUPT_FILE" });
  expect(isKerasError(foreign)).toBe(true);
  expect(isKerasError(new KerasError("BAD_SHAPE", "too wide"))).toBe(true);
});

test("other errors are not taken for it", () => {
  expect(isKerasError(new Error("damaged"))).toBe(false);
  expect(isKerasError(Object.assign(new Error("x"), { name: "KerasError", code: "ELSE" }))).toBe(false);
  expect(isKerasError({ name: "KerasError", code: "CORRUPT_FILE" })).toBe(false);
});
