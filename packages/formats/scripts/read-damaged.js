// Reads damaged model files, each repeatable from its number, and prints one JSON object: how many ended how, the slowest, and the
// most memory that the process took. A file may be read or refused with a FormatError; anything else ends this with exit code 1.
//
//   node scripts/read-damaged.js [count]      20,000 unless told
import { readFileSync } from "node:fs";
import process from "node:process";
import { isFormatError, readKeras, readSafetensors, writeSafetensors } from "@charlstm/formats";

const fixture = (name) => new Uint8Array(readFileSync(new URL(`../test/fixtures/${name}`, import.meta.url)));
const names = [
  ...["keras-2.2-adam-two-layers.h5", "keras-2.7-rmsprop.h5", "keras-2.7-functional.h5", "keras-2.13-dropout.h5"],
  ...["keras-3.15-functional.h5", "keras-3.15-embedding.keras", "keras-3.15-adamw.keras"],
  ...[
    "keras-2.13-adam-two-layers.keras",
    "layouts/chunked.h5",
    "layouts/chunked-latest.h5",
    "layouts/bfloat16.keras",
    "layouts/keras-3.weights.h5",
  ],
];
const originals = [
  ...names.map((name) => ({ name, bytes: fixture(name), read: readKeras })),
  {
    name: "a safetensors file",
    bytes: writeSafetensors(readKeras(fixture("keras-2.2-adam-two-layers.h5"))),
    read: readSafetensors,
  },
  { name: "random bytes", bytes: undefined, read: readKeras },
];

/** Repeatable numbers in [0, 1). */
function repeatable(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Cuts the file short, changes single bits or bytes, writes a huge number, blanks a run or moves one somewhere else. */
function damage(original, random) {
  const kind = random();
  const below = (limit) => Math.floor(random() * limit);
  if (kind < 0.1) return original.slice(0, below(original.length));
  const bytes = original.slice();
  // The structure is mostly in the first bytes: half of the changes go there.
  const place = () => below(random() < 0.5 ? Math.min(4096, bytes.length) : bytes.length);
  if (kind < 0.3) bytes[place()] ^= 1 << below(8);
  else if (kind < 0.6) for (let n = 1 + below(kind < 0.5 ? 3 : 60); n > 0; n--) bytes[place()] = below(256);
  else if (kind < 0.7) new DataView(bytes.buffer).setUint32(Math.min(place(), bytes.length - 4), 2 ** 31 - 1, true);
  else if (kind < 0.85) bytes.fill(random() < 0.5 ? 0 : 255, place(), place());
  else bytes.copyWithin(place(), place(), place());
  return bytes;
}

/** A signature that a reader knows, and noise behind it. */
function noise(random) {
  const signature = [
    [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    [0x50, 0x4b, 3, 4],
  ][Math.floor(2 * random())];
  const bytes = Uint8Array.from({ length: 600 }, () => Math.floor(256 * random()));
  bytes.set(signature);
  return bytes;
}

const count = Number(process.argv[2] ?? 20_000);
const memoryBefore = process.resourceUsage().maxRSS;
const outcomes = {};
let slowestMs = 0;
const start = performance.now();
for (let number = 0; number < count; number++) {
  const { name, bytes, read } = originals[number % originals.length];
  const random = repeatable(number);
  random();
  const damaged = bytes ? damage(bytes, random) : noise(random);
  const begun = performance.now();
  let outcome = "read";
  try {
    read(damaged);
  } catch (error) {
    if (!isFormatError(error)) {
      console.error(`${name}, damage ${number}: something else than a FormatError`);
      throw error;
    }
    outcome = error.code;
  }
  slowestMs = Math.max(slowestMs, performance.now() - begun);
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}
const megabytes = (kilobytes) => Math.round(kilobytes / 1024);
console.log(
  JSON.stringify({
    files: count,
    outcomes,
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    slowestMs: Number(slowestMs.toFixed(1)),
    memoryBeforeMB: megabytes(memoryBefore),
    memoryMostMB: megabytes(process.resourceUsage().maxRSS),
  }),
);
