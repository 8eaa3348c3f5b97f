import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  checkpointFromPortable,
  type ImportedModel,
  parseVocabulary,
  type ReadOptions,
  readKeras,
  readMl5CharRnn,
  readSafetensors,
  readTfjsLayersModel,
  vocabularyFileName,
} from "@charlstm/keras";
import { createDiskStore, nameFrom } from "@charlstm/model/checkpoint";
import { Command } from "commander";
import { wholeNumber } from "../arguments.js";
import type { RecipeChoice } from "../book.js";
import { CliError } from "../errors.js";
import { type Io, print, say, warn } from "../io.js";
import { recipeOption } from "../train-options.js";
import { openTrainingText } from "../training-text.js";

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
  const model = await readModel(path, { window: flags.window, config });
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

async function readModel(path: string, options: ReadOptions): Promise<ImportedModel> {
  const status = await stat(path).catch(() => undefined);
  if (!status)
    throw new CliError(
      "NO_MODEL",
      `there is no ${path}: name an .h5, .keras or .safetensors file, or the folder of a tfjs or ml5 model`,
    );
  if (status.isDirectory()) return readFolder(path, options);
  if (!status.isFile()) throw new CliError("NO_MODEL", `${path} is no plain file: name the file of a model`);
  if (basename(path) === "manifest.json") return readMl5(dirname(path), options);
  if (path.endsWith(".json")) return readTfjs(path, options);
  const bytes = new Uint8Array(await readFile(path));
  return path.endsWith(".safetensors") ? readSafetensors(bytes, options) : readKeras(bytes, options);
}

/** What a folder holds shows in the names of its files. */
async function readFolder(path: string, options: ReadOptions): Promise<ImportedModel> {
  const has = (name: string) => existsSync(join(path, name));
  if (has("charlstm.json"))
    throw new CliError("NO_MODEL", `${path} is a checkpoint already: generate, evaluate and export take it as it is`);
  if (has("model.json")) return readTfjs(join(path, "model.json"), options);
  if (has("manifest.json") && has("vocab.json")) return readMl5(path, options);
  if (has("saved_model.pb"))
    throw new CliError(
      "NO_MODEL",
      `${path} is a SavedModel, which keeps operations instead of layers: load it in Keras 2 or tf_keras and save it with model.save("model.h5")`,
    );
  throw new CliError(
    "NO_MODEL",
    `${path} holds no model.json (tfjs), and no manifest.json and vocab.json (ml5): name a model's file, or the folder of a tfjs or ml5 model`,
  );
}

/** Reads model.json and the weight files that it names, from its own folder only. */
async function readTfjs(path: string, options: ReadOptions): Promise<ImportedModel> {
  const modelJson = await readFile(path, "utf8");
  const names = namesIn(modelJson, ({ weightsManifest }) =>
    (weightsManifest as { paths?: string[] }[] | undefined)?.flatMap(({ paths }) => paths ?? []),
  );
  return readTfjsLayersModel({ modelJson, weights: await filesBeside(dirname(path), names) }, options);
}

/** Reads a charRNN of ml5.js: manifest.json, vocab.json and a file for each variable. */
async function readMl5(folder: string, options: ReadOptions): Promise<ImportedModel> {
  const manifestJson = await readFile(join(folder, "manifest.json"), "utf8");
  const vocabJson = await readFile(join(folder, "vocab.json"), "utf8");
  const names = namesIn(manifestJson, (manifest) =>
    Object.values(manifest).map((variable) => (variable as { filename?: unknown }).filename),
  );
  return readMl5CharRnn({ manifestJson, vocabJson, weights: await filesBeside(folder, names) }, options);
}

/** The names of files in a JSON text; where it is something else than expected, the reader of the model says so. */
function namesIn(json: string, pick: (value: Record<string, unknown>) => unknown[] | undefined): string[] {
  try {
    const names = pick(JSON.parse(json) as Record<string, unknown>) ?? [];
    return names.filter((name): name is string => typeof name === "string");
  } catch {
    return [];
  }
}

/** The plain files of a folder by their names; paths out of it are left to the reader to refuse. */
async function filesBeside(folder: string, names: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of new Set(names)) {
    const path = join(folder, name);
    if (basename(name) !== name || !(await stat(path).catch(() => undefined))?.isFile()) continue;
    files.set(name, new Uint8Array(await readFile(path)));
  }
  return files;
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
    return (await openTrainingText(io, flags.vocabularyFrom, { recipe: flags.recipe ?? "auto" })).vocabulary.characters;
  }
  const beside = vocabularyFileName(path);
  return model.vocabulary ?? (existsSync(beside) ? parseVocabulary(await readFile(beside, "utf8")) : undefined);
}
