// A run's folder as bytes: a line of JSON that lists its files, then their contents in this order.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { CliError } from "../errors.js";

/** Packs every file of a folder but its lock. */
export async function packFolder(folder: string): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== "run.lock")
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const list = paths.map((path, index) => ({ path, bytes: contents[index]!.length }));
  return Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...contents]);
}

/** Names that files of a run have: none leads out of the folder, whoever has packed it. */
const filePath = /^(?:[\w-][\w.-]*\/){0,3}[\w-][\w.-]*$/;

/**
 * Unpacks into a new folder.
 *
 * @throws {CliError} `BAD_PACK` for bytes that are none of ours.
 */
export async function unpackFolder(bytes: Uint8Array, folder: string): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = buffer.indexOf("\n") + 1;
  const list = parseList(buffer.toString("utf8", 0, at));
  if (at + list.reduce((sum, { bytes }) => sum + bytes, 0) !== buffer.length) throw badPack();
  await mkdir(folder, { recursive: true });
  for (const { path, bytes: size } of list) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), buffer.subarray(at, at + size), { flag: "wx" });
    at += size;
  }
}

function parseList(line: string): { path: string; bytes: number }[] {
  try {
    const list = JSON.parse(line) as { path: string; bytes: number }[];
    const isGood = list.every(({ path, bytes }) => filePath.test(path) && Number.isSafeInteger(bytes) && bytes >= 0);
    if (isGood) return list;
  } catch {
    // The same as a list of something else.
  }
  throw badPack();
}

function badPack(): CliError {
  return new CliError(
    "BAD_PACK",
    "the store holds something else than a run under a trial's name: see who else writes there",
  );
}
