// Puts into the build what would else be a data package in every installation: the novel that `train` falls back on,
// compressed, and the typeface of loss.png (Inter, SIL Open Font License 1.1).
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { novelName, readNovel } from "@charlstm/novel";

const built = (name) => new URL(`../dist/${name}`, import.meta.url);
const compressed = brotliCompressSync(readNovel());
writeFileSync(built("novel.txt.br"), compressed);
process.stdout.write(`${novelName}: ${compressed.length} bytes\n`);

copyFileSync(new URL("../src/hand-over/train.py", import.meta.url), built("train.py"));
copyFileSync(new URL("../src/bench/pytorch_step.py", import.meta.url), built("pytorch_step.py"));

const own = createRequire(import.meta.url);
copyFileSync(own.resolve("@fontsource/inter/files/inter-latin-400-normal.woff2"), built("report-font.woff2"));

// What the licences of bundled packages ask for: the plot's and the page's libraries, the typeface.
const look = createRequire(own.resolve("@charlstm/look/line-chart"));
const licences = [
  ["Inter", own.resolve("@fontsource/inter/LICENSE")],
  ["d3-array", join(dirname(look.resolve("d3-array")), "..", "LICENSE")],
  ...["uplot", "preact"].map((name) => [name, join(dirname(own.resolve(`${name}/package.json`)), "LICENSE")]),
];
const texts = licences.map(([name, file]) => `${name}\n\n${readFileSync(file, "utf8").trim()}\n`);
writeFileSync(built("LICENSES.txt"), texts.join(`\n${"-".repeat(72)}\n\n`));
