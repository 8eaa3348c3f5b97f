import { describe, expect, test } from "vitest";
import { arrayOf, countOf, objectOf, optionalNumber, parseJson, shapeOf, shown, stringOf } from "./json.js";

describe("a value out of a file that is not what it should be is refused by its name", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["no JSON", () => parseJson("[", "the list"), /^the list is not valid JSON/],
    ["a list for an object", () => objectOf([], "the config"), /^the config should be a JSON object/],
    ["null for an object", () => parseJson("null", "the config"), /^the config should be a JSON object/],
    ["an object for a list", () => arrayOf({ length: 0 }, "the layers"), /^the layers should be a JSON array/],
    ["a number for a text", () => stringOf(7, "the name"), /^the name should be text/],
    ["a length below 0", () => shapeOf([2, -1], "the shape"), /^the shape is \[2,-1\], expected whole numbers/],
    ["half a length", () => shapeOf([1.5], "the shape"), /^the shape is \[1\.5\]/],
    ["lengths whose product is not exact", () => shapeOf([2 ** 30, 2 ** 30], "the shape"), /expected whole numbers/],
    ["no units", () => countOf(0, "units"), /^units is 0, expected a whole number above 0/],
    ["units as a text", () => countOf("4", "units"), /^units is 4, expected/],
    ["nothing for units", () => countOf(undefined, "units"), /^units is nothing, expected/],
  ])("%s", (_, read, message) => {
    expect(read).toThrow(expect.objectContaining({ code: "CORRUPT_FILE", message: expect.stringMatching(message) }));
  });
});

test("what is as it should be comes back", () => {
  expect(shapeOf([], "a scalar's shape")).toEqual([]);
  expect(shapeOf([0, 3], "an empty matrix's shape")).toEqual([0, 3]);
  expect(countOf(1, "units")).toBe(1);
  expect([0, -1.5, null, "1", Number.POSITIVE_INFINITY].map(optionalNumber)).toEqual([
    0,
    -1.5,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a value is shown up to its fortieth character", () => {
  expect(shown("x".repeat(40))).toBe("x".repeat(40));
  expect(shown("x".repeat(41))).toBe(`${"x".repeat(40)}…`);
  expect(shown([1, "a"])).toBe('[1,"a"]');
});
