import { type Checkpoint, decodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { archiveNames, isZip, readArchive } from "./archive.js";
import { checkpointFromPortable } from "./checkpoint.js";
import { KerasError } from "./errors.js";
import type { ImportedModel } from "./portable-model.js";
import { readKeras } from "./read-keras.js";
import { readMl5CharRnn } from "./read-ml5.js";
import type { ReadOptions } from "./read-options.js";
import { readTfjsLayersModel } from "./read-tfjs.js";
import { readSafetensors } from "./safetensors.js";
import { parseVocabulary, vocabularyFileName } from "./vocabulary.js";

/** What the files of a model may leave open. */
export interface ReadModelOptions extends ReadOptions {
  /** The characters of the ids, sorted or in the model's order, where the files do not name them. */
  readonly vocabulary?: readonly string[] | undefined;
}

/** A model out of files. */
export interface ReadModel {
  readonly checkpoint: Checkpoint;
  /** What it was read as, such as `Keras 3 .keras`. */
  readonly source: string;
  /** What was left out, or is not as it seems. */
  readonly warnings: readonly string[];
}

/**
 * Reads a model from its files, whichever tool wrote it: `.h5`, `.keras` and `.weights.h5` of Keras, a layers model of TensorFlow.js
 * (`model.json` and its weights), `.safetensors` of PyTorch, a charRNN of ml5.js, the files of a checkpoint, or these last as one zip
 * (`.charlstm`). A `.vocabulary.json` among them names the characters.
 *
 * @param files By name; a path counts by its last part. All the files of a folder, or one.
 * @throws {KerasError} As the reader of the format; `NOT_A_MODEL` for files that are none; `NO_VOCABULARY` where nothing says which
 *   characters the ids stand for, or what says it does not fit.
 * @throws {ModelError} Why a checkpoint cannot be read.
 */
export function readModel(files: ReadonlyMap<string, Uint8Array>, options: ReadModelOptions = {}): ReadModel {
  const { vocabulary, ...rest } = options;
  const given = new Map([...files].map(([path, bytes]) => [baseName(path), bytes] as const));
  const inside = unzipped(given);
  if (inside.has(fileNames.manifest))
    return { checkpoint: decodeCheckpoint(inside), source: "a checkpoint", warnings: [] };
  const model = readForeign(inside, rest);
  const { vocabularySize } = model.architecture;
  const characters = vocabulary ?? model.vocabulary ?? vocabularyIn(given);
  if (characters?.length !== vocabularySize) throw noVocabulary([...given.keys()], vocabularySize, characters?.length);
  return { checkpoint: checkpointFromPortable(model, characters), source: model.source, warnings: model.warnings };
}

/** The files of a checkpoint or of a tfjs model, out of a zip where they lie in one. */
function unzipped(given: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const archive = [...given.values()].find(isZip);
  if (!archive) return given;
  const names = archiveNames(archive);
  if (!names.some((name) => [fileNames.manifest, fileNames.model].some((wanted) => wanted === baseName(name))))
    return given;
  const inside = [...readArchive(archive, names)].filter(([path]) => !path.endsWith("/"));
  return new Map(inside.map(([path, content]) => [baseName(path), content]));
}

function readForeign(files: ReadonlyMap<string, Uint8Array>, options: ReadOptions): ImportedModel {
  const text = (name: string) => new TextDecoder().decode(files.get(name));
  if (files.has("model.json")) {
    return readTfjsLayersModel({ modelJson: text("model.json"), weights: files }, options);
  }
  if (files.has("manifest.json") && files.has("vocab.json")) {
    const [manifestJson, vocabJson] = [text("manifest.json"), text("vocab.json")];
    return readMl5CharRnn({ manifestJson, vocabJson, weights: files }, options);
  }
  const models = [...files].filter(([name]) => !name.endsWith(".vocabulary.json"));
  if (models.length !== 1) {
    const names = [...files.keys()].slice(0, 8).join(", ") || "no file";
    throw new KerasError(
      "NOT_A_MODEL",
      `${names}: this is no model; give one .h5, .keras, .safetensors or .charlstm file, or all files of a tfjs or ml5 model (model.json, or manifest.json and vocab.json, with the weight files)`,
      { names: [...files.keys()] },
    );
  }
  const [[name, bytes]] = models as [[string, Uint8Array]];
  return name.endsWith(".safetensors") ? readSafetensors(bytes, options) : readKeras(bytes, options);
}

/** The characters that a file beside the model names. */
function vocabularyIn(files: ReadonlyMap<string, Uint8Array>): readonly string[] | undefined {
  const names = [...files.keys()].filter((name) => name.endsWith(".vocabulary.json"));
  const name = names.find((other) => files.has(other.replace(/\.vocabulary\.json$/, ""))) ?? names[0];
  return name === undefined ? undefined : parseVocabulary(new TextDecoder().decode(files.get(name)));
}

function noVocabulary(names: readonly string[], size: number, given: number | undefined): KerasError {
  const model = names.find((name) => !name.endsWith(".json") && !name.endsWith(".bin")) ?? "model";
  const message =
    given === undefined
      ? `${model} does not say which ${size} characters its ids stand for: name them, or put a JSON array of them in ${vocabularyFileName(model)} beside it`
      : `the vocabulary has ${given} characters, the model ${size}: it belongs to another text`;
  return new KerasError("NO_VOCABULARY", message, { size, given });
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
