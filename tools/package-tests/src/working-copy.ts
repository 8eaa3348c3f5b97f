import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./workspace.js";

/**
 * Makes `folder` what a fresh clone would be, uncommitted changes included, with a small text as `book.txt`. Commands in
 * it share turbo's cache with this repository, so that what was built here is not built again.
 */
export function workingCopy(folder: string): void {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const name of files.toString("utf8").split("\0")) {
    if (name === "" || !existsSync(join(root, name))) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(root, name), join(folder, name));
  }
  writeFileSync(join(folder, "book.txt"), book());
}

/** About 20,000 characters that a tokenizer could not tell from prose: few letters, many repetitions, some order. */
function book(): string {
  const subjects = ["The old sailor", "A tall woman", "My brother", "The captain", "Nobody in the house", "The cat"];
  const verbs = ["watched", "remembered", "wrote about", "sailed past", "could not forget", "painted"];
  const objects = ["the grey sea", "a lamp in the window", "the long road home", "every letter", "that winter"];
  const paragraphs: string[] = [];
  for (let index = 0; index < 100; index++) {
    const sentences = Array.from({ length: 5 }, (_, sentence) => {
      const turn = index * 5 + sentence;
      return `${subjects[turn % 6]} ${verbs[(turn * 5 + index) % 6]} ${objects[(turn * 3 + index) % 5]}.`;
    });
    paragraphs.push(sentences.join(" "));
  }
  return `${paragraphs.join("\n\n")}\n`;
}
