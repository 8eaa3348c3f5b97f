// Does cleaning take time linear in the text?
//
//   pnpm --filter @charlstm/corpus bench [megabytes]
//
// Texts from an eighth of the size up to the size (50 MB), each made of one piece over and over between Project Gutenberg's
// markers: prose, and what the rules look at. Each is decoded and cleaned by both recipes, in a process of its own.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { cleanText, decodeText } from "@charlstm/corpus";

const prose = `${"It was a long line of prose, and a typist had wrapped it somewhere about here,\n".repeat(8)}\n`;
const pieces = {
  prose: prose,
  "one line without an end": "word ",
  "[": "[",
  "[Illustration": "[Illustration ",
  "[Illustration: [ ]": "[Illustration: [a] ",
  "[Footnote 1: ]": "[Footnote 1: x]\n\n",
  "[1]": "\n\n[1] note [2]",
  _italics_: "_a_ ",
  "_ a": "_a\n",
  "=": "=a ",
  "blank lines": " \n",
  "Transcriber's Note:": "Transcriber's Note:\n\n",
  "Produced by": "Produced by A\n\n",
  "end markers": "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n",
  "start markers": "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n",
  "combining marks": "_\u0301",
  spaces: " ",
};

if (process.argv[2] === "--one") measure(process.argv[3], Number(process.argv[4]));
else compare(Number(process.argv[2] ?? 50));

/** Prints the processor seconds that one text takes: a busy machine does not lengthen them. */
function measure(name, megabytes) {
  const piece = pieces[name];
  const body = piece.repeat(Math.ceil((megabytes * 1e6) / Buffer.byteLength(piece)));
  const start = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\nx preface. ";
  const bytes = Buffer.from(`${start}${body}\nx\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n`);
  const started = process.cpuUsage();
  const { text } = decodeText(bytes);
  cleanText(text, { unwrap: true });
  cleanText(text, { recipe: "notebook" });
  const { user, system } = process.cpuUsage(started);
  console.log((user + system) / 1e6);
}

function compare(megabytes) {
  const sizes = [megabytes / 8, megabytes / 4, megabytes / 2, megabytes];
  console.log(`node ${process.version}, ${process.platform} ${process.arch}, ${cpus()[0].model}; processor seconds`);
  console.log("".padEnd(26), ...sizes.map((size) => `${size} MB`.padStart(9)));
  for (const name of Object.keys(pieces)) {
    const seconds = sizes.map((size) => {
      const run = [fileURLToPath(import.meta.url), "--one", name, String(size)];
      return Number(execFileSync(process.execPath, run, { stdio: ["ignore", "pipe", "inherit"] }));
    });
    console.log(name.padEnd(26), ...seconds.map((each) => each.toFixed(2).padStart(9)));
  }
}
