import { expect, test } from "vitest";
import { blocksOf } from "../src/readme.js";

test("js, ts and sh blocks are found with their line, others are not", () => {
  const text = ["# A", "", "```js", "one();", "```", "", "```text", "```", "```sh", "two", "three", "```", ""].join(
    "\n",
  );
  expect(blocksOf("README.md", text)).toEqual([
    { readme: "README.md", language: "js", code: "one();\n", line: 3, notRun: undefined },
    { readme: "README.md", language: "sh", code: "two\nthree\n", line: 9, notRun: undefined },
  ]);
});

test("the comment before a fence says why its block is not run", () => {
  const text = "<!-- not run: trains for minutes -->\n\n```sh\nnpm start\n```\n\n```sh\nnpm test\n```\n";
  expect(blocksOf("README.md", text).map(({ notRun }) => notRun)).toEqual(["trains for minutes", undefined]);
});

test("a block that is never closed is an error that names its place", () => {
  expect(() => blocksOf("README.md", "\n```js\none();\n")).toThrow("README.md:2");
});
