// What tells a file that this program wrote from one of the user's: no file is replaced without its mark.
import { open } from "node:fs/promises";
import { pngBlock } from "./png-block.js";

/** Whether an open file is of one kind, by what stands in it. */
export type Mark = (file: FileContent) => Promise<boolean>;

/** Read access to a file for marks. */
interface FileContent {
  /** Its beginning, as Latin-1: a character a byte. */
  readonly head: string;
  /** Whether a word of ASCII characters stands anywhere in it. */
  holds(word: string): Promise<boolean>;
}

const begins =
  (pattern: RegExp): Mark =>
  async ({ head }) =>
    pattern.test(head);
const holds =
  (word: string): Mark =>
  ({ holds }) =>
    holds(word);

/** Characters of a file's beginning that a mark is looked for in. */
const headLength = 4096;

/** Stands at the beginning of every loss.svg. */
const svgMark = "<!-- charlstm -->";

export const marks = {
  record: begins(/^\{\s*"formatVersion": \d+,\s*"book": /),
  sweep: begins(/^\{\s*"formatVersion": \d+,\s*"trials": /),
  metrics: begins(/^\{"epoch":\d+,"step":/),
  baselines: begins(/^\{"heldOutCharacters":/),
  samples: begins(/^Epoch: \d+\nGenerating with seed:\n/),
  svg: begins(new RegExp(`^<svg[^>]*>${svgMark}`)),
  png: begins(/^\x89PNG.{33}tEXtSoftware\0charlstm/s),
  page: begins(/<meta name="generator" content="charlstm [^>]*>/),
  /** Models in other tools' formats: each carries its vocabulary or objective under a name of ours. */
  model: holds("charlstm_"),
  /** A checkpoint as one zip: the name of its manifest stands in it. */
  checkpoint: holds("charlstm.json"),
  tfjs: holds('"userDefinedMetadata":{"vocabulary":['),
  vocabulary: begins(/^\["/),
  /** What has no mark, such as a plain text, is nobody's to replace. */
  none: async () => false,
} satisfies Record<string, Mark>;

/** Whether a plain file carries a mark; an empty one holds nothing to lose. */
export async function carries(path: string, mark: Mark): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    if (bytesRead === 0) return true;
    const head = buffer.toString("latin1", 0, bytesRead);
    return await mark({ head, holds: (word) => scan(file, word) });
  } finally {
    await file.close();
  }
}

async function scan(file: Awaited<ReturnType<typeof open>>, word: string): Promise<boolean> {
  const chunk = Buffer.alloc(2 ** 20);
  // Chunks overlap, so that a word across a border is found too.
  for (let position = 0; ; position += chunk.length - word.length) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (chunk.subarray(0, bytesRead).includes(word, 0, "latin1")) return true;
    if (bytesRead < chunk.length) return false;
  }
}

/** An SVG with its mark. */
export function markSvg(svg: string): string {
  return svg.replace(/^<svg[^>]*>/, (head) => head + svgMark);
}

/** Bytes of a PNG's signature and its first block, which says how large the picture is. */
const pngHead = 33;

/** A PNG with its mark: a `tEXt` block, as the format keeps the name of the program that made a picture. */
export function markPng(png: Uint8Array): Uint8Array {
  const text = pngBlock("tEXt", Buffer.from("Software\0charlstm", "latin1"));
  return Buffer.concat([png.subarray(0, pngHead), text, png.subarray(pngHead)]);
}
