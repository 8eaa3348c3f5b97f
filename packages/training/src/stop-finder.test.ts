import fc from "fast-check";
import { expect, test } from "vitest";
import { createStopFinder } from "./stop-finder.js";

test("a text stops at the first character that completes a stop string", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", "😀"), { maxLength: 40 }),
      fc.array(fc.string({ unit: fc.constantFrom("a", "b", "😀"), minLength: 1, maxLength: 3 })),
      (characters, stops) => {
        const finder = createStopFinder(stops);
        const found = characters.findIndex((character) => finder(character));
        const prefixes = characters.map((_, index) => characters.slice(0, index + 1).join(""));
        expect(found).toBe(prefixes.findIndex((prefix) => stops.some((stop) => prefix.endsWith(stop))));
      },
    ),
  );
});

test("an empty stop string never stops a text", () => {
  expect(["a", "b"].map(createStopFinder([""]))).toEqual([false, false]);
});
