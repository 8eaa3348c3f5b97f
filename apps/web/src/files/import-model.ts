import type { ImportedModel } from "@charlstm/keras";
import { type Checkpoint, fileNames } from "@charlstm/model/checkpoint";
import { presets } from "@charlstm/training";
import { baseName, readCheckpointFiles, unzip } from "./charlstm-file.js";
import { FileError } from "./file-error.js";

/** A file that was chosen or dropped; of a folder with its path in it. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
}

/** A model out of files, and what there is to say about them. */
export interface OpenedModel {
  checkpoint: Checkpoint;
  title: string;
  notes: string[];
}

/**
 * The files that make up the model, before any is read: of a run's folder those of its `model/`, else of its newest checkpoint; of
 * others all.
 */
export function pickFiles<File extends { name: string }>(given: readonly File[]): readonly File[] {
  const folders = given.filter(({ name }) => baseName(name) === fileNames.manifest).map(({ name }) => folderOf(name));
  if (folders.length === 0) return given;
  const chosen = folders.find((folder) => baseName(folder) === "model") ?? folders.sort().at(-1)!;
  return given.filter(({ name }) => folderOf(name) === chosen);
}

/**
 * Opens what `exportModel` writes, what the command line imports, and the files of a checkpoint's folder chosen together; the content
 * tells which it is, where it can.
 *
 * @param vocabulary The characters of the text in the page, for files that carry none.
 * @throws {FileError | ModelError | KerasError} With a sentence for the visitor.
 */
export async function importModel(
  given: readonly GivenFile[],
  vocabulary: readonly string[] | undefined,
): Promise<OpenedModel> {
  if (given.length === 0) throw new FileError("No file was chosen.");
  const models = given.filter(({ name, bytes }) => isZip(bytes) || isHdf5(bytes) || isSafetensors(name));
  if (models.length > 1) {
    const names = models.map(({ name }) => baseName(name)).join(", ");
    throw new FileError(`These are ${models.length} models (${names}): bring one at a time, with what belongs to it.`);
  }
  const parts = partsOf(given);
  const title = titleOf(given);
  if (parts.has(fileNames.manifest)) {
    const checkpoint = readCheckpointFiles(parts);
    const { title: told, corpus } = checkpoint.metadata as { title?: unknown; corpus?: { title?: unknown } };
    const own = [told, corpus?.title].find((name) => typeof name === "string");
    return { checkpoint, title: (own as string | undefined) ?? title, notes: [] };
  }
  return importForeign({ given, parts, title, vocabulary });
}

/** The files by their names, those in an archive too; a .keras archive is one file. */
function partsOf(given: readonly GivenFile[]): Map<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  for (const { name, bytes } of given) {
    const unzipped = isZip(bytes) ? unzip(bytes) : undefined;
    const isKeras = unzipped?.has("config.json") && unzipped.has("model.weights.h5");
    for (const [part, content] of unzipped && !isKeras ? unzipped : [[baseName(name), bytes] as const])
      parts.set(part, content);
  }
  return parts;
}

interface Foreign {
  given: readonly GivenFile[];
  parts: ReadonlyMap<string, Uint8Array>;
  title: string;
  vocabulary: readonly string[] | undefined;
}

async function importForeign({ given, parts, title, vocabulary }: Foreign): Promise<OpenedModel> {
  const { checkpointFromPortable, parseVocabulary } = await import("@charlstm/keras");
  const model = await readModel(parts, given);
  const notes = [`Read as ${model.source}.`, ...model.warnings.map(inWordsOfPage)];
  const beside = [...parts].find(([name]) => name.endsWith("vocabulary.json"))?.[1];
  const own = model.vocabulary ?? (beside ? parseVocabulary(textOf(beside)) : undefined);
  const { architecture } = model;
  if (architecture.recurrentActivation) {
    throw new FileError(
      "The model's gates are hard_sigmoid, as in Keras before 2.3: the page writes with sigmoid gates alone. " +
        "The command line imports it and writes with it.",
    );
  }
  const characters = own ?? vocabulary;
  if (characters?.length !== architecture.vocabularySize) {
    throw new FileError(
      `The model knows ${architecture.vocabularySize} characters, but the file does not say which. Choose its .vocabulary.json along with it, ` +
        "or first open under Text the very text that it was trained on" +
        (vocabulary ? ` (the one that is open has ${vocabulary.length}).` : "."),
    );
  }
  if (!own) notes.push("The file names no characters: those of the text that is open were taken.");
  const { window, units, dropout } = architecture;
  const { optimizer: _, ...checkpoint } = checkpointFromPortable(model, characters);
  const { objective } = checkpoint;
  checkpoint.settings = { ...presets.notebook, objective, window, units, dropout };
  return { checkpoint, title, notes };
}

/** Reads a model of another tool out of its files. */
async function readModel(parts: ReadonlyMap<string, Uint8Array>, given: readonly GivenFile[]): Promise<ImportedModel> {
  // By name, so that the build leaves out the rest.
  const { isKerasError, readKeras, readMl5CharRnn, readSafetensors, readTfjsLayersModel } = await import(
    "@charlstm/keras"
  );
  const text = (name: string) => textOf(parts.get(name)!);
  const names = [...parts.keys()];
  const json = names.find((name) => name === fileNames.model) ?? names.find(isStructure);
  const bytes = [...parts.values()].find(isHdf5) ?? [...parts.values()].find(isZip);
  const safetensors = [...parts].find(([name]) => isSafetensors(name))?.[1];
  try {
    if (safetensors) return readSafetensors(safetensors);
    if (bytes) return readKeras(bytes, isHdf5(bytes) && json ? { config: text(json) } : {});
    if (parts.has("manifest.json") && parts.has("vocab.json")) {
      const [manifestJson, vocabJson] = [text("manifest.json"), text("vocab.json")];
      return readMl5CharRnn({ manifestJson, vocabJson, weights: parts });
    }
    if (json && parts.size > 1) return readTfjsLayersModel({ modelJson: text(json), weights: parts });
    // No model: the reader knows many a file by its beginning, and what to do with it.
    return readKeras((given.find(({ name }) => baseName(name) === "saved_model.pb") ?? given[0]!).bytes);
  } catch (error) {
    if (!isKerasError(error)) throw error;
    const { code, message } = error;
    const files = given.map(({ name }) => baseName(name)).slice(0, 5);
    const refusal = code === "NOT_A_MODEL" ? `${files.join(", ")}: this is no model: ` : "";
    throw new FileError(refusal + inWordsOfPage(message), { cause: error });
  }
}

/** What the package says of its options, of files that are chosen instead. */
const inWordsOfPage = (message: string): string =>
  message
    .replace("(config; --config in the command line)", "(its .json file, chosen along with it)")
    .replace("leave config out", "choose it without the .json file");

/** A name out of the files' names, where one of them is the model's own, or out of their folder's. */
function titleOf(given: readonly GivenFile[]): string {
  const [first] = given;
  const folders = folderOf(first!.name).split("/");
  const folder = folders.filter((name) => name !== "" && name !== "model").at(-1);
  const named = given.find(({ name }) => /[^.]\.[a-z0-9]+$/i.test(name) && !isPart(name));
  return folder ?? named?.name.replace(/(-tfjs\.zip|(\.weights)?\.[a-z0-9]+)$/i, "") ?? "Imported model";
}

/** Names that say nothing of the model that the file is part of. */
const isPart = (name: string) =>
  /^(model|charlstm|metadata|manifest|vocab)\.json$|\.bin$|vocabulary\.json$/.test(baseName(name));
const isStructure = (name: string) => /\.json$/i.test(name) && !isPart(name);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const isSafetensors = (name: string) => /\.safetensors$/i.test(name);
const isZip = (bytes: Uint8Array) => [0x50, 0x4b, 3, 4].every((byte, index) => bytes[index] === byte);
const isHdf5 = (bytes: Uint8Array) =>
  [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a].every((byte, index) => bytes[index] === byte);
