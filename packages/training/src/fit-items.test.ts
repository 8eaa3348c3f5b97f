import { expect, test } from "vitest";
import { fitItems } from "./fit-items.js";
import { presets } from "./presets.js";

/** Items of these lengths, their mark among them, each 0 a mark, and the mark at the end. */
const items = (...lengths: number[]) =>
  Uint8Array.from([...lengths.flatMap((length) => [0, ...new Array<number>(length - 1).fill(1)]), 0]);

const settings = { ...presets.quick, window: 64, batch: 16 };

test("the window is no longer than the longest item, and the rows read as many characters as they would of a text", () => {
  // Stretches of 8 and 4 characters, 6 on average: 1,024 characters are 171 rows of them.
  expect(fitItems(settings, items(8, 4))).toEqual({ ...settings, window: 8, batch: 171 });
  // An item of 130 is three stretches of a window of 64, one of 62 another: 192 characters in four.
  expect(fitItems(settings, items(130, 62))).toEqual({ ...settings, window: 64, batch: 21 });
});

test("there are as many rows as the settings say at the least, and 256 at the most", () => {
  expect(fitItems(settings, items(64, 64))).toMatchObject({ window: 64, batch: 16 });
  expect(fitItems({ ...settings, batch: 1 }, items(2))).toMatchObject({ window: 2, batch: 32 });
  expect(fitItems(settings, items(2, 2, 2))).toMatchObject({ window: 2, batch: 256 });
});
