import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  checkpointFromPortable,
  type ImportedModel,
  parseVocabulary,
  readKeras,
  readSafetensors,
  readTfjsLayersModel,
  vocabularyFileName,
} from "@charlstm/keras";
import { createDiskStore, nameFrom } from "@charlstm/model/checkpoint";
import { createVocabulary } from "@charlstm/vectorize";
import { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import { openBook, type RecipeChoice } from "../book.js";
import { CliError } from "../errors.js";
import { type Io, print, say, warn } from "../io.js";
import { recipeOption } from "../train-options.js";

interface ImportFlags {
  out?: string;
  vocabularyFrom?: string;
  recipe?: RecipeChoice;
  window?: number;
}

/** `charlstm import <file>` */
export function importCommand(io: Io): Command {
  return new Command("import")
    .description("Turn a model of Keras, TensorFlow.js or PyTorch into a checkpoint to write from.")
    .argument("<file>", "an .h5, .keras or .safetensors file, or the model.json (or folder) of a tfjs layers model")
    .option("--out <folder>", "folder of the checkpoint (default: the file's name without its ending)")
    .option("--vocabulary-from <book>", "the text it was trained on: its sorted characters are the vocabulary")
    .addOption(recipeOption())
    .option("--window <n>", "characters of a window (default: what the file says, else 60)", wholeNumber(1))
    .action((file: string, flags: ImportFlags) => runImport(io, file, flags));
}

async function runImport(io: Io, file: string, flags: ImportFlags): Promise<void> {
  const path = resolve(io.folder, file);
  const model = await readModel(path, flags.window === undefined ? {} : { window: flags.window });
  for (const warning of model.warnings) warn(io, warning);
  const vocabulary = await findVocabulary(io, path, model, flags);
  const target = resolve(io.folder, flags.out ?? defaultName(io, path));
  if (flags.out === undefined && existsSync(target)) {
    throw new CliError("OCCUPIED", `${target} is there already: name the checkpoint's folder with --out`);
  }
  await createDiskStore(dirname(target)).save(basename(target), checkpointFromPortable(model, vocabulary));
  say(io, `${model.source}: units ${model.architecture.units.join(", ")}, ${vocabulary.length} characters`);
  await print(io, `${target}\n`);
}

/** The file's name without its ending, as far as a checkpoint may be called so; never the folder that was read. */
function defaultName(io: Io, path: string): string {
  const name = nameFrom(basename(path).replace(/(\.weights)?\.[^.]+$/, ""));
  return resolve(io.folder, name) === path ? `${name}-imported` : name;
}

async function readModel(path: string, options: { window?: number }): Promise<ImportedModel> {
  const status = await stat(path).catch(() => undefined);
  if (!status)
    throw new CliError(
      "NO_MODEL",
      `there is no ${path}: name an .h5, .keras or .safetensors file, or a tfjs model's folder`,
    );
  if (status.isDirectory()) return readTfjs(join(path, "model.json"), options);
  if (!status.isFile()) throw new CliError("NO_MODEL", `${path} is no plain file: name the file of a model`);
  if (path.endsWith(".json")) return readTfjs(path, options);
  const bytes = new Uint8Array(await readFile(path));
  return path.endsWith(".safetensors") ? readSafetensors(bytes, options) : readKeras(bytes, options);
}

/** Reads model.json and the weight files that it names, from its own folder only. */
async function readTfjs(path: string, options: { window?: number }): Promise<ImportedModel> {
  if (!existsSync(path))
    throw new CliError("NO_MODEL", `there is no ${path}: a tfjs layers model is a folder with a model.json`);
  const modelJson = await readFile(path, "utf8");
  const weights = new Map<string, Uint8Array>();
  for (const name of new Set(weightFiles(modelJson))) {
    if (basename(name) === name) weights.set(name, new Uint8Array(await readFile(join(dirname(path), name))));
  }
  return readTfjsLayersModel({ modelJson, weights }, options);
}

function weightFiles(modelJson: string): string[] {
  try {
    const { weightsManifest } = JSON.parse(modelJson) as { weightsManifest?: { paths?: string[] }[] };
    return (weightsManifest ?? []).flatMap(({ paths }) => paths ?? []).filter((name) => typeof name === "string");
  } catch {
    return []; // The reader of the model says what is wrong with the JSON.
  }
}

/** From a named text, from the model's own file, or from the file beside it. */
async function findVocabulary(
  io: Io,
  path: string,
  model: ImportedModel,
  flags: ImportFlags,
): Promise<readonly string[]> {
  const size = model.architecture.vocabularySize;
  const vocabulary = await readVocabulary(io, path, model, flags);
  if (!vocabulary) {
    throw new CliError(
      "NO_VOCABULARY",
      `${path} does not say which ${size} characters its ids stand for: name the text that it was trained on with --vocabulary-from, ` +
        `or put a JSON array of them in ${vocabularyFileName(basename(path))} beside it`,
    );
  }
  if (vocabulary.length !== size) {
    throw new CliError(
      "NO_VOCABULARY",
      `the vocabulary has ${vocabulary.length} characters, the model ${size}: it belongs to another text or recipe`,
    );
  }
  return vocabulary;
}

async function readVocabulary(
  io: Io,
  path: string,
  model: ImportedModel,
  flags: ImportFlags,
): Promise<readonly string[] | undefined> {
  if (flags.vocabularyFrom !== undefined) {
    const { corpus } = await openBook(io, flags.vocabularyFrom, { recipe: flags.recipe ?? "auto" });
    return createVocabulary(corpus.text).characters;
  }
  const beside = vocabularyFileName(path);
  return model.vocabulary ?? (existsSync(beside) ? parseVocabulary(await readFile(beside, "utf8")) : undefined);
}
