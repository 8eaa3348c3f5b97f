import { join } from "node:path";
import { expect, test } from "vitest";
import { runNames } from "./read-run.js";

test("runs are called by their folders, with the parent where two are the same, with a number where that is the same too", () => {
  const names = (...folders: string[]) => runNames(folders.map((folder) => join("/", folder)));
  expect(names("a/run", "b/other")).toEqual(["run", "other"]);
  expect(names("a/run", "b/run", "c/other")).toEqual(["a/run", "b/run", "other"]);
  expect(names("x/a/run", "y/a/run", "b/run")).toEqual(["a/run (1)", "a/run (2)", "b/run"]);
  // Not the same folder, though the name ends alike.
  expect(names("xa/run", "a/run")).toEqual(["xa/run", "a/run"]);
});
