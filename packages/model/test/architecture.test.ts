// How large a tensor may be: 4 GiB of float32, 2 ** 30 numbers. None of them is made here.
import { expect, test } from "vitest";
import { checkArchitecture, isTensorSpec } from "../src/checkpoint/architecture.js";

test("a tensor has at most 2 ** 30 numbers", () => {
  expect(isTensorSpec({ name: "state", shape: [2 ** 15, 2 ** 15] })).toBe(true);
  expect(isTensorSpec({ name: "state", shape: [2 ** 15, 2 ** 15 + 1] })).toBe(false);
});

test("a layer has at most 16,384 units: its recurrent kernel has 4 times their square, 2 ** 30 numbers", () => {
  const network = (units: number) => ({ vocabularySize: 3, window: 4, units: [units], dropout: 0 });
  expect(() => checkArchitecture(network(16_384))).not.toThrow();
  expect(() => checkArchitecture(network(16_385))).toThrow(
    expect.objectContaining({ code: "BAD_ARCHITECTURE", details: expect.objectContaining({ field: "units" }) }),
  );
});
