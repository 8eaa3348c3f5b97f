import { expect, test } from "vitest";
import { summary } from "../../results.mjs";

const suite = (
  name: string,
  passed: number,
  failed: string[] = [],
  skipped: { name: string; reason: string }[] = [],
) => ({
  name,
  passed,
  failed,
  skipped,
});

test("the last line sums up every suite", () => {
  const skipped = [{ name: "draws", reason: "no browser" }];
  const { text, ok } = summary([suite("a", 3), suite("b", 4, [], skipped)], 0);
  expect(ok).toBe(true);
  expect(text.split("\n")).toEqual(["Skipped, no browser:", "  b: draws", "7 passed, 0 failed, 1 skipped"]);
});

test("what failed is named", () => {
  const { text, ok } = summary([suite("a", 3, ["adds"]), suite("b", 0, ["ended without results"])], 1);
  expect(ok).toBe(false);
  expect(text).toBe("Failed:\n  a: adds\n  b: ended without results\n3 passed, 2 failed, 0 skipped");
});

test("a failure that no suite knows of counts as one", () => {
  const { text, ok } = summary([suite("a", 3)], 1);
  expect(ok).toBe(false);
  expect(text).toMatch(/exit code 1(.|\n)*\n3 passed, 1 failed, 0 skipped$/);
});
