import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { formatVocabulary, type ModelFormat, vocabularyFileName, writeModel } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { CliError } from "../errors.js";
import { marks } from "../files/marks.js";
import { checkOwnFile, writeOwnFile } from "../files/own-files.js";

/** Writes a model as one file, of another tool's format with its vocabulary beside it; gives what it loses there. */
export async function writeModelFile(
  path: string,
  format: Exclude<ModelFormat, "tfjs">,
  checkpoint: Checkpoint,
): Promise<readonly string[]> {
  const { files, notes } = writeModel(checkpoint, format);
  const [bytes] = [...files.values()];
  await mkdir(dirname(path), { recursive: true });
  if (format === "charlstm") {
    await writeOwnFile(path, bytes!, marks.checkpoint);
    return notes;
  }
  // A vocabulary has no mark of its own: it goes with the model that it lies beside.
  const vocabularyMark = existsSync(path) ? marks.vocabulary : marks.none;
  const [vocabularyFile, vocabulary] = [vocabularyFileName(path), formatVocabulary(checkpoint.vocabulary)];
  await checkOwnFile(path, marks.model);
  await writeOwnFile(vocabularyFile, vocabulary, vocabularyMark);
  await writeOwnFile(path, bytes!, marks.model);
  return notes;
}

/**
 * What `tf.loadLayersModel` opens: the two files of a checkpoint that are TensorFlow.js's, in a folder of their own.
 *
 * @throws {CliError} `OCCUPIED`: a checkpoint is there, or files of these names that are not ours.
 */
export async function writeTfjsFolder(folder: string, checkpoint: Checkpoint): Promise<readonly string[]> {
  const [model, weights] = [join(folder, "model.json"), join(folder, "weights.bin")];
  if (existsSync(join(folder, "charlstm.json"))) {
    throw new CliError("OCCUPIED", `${folder} is a checkpoint, which would be changed: name another folder with --out`);
  }
  await checkOwnFile(model, marks.tfjs);
  await mkdir(folder, { recursive: true });
  const { files, notes } = writeModel(checkpoint, "tfjs");
  // Weights have no mark of their own: they go with the model.json beside them.
  await writeOwnFile(weights, files.get("weights.bin")!, existsSync(model) ? async () => true : marks.none);
  await writeOwnFile(model, files.get("model.json")!, marks.tfjs);
  return notes;
}
