import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Cut } from "@charlstm/corpus";
import { countWindows, createVocabulary } from "@charlstm/vectorize";
import { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import { openBook, type RecipeChoice } from "../book.js";
import { addBookFlags, type BookFlags } from "../book-flags.js";
import { type Io, printJson, warn, write } from "../io.js";
import { marks } from "../marks.js";
import { writeOwnFile } from "../own-files.js";
import { terminalLine } from "../terminal-text.js";
import { recipeOption } from "../train-options.js";

interface CorpusFlags extends BookFlags {
  recipe?: RecipeChoice;
  window: number;
  stride: number;
  out?: string;
  json?: boolean;
}

/** `charlstm corpus [book]` */
export function corpusCommand(io: Io): Command {
  const command = new Command("corpus")
    .description("Fetch and clean a book, and say what is in it and what was cut.")
    .argument("[book]", "a Gutenberg id, a path, a URL, or - for stdin (default: Pride and Prejudice)")
    .addOption(recipeOption())
    .option("--window <n>", "characters of a window", wholeNumber(1), 60)
    .option("--stride <n>", "characters between two window starts", wholeNumber(1), 3)
    .option("--out <file>", "write the cleaned text to a file");
  return addBookFlags(command)
    .option("--json", "print one object")
    .action((book: string | undefined, flags: CorpusFlags) => runCorpus(io, book, flags));
}

async function runCorpus(io: Io, book: string | undefined, flags: CorpusFlags): Promise<void> {
  const { corpus } = await openBook(io, book, { ...flags, recipe: flags.recipe ?? "auto" });
  const { window, stride } = flags;
  const characters = [...corpus.text].length;
  const facts = {
    characters,
    vocabulary: createVocabulary(corpus.text).size,
    windows: characters > window ? countWindows(characters, { window, stride }) : 0,
    recipe: corpus.recipe,
    title: corpus.title,
    author: corpus.author,
    encoding: corpus.encoding,
    sha256: corpus.sha256,
    address: corpus.address,
    cuts: corpus.cuts.map(({ spans: _, ...cut }) => cut),
    warnings: corpus.warnings,
  };
  if (flags.out !== undefined) await writeText(resolve(io.folder, flags.out), corpus.text);
  for (const { message } of corpus.warnings) warn(io, message);
  if (flags.json) await printJson(io, facts);
  else await write(io.stdout, describe(facts));
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeOwnFile(path, text, marks.none);
}

function describe({ cuts, warnings: _, ...facts }: { cuts: readonly Omit<Cut, "spans">[]; warnings: unknown }): string {
  const lines = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)}${terminalLine(String(value))}`);
  const removed = cuts.map(
    ({ rule, characters, firstLine, lastLine }) =>
      `  ${rule.padEnd(24)}${String(characters).padStart(8)} characters  lines ${firstLine}-${lastLine}`,
  );
  return `${[...lines, ...(removed.length > 0 ? ["cut:", ...removed] : [])].join("\n")}\n`;
}
