import { expect, test } from "vitest";
import * as browser from "../src/checkpoint.js";
import * as node from "../src/checkpoint-node.js";
import * as main from "../src/index.js";

test("both entries for checkpoints export the same names", () => {
  expect(Object.keys(browser).sort()).toEqual(Object.keys(node).sort());
});

test("what a runtime lacks is refused by code, and says what to use instead", () => {
  expect(() => browser.createDiskStore("folder")).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_HERE", message: expect.stringContaining("createIndexedDbStore") }),
  );
  expect(() => node.createIndexedDbStore()).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_HERE", message: expect.stringContaining("createDiskStore") }),
  );
});

test("an error is recognised also when it comes from another copy of the package", () => {
  class ModelError extends Error {
    override readonly name = "ModelError";
    readonly code = "ALTERED";
  }
  expect(main.isModelError(new ModelError("altered"))).toBe(true);
  expect(main.isModelError(new main.ModelError("ALTERED", "altered"))).toBe(true);
  for (const other of [new Error("altered"), { name: "ModelError", code: "ALTERED" }, null, undefined]) {
    expect(main.isModelError(other)).toBe(false);
  }
});

test("an error keeps its facts and its cause", () => {
  const cause = new Error("below");
  const error = new main.ModelError("ALTERED", "altered", { file: "weights.bin" }, { cause });
  expect(error).toMatchObject({ code: "ALTERED", message: "altered", details: { file: "weights.bin" }, cause });
  expect(new main.ModelError("ALTERED", "altered").details).toEqual({});
});
