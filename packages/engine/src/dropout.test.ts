import { expect, test } from "vitest";
import { masksOf } from "./dropout.js";
import type { Settings } from "./options.js";

const settings = { dropout: 0.25, seed: 7, units: [8, 8, 8, 8] } as unknown as Settings;

test("every layer, step and seed has a mask of its own", () => {
  const keys = [7, 8, 2 ** 40 + 7].flatMap((seed) =>
    Array.from({ length: 50 }, (_, step) => masksOf({ ...settings, seed }, step)!.keys).flat(),
  );
  expect(new Set(keys).size).toBe(3 * 50 * 4);
  expect(masksOf(settings, 3)).toEqual(masksOf(settings, 3));
});

test("the threshold is the share of 31 bits, and what stays is scaled up for what is dropped", () => {
  expect(masksOf(settings, 0)).toMatchObject({ threshold: 2 ** 29, scale: 4 / 3 });
  expect(masksOf({ ...settings, dropout: 1e-12 }, 0)).toMatchObject({ threshold: 1 });
  expect(masksOf({ ...settings, dropout: 0 }, 0)).toBeUndefined();
});
