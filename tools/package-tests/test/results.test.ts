import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { expect, test } from "vitest";
import { summary } from "../../results.mjs";
import { resultsReporter } from "../../testing/src/results-reporter.js";

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

test("a suite's results name what failed with its message and its line, without colours and at most twelve lines of it", () => {
  const file = join(temporaryFolder(), "results.json");
  const stacks = [
    { file: "/there/node_modules/expect.js", line: 9 },
    { file: resolve("sum.test.ts"), line: 3 },
  ];
  const errors = [{ message: "\u001B[31mexpected\u001B[39m 3 to be 4\n", diff: "- 4\n+ 3", stacks }];
  const long = [{ message: "line\n".repeat(100), stacks: [] }];
  const failed = (fullName: string, found: unknown[]) => ({
    fullName,
    result: () => ({ state: "failed", errors: found }),
  });
  const module = {
    errors: () => [],
    children: { allSuites: () => [], allTests: () => [failed("adds", errors), failed("adds long", long)] },
  };
  resultsReporter(file).onTestRunEnd!([module as never], [], "failed");
  const [short, cut] = (JSON.parse(readFileSync(file, "utf8")) as { failed: [string, string] }).failed;
  expect(short).toBe("adds\n    expected 3 to be 4\n    - 4\n    + 3\n    at sum.test.ts:3");
  expect(cut.split("\n")).toHaveLength(13);
});
