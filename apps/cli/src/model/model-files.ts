import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isFormatError, type ReadModel, type ReadModelOptions, readModel, vocabularyFileName } from "@charlstm/formats";
import { CliError } from "../errors.js";
import { type Io, warn } from "../terminal/io.js";

/**
 * Reads a model of another tool, or a checkpoint as one file, and says what was left out.
 *
 * @param files As `modelFiles` finds them.
 * @param wayOut What a refusal adds where nothing says which characters the ids stand for, or `given` of them do not fit.
 * @throws {CliError} `NO_VOCABULARY`. @throws {FormatError} As `readModel`.
 */
export function readModelFiles(
  io: Io,
  files: ReadonlyMap<string, Uint8Array>,
  options: ReadModelOptions,
  wayOut: (given: unknown) => string,
): ReadModel {
  try {
    const model = readModel(files, options);
    for (const warning of model.warnings) warn(io, warning);
    return model;
  } catch (error) {
    if (!isFormatError(error) || error.code !== "NO_VOCABULARY") throw error;
    throw new CliError("NO_VOCABULARY", `${error.message}${wayOut(error.details.given)}`);
  }
}

/** The files that make up another tool's model: one, with the vocabulary beside it, or those that a folder's JSON names. */
export async function modelFiles(path: string): Promise<Map<string, Uint8Array>> {
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
