import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { publishedPackages, root } from "./workspace.js";

/** A fenced block of a README. */
export type Block = {
  readme: string;
  language: "js" | "ts" | "sh";
  code: string;
  /** The line of its first fence, from 1. */
  line: number;
  /** Why it is not run: `<!-- not run: reason -->` on the line before the fence. */
  notRun: string | undefined;
};

/** Every ```js, ```ts and ```sh block of the READMEs, the repository's and each published package's, and of pages that are examples. */
export function readmeBlocks(): Block[] {
  return [root, ...publishedPackages.map(({ folder }) => folder)]
    .map((folder) => join(folder, "README.md"))
    .concat(["items.md", "from-other-libraries.md"].map((page) => join(root, "docs", page)))
    .filter((file) => existsSync(file))
    .flatMap((file) => blocksOf(relative(root, file).split(sep).join("/"), readFileSync(file, "utf8")));
}

/** The blocks of one README. A fence in another language, or in none, is not run. */
export function blocksOf(readme: string, text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const language = /^```(\S+)/.exec(lines[index]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", index + 1);
    if (end < 0) throw new Error(`${readme}:${index + 1}: the block is never closed`);
    if (language === "js" || language === "ts" || language === "sh") {
      const before = lines.slice(0, index).findLast((line) => line.trim() !== "") ?? "";
      const notRun = /^<!-- not run: (.+) -->$/.exec(before)?.[1];
      const code = `${lines.slice(index + 1, end).join("\n")}\n`;
      blocks.push({ readme, language, code, line: index + 1, notRun });
    }
    index = end;
  }
  return blocks;
}
