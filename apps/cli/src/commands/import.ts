import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isKerasError, readModel, vocabularyFileName } from "@charlstm/keras";
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
  const files = await filesOf(path);
  const vocabulary =
    flags.vocabularyFrom === undefined
      ? undefined
      : (await openTrainingText(io, flags.vocabularyFrom, { recipe: flags.recipe ?? "auto" })).vocabulary.characters;
  const model = read(() => readModel(files, { window: flags.window, config, vocabulary }));
  for (const warning of model.warnings) warn(io, warning);
  const { architecture, vocabulary: characters } = model.checkpoint;
  const target = resolve(io.folder, flags.out ?? defaultName(io, path));
  if (flags.out === undefined && existsSync(target)) {
    throw new CliError("OCCUPIED", `${target} is there already: name the checkpoint's folder with --out`);
  }
  await createDiskStore(dirname(target)).save(basename(target), model.checkpoint);
  say(io, `${model.source}: units ${architecture.units.join(", ")}, ${characters.length} characters`);
  await print(io, `${target}\n`);
}

/** Says which flag names the characters where a model's files don't. */
function read<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isKerasError(error) || error.code !== "NO_VOCABULARY") throw error;
    const wayOut =
      error.details.given === undefined
        ? ": or name the text that it was trained on with --vocabulary-from"
        : " or recipe than --vocabulary-from and --recipe say";
    throw new CliError("NO_VOCABULARY", `${error.message}${wayOut}`);
  }
}

/** The file's name without its ending, as far as a checkpoint may be called so; never the folder that was read. */
function defaultName(io: Io, path: string): string {
  const name = nameFrom(basename(path).replace(/(\.weights)?\.[^.]+$/, ""));
  return resolve(io.folder, name) === path ? `${name}-imported` : name;
}

/** The files that make up a model: one, with the vocabulary beside it, or those that a folder's JSON names. */
async function filesOf(path: string): Promise<Map<string, Uint8Array>> {
  const status = await stat(path).catch(() => undefined);
  if (!status)
    throw new CliError(
      "NO_MODEL",
      `there is no ${path}: name an .h5, .keras or .safetensors file, or the folder of a tfjs or ml5 model`,
    );
  if (status.isDirectory()) return filesIn(path);
  if (!status.isFile()) throw new CliError("NO_MODEL", `${path} is no plain file: name the file of a model`);
  if (path.endsWith(".json")) return filesNamedBy(path);
  return filesBeside(dirname(path), [basename(path), vocabularyFileName(basename(path))]);
}

/** What a folder holds shows in the names of its files. */
async function filesIn(path: string): Promise<Map<string, Uint8Array>> {
  const has = (name: string) => existsSync(join(path, name));
  if (has("charlstm.json"))
    throw new CliError("NO_MODEL", `${path} is a checkpoint already: generate, evaluate and export take it as it is`);
  if (has("model.json")) return filesNamedBy(join(path, "model.json"));
  if (has("manifest.json") && has("vocab.json")) return filesNamedBy(join(path, "manifest.json"));
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

/**
 * A JSON file with those of its own folder that it names: the weights of a layers model of TensorFlow.js (model.json), a file for each
 * variable of a charRNN of ml5.js (manifest.json, with its vocab.json). What lies elsewhere is left to the reader to refuse.
 */
async function filesNamedBy(path: string): Promise<Map<string, Uint8Array>> {
  const json = await readFile(path, "utf8");
  const names = namesIn(json, ({ weightsManifest, ...variables }) => [
    ...((weightsManifest as { paths?: string[] }[] | undefined)?.flatMap(({ paths }) => paths ?? []) ?? []),
    ...Object.values(variables).map((variable) => (variable as { filename?: unknown } | null)?.filename),
  ]);
  const [folder, own] = [dirname(path), basename(path)];
  const files = await filesBeside(folder, ["vocab.json", vocabularyFileName(own), ...names]);
  // A layers model may have any name.
  return files.set(own === "manifest.json" ? own : "model.json", new Uint8Array(Buffer.from(json)));
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
