import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { longest, longLines } from "../src/markdown.js";
import { root } from "../src/workspace.js";

/** The pages of the repository. Release notes are shown with a break wherever a line ends, so a paragraph of theirs is one line. */
const pages = execFileSync("git", ["ls-files", "-z", "--", "*.md", ":!.changeset", ":!**/CHANGELOG.md"], { cwd: root })
  .toString("utf8")
  .split("\0")
  .filter((name) => name !== "" && existsSync(join(root, name)));

test(`no line of a page is longer than ${longest} characters: wrap it, or make the wide table a list`, () => {
  const found = pages.flatMap((page) =>
    longLines(readFileSync(join(root, page), "utf8")).map((line) => `${page}:${line}`),
  );
  expect(pages).toContain("README.md");
  expect(found).toEqual([]);
});

test("a long line is found by its number, in prose and in a table", () => {
  const text = ["short", "x".repeat(140), "é".repeat(140), `${"word ".repeat(28)}w`, `| ${"-".repeat(140)} |`].join(
    "\n",
  );
  expect(longLines(text)).toEqual([4, 5]);
});

test("code, and a line that is one link, may be long", () => {
  const address = `https://example.com/${"a".repeat(140)}`;
  const text = ["```sh", "x".repeat(141), "```", `- [link](${address}),`, `and [link](${address})`].join("\n");
  expect(longLines(text)).toEqual([5]);
});
