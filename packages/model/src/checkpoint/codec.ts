import { weightSpecs } from "@charlstm/network";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { ModelError } from "../errors.js";
import { checkArchitecture, type TensorSpec } from "./architecture.js";
import { checkCheckpoint } from "./check-checkpoint.js";
import {
  checkChecksum,
  checksum,
  fileNames,
  formatVersionOf,
  type Manifest,
  readManifest,
  writeManifest,
} from "./manifest.js";
import { checkModelJson, modelJson } from "./model-json.js";
import { tensorsFromBytes, tensorsToBytes } from "./tensor-bytes.js";
import type { Checkpoint } from "./types.js";

/** A checkpoint as files: name → bytes. */
export type CheckpointFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Turns a checkpoint into the files that `tf.loadLayersModel` and `decodeCheckpoint` open. Equal checkpoints give equal bytes.
 *
 * @throws {ModelError} `BAD_WEIGHTS` for weights that do not fit the architecture or are not finite, `BAD_CHECKPOINT`,
 *   `BAD_ARCHITECTURE`, `NOT_JSON`.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Map<string, Uint8Array> {
  checkCheckpoint(checkpoint);
  const { architecture, vocabulary, objective, weights, optimizer, tensors = [] } = checkpoint;
  const { progress, history, settings, metadata } = checkpoint;
  const files = new Map([
    [fileNames.model as string, utf8ToBytes(JSON.stringify(modelJson(checkpoint, fileNames.weights)))],
    [fileNames.weights, tensorsToBytes(weights)],
  ]);
  const extra = [...(optimizer?.slots ?? []), ...tensors];
  if (extra.length > 0) files.set(fileNames.optimizer, tensorsToBytes(extra));
  const manifest: Manifest = {
    formatVersion: formatVersionOf(architecture),
    architecture: architectureOf(architecture),
    vocabulary,
    objective,
    ...(optimizer && { optimizer: { name: optimizer.name, step: optimizer.step, slots: specsOf(optimizer.slots) } }),
    tensors: specsOf(tensors),
    ...(progress && { progress }),
    history,
    settings,
    metadata,
    files: Object.fromEntries(
      [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: checksum(bytes) }]),
    ),
  };
  return files.set(fileNames.manifest, writeManifest(manifest));
}

/**
 * Reads the files of a checkpoint; other files beside them are passed over.
 *
 * @throws {ModelError} `INCOMPLETE`, `TRUNCATED`, `ALTERED`, `NEWER_FORMAT`, naming the file; what `encodeCheckpoint` throws,
 *   for files that were made by something else.
 */
export function decodeCheckpoint(files: CheckpointFiles): Checkpoint {
  const manifest = readManifest(fileOf(files, fileNames.manifest));
  for (const [name, { bytes: length, sha256 }] of Object.entries(manifest.files)) {
    const bytes = fileOf(files, name);
    if (bytes.length !== length) throw wrongLength(name, bytes.length, length);
    checkChecksum(name, bytes, sha256);
  }
  const { architecture, vocabulary, objective, optimizer, tensors, progress, history, settings, metadata } = manifest;
  checkArchitecture(architecture);
  checkModelJson(fileOf(files, fileNames.model), architecture, fileNames.model, fileNames.weights);
  const read = (specs: readonly TensorSpec[], name: string) =>
    specs.length === 0 ? [] : tensorsFromBytes(specs, fileOf(files, name), name);
  const weights = read(weightSpecs(architecture), fileNames.weights);
  const slots = optimizer?.slots ?? [];
  const extra = read([...slots, ...tensors], fileNames.optimizer);
  const checkpoint: Checkpoint = {
    architecture: architectureOf(architecture),
    vocabulary,
    objective,
    weights,
    ...(optimizer && {
      optimizer: { name: optimizer.name, step: optimizer.step, slots: extra.slice(0, slots.length) },
    }),
    tensors: extra.slice(slots.length),
    ...(progress !== undefined && { progress }),
    history,
    settings,
    metadata,
  };
  checkCheckpoint(checkpoint);
  return checkpoint;
}

function fileOf(files: CheckpointFiles, file: string): Uint8Array {
  const bytes = files.get(file);
  if (!bytes) throw new ModelError("INCOMPLETE", `the checkpoint has no ${file}: it was not copied whole`, { file });
  return bytes;
}

function wrongLength(file: string, given: number, expected: number): ModelError {
  const [code, change] = given < expected ? (["TRUNCATED", "cut off"] as const) : (["ALTERED", "added to"] as const);
  return new ModelError(code, `${file} has ${given} bytes, ${expected} were written: it was ${change}`, {
    file,
    given,
    expected,
  });
}

function specsOf(tensors: readonly TensorSpec[]): TensorSpec[] {
  return tensors.map(({ name, shape }) => ({ name, shape }));
}

/** Its fields in one order, whatever else the object holds. */
function architectureOf({
  vocabularySize,
  window,
  units,
  dropout,
  recurrentActivation,
}: Checkpoint["architecture"]): Checkpoint["architecture"] {
  return { vocabularySize, window, units, dropout, ...(recurrentActivation && { recurrentActivation }) };
}
