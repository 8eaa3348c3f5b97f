import { expect, test } from "vitest";
import { FormatError, isFormatError } from "./errors.js";

test("an error of another copy of this package is known by its name and code", () => {
  const foreign = Object.assign(new Error("damaged"), { name: "FormatError", code: "CORRUPT_FILE" });
  expect(isFormatError(foreign)).toBe(true);
  expect(isFormatError(new FormatError("BAD_SHAPE", "too wide"))).toBe(true);
});

test("other errors are not taken for it", () => {
  expect(isFormatError(new Error("damaged"))).toBe(false);
  expect(isFormatError(Object.assign(new Error("x"), { name: "OtherError", code: "CORRUPT_FILE" }))).toBe(false);
  expect(isFormatError({ name: "FormatError", code: "CORRUPT_FILE" })).toBe(false);
});
