import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Cut } from "@charlstm/corpus";
import { textSeparator } from "@charlstm/training";
import { countWindows } from "@charlstm/vectorize";
import { Command } from "commander";
import { marks } from "../files/marks.js";
import { writeOwnFile } from "../files/own-files.js";
import { wholeNumber } from "../terminal/arguments.js";
import { type Io, printJson, write } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";
import type { RecipeChoice } from "../texts/book.js";
import { addBookFlags, type BookFlags } from "../texts/book-flags.js";
import type { TextFacts } from "../texts/several-texts.js";
import { openTexts, piecesOf, type TrainingText } from "../texts/training-text.js";
import { recipeOption } from "../train/options.js";

interface CorpusFlags extends BookFlags {
  recipe?: RecipeChoice;
  window: number;
  stride: number;
  out?: string;
  json?: boolean;
}

/** `charlstm corpus [book...]` */
export function corpusCommand(io: Io): Command {
  const command = new Command("corpus")
    .description("Fetch and clean a book, and say what is in it and what was cut.")
    .argument("[book...]", "texts, as train takes them (default: Pride and Prejudice)")
    .addOption(recipeOption())
    .option("--window <n>", "characters of a window", wholeNumber(1), 60)
    .option("--stride <n>", "characters between two window starts", wholeNumber(1), 3)
    .option("--out <file>", "write the cleaned text to a file");
  return addBookFlags(command)
    .option("--json", "print one object")
    .action((books: string[], flags: CorpusFlags) => runCorpus(io, books, flags));
}

async function runCorpus(io: Io, books: readonly string[], flags: CorpusFlags): Promise<void> {
  const text = await openTexts(io, books, { ...flags, recipe: flags.recipe ?? "auto" });
  const { window, stride } = flags;
  const { several } = text;
  const { author, encoding, address, cuts, warnings } = text.origin;
  const characters = text.ids.length;
  const facts = {
    characters,
    vocabulary: text.vocabulary.size,
    windows: characters > window ? countWindows(characters, { window, stride }) : 0,
    recipe: text.recipe,
    title: text.title,
    author,
    encoding: several ? undefined : encoding,
    sha256: text.sha256,
    address,
    cuts: cuts.map(({ spans: _, ...cut }) => cut),
    warnings,
    ...(several ? { separator: textSeparator, texts: several.texts, skipped: several.skipped } : {}),
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

/** The facts that are told; those that are no numbers or words are told apart. */
interface Described {
  cuts: readonly Omit<Cut, "spans">[];
  warnings: unknown;
  separator?: string;
  texts?: readonly TextFacts[];
  skipped?: unknown;
}

/** Texts that are listed one by one; of more, how many there are. */
const mostListed = 20;

function describe({ cuts, warnings: _, separator, texts = [], skipped: _skipped, ...facts }: Described): string {
  const several = separator === undefined ? {} : { separator: JSON.stringify(separator), texts: texts.length };
  const lines = Object.entries({ ...facts, ...several })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(12)}${terminalLine(String(value))}`);
  if (texts.length <= mostListed) {
    for (const { characters, name } of texts)
      lines.push(`  ${String(characters).padStart(10)} characters  ${terminalLine(name)}`);
  }
  const removed = cuts.map(
    ({ rule, characters, firstLine, lastLine }) =>
      `  ${rule.padEnd(24)}${String(characters).padStart(8)} characters  lines ${firstLine}-${lastLine}`,
  );
  return `${[...lines, ...(removed.length > 0 ? ["cut:", ...removed] : [])].join("\n")}\n`;
}
