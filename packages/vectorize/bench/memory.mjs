// Question: what does an epoch of batches, and the encoding of a large text, need beside the text's own bytes?
//
// node bench/memory.mjs [cleaned text]
//
// Each row is a process of its own, which prints the most memory it ever held (maximum resident set size). The text is streamed,
// repeated as often as the row says; the first row imports the package and does nothing else.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { countWindowBatches, encodeStream, oneHotBatches, windowBatches } from "../dist/index.js";
import { benchText, environment } from "./text.mjs";

const shape = { window: 60, stride: 3, batch: 128 };
/** As many batches as an epoch of the reference has, so that a longer text does not only take longer. */
const mostBatches = 1855;

const [path, job, times] =
  process.argv[2] === "--job" ? [process.argv[5], process.argv[3], Number(process.argv[4])] : [process.argv[2]];
if (job === undefined) report();
else console.log(JSON.stringify(await measure()));

function report() {
  console.log(environment());
  console.log(
    `${"".padEnd(24)}${"characters".padStart(14)}${"held at most".padStart(14)}${"beyond the ids".padStart(16)}`,
  );
  const rows = [
    ["nothing", 0],
    ["encode", 1],
    ["ids", 1],
    ["one-hot, reuse", 1],
    ["one-hot", 1],
  ];
  for (const copies of [100, 1400]) rows.push(["encode", copies], ["one-hot, reuse", copies]);
  for (const [name, copies] of rows) {
    const argv = [fileURLToPath(import.meta.url), "--job", name, String(copies), ...(path === undefined ? [] : [path])];
    const { characters, kilobytes } = JSON.parse(execFileSync(process.execPath, argv, { encoding: "utf8" }));
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(
      name.padEnd(24) +
        String(characters).padStart(14) +
        megabytes(kilobytes * 1024).padStart(14) +
        megabytes(kilobytes * 1024 - characters).padStart(16),
    );
  }
}

async function measure() {
  const characters = times === 0 ? 0 : await run();
  return { characters, kilobytes: process.resourceUsage().maxRSS };
}

async function run() {
  const text = benchText(path);
  const { ids, vocabulary } = await encodeStream(repeat(text), { capacity: text.length * times });
  const options = { ...shape, reuse: job.endsWith("reuse") };
  let left = job === "encode" ? 0 : Math.min(mostBatches, countWindowBatches(ids.length, shape));
  const batches =
    job === "ids" ? windowBatches(ids, options) : oneHotBatches(ids, { ...options, vocabularySize: vocabulary.size });
  while (left-- > 0) batches.next();
  return ids.length;
}

function* repeat(text) {
  for (let copy = 0; copy < times; copy++) yield text;
}
