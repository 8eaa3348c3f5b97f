import { type Checkpoint, decodeCheckpoint, fileNames } from "@charlstm/model/checkpoint";
import { isZip } from "./archive.js";
import { checkpointFromPortable } from "./checkpoint.js";
import { FormatError } from "./errors.js";
import { holdsWeightsAlone } from "./h5/read.js";
import { isHdf5 } from "./hdf5/read.js";
import { textOf } from "./json.js";
import { readMl5CharRnn } from "./ml5/read.js";
import { isVocabulary, modelIn, partsOf, structureIn, tfjsJsonIn, vocabularyIn } from "./model-parts.js";
import type { ImportedModel } from "./portable-model.js";
import { readKeras } from "./read-keras.js";
import type { ReadOptions } from "./read-options.js";
import { readSafetensors } from "./safetensors/safetensors.js";
import { readTfjsLayersModel } from "./tfjs/read.js";
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
 * (its JSON and its weights), `.safetensors` of PyTorch, a charRNN of ml5.js, the files of a checkpoint, or any of these as one zip
 * (`.charlstm`). A `.vocabulary.json` among them names the characters; the `.json` of `model.to_json()` beside a file of weights alone
 * is its structure. The content tells which it is, where it can.
 *
 * @param files By name; a path counts by its last part. All the files of a folder, or one.
 * @throws {FormatError} As the reader of the format; `NOT_A_MODEL` for files that are none; `AMBIGUOUS` for more models than one;
 *   `NO_VOCABULARY` where nothing says which characters the ids stand for, or what says it does not fit.
 * @throws {ModelError} Why a checkpoint cannot be read.
 */
export function readModel(files: ReadonlyMap<string, Uint8Array>, options: ReadModelOptions = {}): ReadModel {
  const { vocabulary, ...rest } = options;
  modelIn(files);
  const parts = partsOf(files);
  if (parts.has(fileNames.manifest))
    return { checkpoint: decodeCheckpoint(parts), source: "a checkpoint", warnings: [] };
  const model = readForeign(parts, rest, [...files.keys()]);
  const beside = vocabularyIn(parts);
  const characters = vocabulary ?? model.vocabulary ?? (beside === undefined ? undefined : parseVocabulary(beside));
  const { vocabularySize } = model.architecture;
  if (characters?.length !== vocabularySize) throw noVocabulary([...parts.keys()], vocabularySize, characters?.length);
  return { checkpoint: checkpointFromPortable(model, characters), source: model.source, warnings: model.warnings };
}

/** A model of another tool; a refusal names the files that were given. */
function readForeign(
  parts: ReadonlyMap<string, Uint8Array>,
  options: ReadOptions,
  given: readonly string[],
): ImportedModel {
  const model = modelIn(parts);
  try {
    return model ? readFile(model, parts, options) : readFolder(parts, options);
  } catch (error) {
    if (!(error instanceof FormatError) || error.code !== "NOT_A_MODEL") throw error;
    const names = given.slice(0, 8).join(", ") || "no file";
    const details = { ...error.details, names: given };
    throw new FormatError("NOT_A_MODEL", `${names}: this is no model: ${error.message}`, details, { cause: error });
  }
}

/** A model that is one file. */
function readFile(bytes: Uint8Array, parts: ReadonlyMap<string, Uint8Array>, options: ReadOptions): ImportedModel {
  if (!isHdf5(bytes) && !isZip(bytes)) return readSafetensors(bytes, options);
  // Beside a whole model another structure says nothing more.
  const config = isHdf5(bytes) && holdsWeightsAlone(bytes) ? structureIn(parts) : undefined;
  return readKeras(bytes, { ...options, config: options.config ?? config });
}

/** A model of several files, or what is none. */
function readFolder(parts: ReadonlyMap<string, Uint8Array>, options: ReadOptions): ImportedModel {
  const modelJson = tfjsJsonIn(parts);
  if (modelJson !== undefined) return readTfjsLayersModel({ modelJson, weights: parts }, options);
  const [manifest, vocab] = [parts.get("manifest.json"), parts.get("vocab.json")];
  if (manifest && vocab) {
    return readMl5CharRnn({ manifestJson: textOf(manifest), vocabJson: textOf(vocab), weights: parts }, options);
  }
  // The reader knows many a file by its beginning, and what to do with it.
  const others = [...parts].filter(([name]) => !isVocabulary(name));
  const known = parts.get("saved_model.pb") ?? (others.length === 1 ? others[0]![1] : undefined);
  if (known) return readKeras(known, options);
  throw new FormatError(
    "NOT_A_MODEL",
    "give one .h5, .keras, .safetensors or .charlstm file, or all files of a tfjs or ml5 model " +
      "(model.json, or manifest.json and vocab.json, with the weight files)",
  );
}

function noVocabulary(names: readonly string[], size: number, given: number | undefined): FormatError {
  const model = names.find((name) => !name.endsWith(".json") && !name.endsWith(".bin")) ?? "model";
  const message =
    given === undefined
      ? `${model} does not say which ${size} characters its ids stand for: name them, or put a JSON array of them in ${vocabularyFileName(model)} beside it`
      : `the vocabulary has ${given} characters, the model ${size}: it belongs to another text`;
  return new FormatError("NO_VOCABULARY", message, { size, given });
}
