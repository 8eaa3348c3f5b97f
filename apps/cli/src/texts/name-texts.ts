// Which texts the words of a command line name: folders and patterns are taken apart.
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { glob } from "tinyglobby";
import { CliError } from "../errors.js";
import type { Io } from "../terminal/io.js";
import { pathOf } from "./book.js";

/** A file that was left out, and why. */
export interface SkippedText {
  name: string;
  reason: string;
}

/** What words name. */
export interface NamedTexts {
  /** Ids, absolute paths, URLs, or `-`, each once. */
  names: readonly string[];
  /** Files of folders that are no texts by their names. */
  skipped: readonly SkippedText[];
}

/** How the names of texts end, in a folder that was named; a pattern takes others too. */
const textName = /\.(?:txt|text|md|markdown|rst|tex|org|pgn|abc)$/i;

/**
 * The texts that words name, in this order: that of the words, and within a folder or a pattern that of the paths' characters. A folder
 * has the texts in it and its folders, but for hidden files and what a run has written. A text that is named twice comes once.
 *
 * @throws {CliError} `NO_TEXT` for a folder without a text, and a pattern that no file matches.
 */
export async function nameTexts(io: Io, words: readonly string[]): Promise<NamedTexts> {
  const names = new Set<string>();
  const skipped: SkippedText[] = [];
  for (const word of words) {
    const found = await textsOf(io, word);
    for (const name of found.names) names.add(name);
    skipped.push(...found.skipped);
  }
  return { names: [...names], skipped };
}

/** A word as run.json has it: a path from the root, all else as it is. */
export function wholeName(io: Io, word: string): string {
  return pathOf(io, word) ?? word;
}

async function textsOf(io: Io, word: string): Promise<NamedTexts> {
  const path = word === "-" ? undefined : pathOf(io, word);
  if (path === undefined) return { names: [word], skipped: [] };
  const status = await stat(path).catch(() => undefined);
  if (status?.isDirectory()) return textsIn(path);
  if (status || !/[*?[\]{}]/.test(word)) return { names: [path], skipped: [] };
  const names = await filesMatching(process.platform === "win32" ? word.replaceAll("\\", "/") : word, io.folder);
  if (names.length > 0) return { names, skipped: [] };
  throw new CliError(
    "NO_TEXT",
    `no file matches ${word} (seen from ${io.folder}): correct the pattern, or name a text`,
  );
}

async function textsIn(folder: string): Promise<NamedTexts> {
  const files = await filesMatching("**/*", folder);
  const runs = files.filter((file) => basename(file) === "run.json").map((file) => dirname(file) + sep);
  const names: string[] = [];
  const skipped: SkippedText[] = [];
  for (const name of files) {
    if (runs.some((run) => name.startsWith(run))) skipped.push({ name, reason: "a run's" });
    else if (textName.test(name)) names.push(name);
    else skipped.push({ name, reason: "not named as a text" });
  }
  if (names.length > 0) return { names, skipped };
  throw new CliError(
    "NO_TEXT",
    `the folder ${folder} has no file whose name ends as a text's (.txt, .md, …): name one that has, or a pattern like ${join(folder, "*")}`,
  );
}

async function filesMatching(pattern: string, folder: string): Promise<string[]> {
  const files = await glob(pattern, { cwd: folder, onlyFiles: true, expandDirectories: false });
  return files.sort().map((file) => resolve(join(folder, file)));
}
