import { readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Characters and vocabulary of the reference, which the made-up text shares. */
const characters = 712_148;
const vocabularySize = 59;

/** The text of a file, or as many random characters as the reference has: the arithmetic is the same. */
export function benchText(path) {
  if (path !== undefined) return readFileSync(path, "utf8");
  let state = 1;
  const codes = Uint8Array.from({ length: characters }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 32 + Math.floor((state / 2 ** 32) * vocabularySize);
  });
  return new TextDecoder().decode(codes);
}

/** What a figure depends on. */
export function environment(...more) {
  const { version, platform, arch } = process;
  return [`node ${version}, ${platform} ${arch}, ${cpus()[0]?.model.trim()} x ${cpus().length}`, ...more].join(", ");
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
