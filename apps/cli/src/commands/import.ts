import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { createDiskStore, nameFrom } from "@charlstm/model/checkpoint";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { modelFiles, readModelFiles } from "../model/model-files.js";
import { wholeNumber } from "../terminal/arguments.js";
import { type Io, print, say } from "../terminal/io.js";
import type { RecipeChoice } from "../texts/book.js";
import { openTrainingText } from "../texts/training-text.js";
import { recipeOption } from "../train/options.js";

interface ImportFlags {
  out?: string;
  vocabularyFrom?: string;
  recipe?: RecipeChoice;
  window?: number;
  config?: string;
}

/** `charlstm import <file>` */
export function importCommand(io: Io): Command {
  return new Command("import")
    .description("Turn a model of Keras, TensorFlow.js, PyTorch or ml5.js into a checkpoint to write from.")
    .argument(
      "<file>",
      "an .h5, .keras or .safetensors file, or the folder of a tfjs layers model or of an ml5 charRNN",
    )
    .option("--out <folder>", "folder of the checkpoint (default: the file's name without its ending)")
    .option("--vocabulary-from <book>", "the text it was trained on: its sorted characters are the vocabulary")
    .addOption(recipeOption())
    .option("--config <file>", "the model's structure, as model.to_json() writes it, for a file of weights alone")
    .option("--window <n>", "characters of a window (default: what the file says, else 60)", wholeNumber(1))
    .action((file: string, flags: ImportFlags) => runImport(io, file, flags));
}

async function runImport(io: Io, file: string, flags: ImportFlags): Promise<void> {
  const path = resolve(io.folder, file);
  const config = flags.config === undefined ? undefined : await readFile(resolve(io.folder, flags.config), "utf8");
  const files = await modelFiles(path);
  const vocabulary =
    flags.vocabularyFrom === undefined
      ? undefined
      : (await openTrainingText(io, flags.vocabularyFrom, { recipe: flags.recipe ?? "auto" })).vocabulary.characters;
  const model = readModelFiles(io, files, { window: flags.window, config, vocabulary }, wayOut);
  const { architecture, vocabulary: characters } = model.checkpoint;
  const target = resolve(io.folder, flags.out ?? defaultName(io, path));
  if (flags.out === undefined && existsSync(target)) {
    throw new CliError("OCCUPIED", `${target} is there already: name the checkpoint's folder with --out`);
  }
  await createDiskStore(dirname(target)).save(basename(target), model.checkpoint);
  say(io, `${model.source}: units ${architecture.units.join(", ")}, ${characters.length} characters`);
  await print(io, `${target}\n`);
}

/** What names the characters where a model's files don't. */
function wayOut(given: unknown): string {
  return given === undefined
    ? ": or name the text that it was trained on with --vocabulary-from"
    : " or recipe than --vocabulary-from and --recipe say";
}

/** The file's name without its ending, as far as a checkpoint may be called so; never the folder that was read. */
function defaultName(io: Io, path: string): string {
  const name = nameFrom(basename(path).replace(/(\.weights)?\.[^.]+$/, ""));
  return resolve(io.folder, name) === path ? `${name}-imported` : name;
}
