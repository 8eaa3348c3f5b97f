import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Cut } from "@charlstm/corpus";
import { countWindows } from "@charlstm/vectorize";
import { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import type { RecipeChoice } from "../book.js";
import { addBookFlags, type BookFlags } from "../book-flags.js";
import { type Io, printJson, write } from "../io.js";
import { marks } from "../marks.js";
import { writeOwnFile } from "../own-files.js";
import { terminalLine } from "../terminal-text.js";
import { recipeOption } from "../train-options.js";
import { openTrainingText, piecesOf, type TrainingText } from "../training-text.js";

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
  const text = await openTrainingText(io, book, { ...flags, recipe: flags.recipe ?? "auto" });
  const { window, stride } = flags;
  const { author, encoding, address, cuts, warnings } = text.origin;
  const characters = text.ids.length;
  const facts = {
    characters,
    vocabulary: text.vocabulary.size,
    windows: characters > window ? countWindows(characters, { window, stride }) : 0,
    recipe: text.recipe,
    title: text.title,
    author,
    encoding,
    sha256: text.sha256,
    address,
    cuts: cuts.map(({ spans: _, ...cut }) => cut),
    warnings,
  };
  if (flags.out !== undefined) await writeText(io, resolve(io.folder, flags.out), text);
  if (flags.json) await printJson(io, facts);
  else await write(io.stdout, describe(facts));
}

async function writeText(io: Io, path: string, text: TrainingText): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of piecesOf(text)) {
    io.signal.throwIfAborted();
    pieces.push(Buffer.from(piece));
  }
  await mkdir(dirname(path), { recursive: true });
  await writeOwnFile(path, Buffer.concat(pieces), marks.none);
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
