import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { ModelError } from "../errors.js";
import { tensorsFromBytes, tensorsToBytes } from "./tensor-bytes.js";
import { modelJsonFields, modelTopology } from "./topology.js";
import type { Checkpoint } from "./types.js";
import { checkCheckpoint, checkManifest, formatVersion, type Manifest } from "./validate.js";
import { weightSpecs } from "./weights.js";

/** A checkpoint as files: name → bytes. */
export type CheckpointFiles = ReadonlyMap<string, Uint8Array>;

/** The files of a checkpoint; `optimizer.bin` is there when it holds an optimizer's slots or other arrays. */
export const fileNames = {
  model: "model.json",
  weights: "weights.bin",
  manifest: "charlstm.json",
  optimizer: "optimizer.bin",
} as const;

/** The manifest's first line: its own checksum, over every byte after that line. */
const seal = /^\{"sha256":"([0-9a-f]{64})",\n/;
const sealLength = `{"sha256":"${"0".repeat(64)}",\n`.length;

/**
 * Turns a checkpoint into the files that `tf.loadLayersModel` and `decodeCheckpoint` open.
 *
 * @throws {ModelError} `BAD_WEIGHTS` for weights that do not fit the architecture or are not finite, `BAD_CHECKPOINT`.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Map<string, Uint8Array> {
  checkCheckpoint(checkpoint);
  const {
    architecture,
    vocabulary,
    objective,
    weights,
    optimizer,
    tensors = [],
    progress,
    history,
    settings,
    metadata,
  } = checkpoint;
  const files = new Map<string, Uint8Array>([
    [fileNames.model, encodeText(JSON.stringify(modelJson(checkpoint)))],
    [fileNames.weights, tensorsToBytes(weights)],
  ]);
  const extra = [...(optimizer?.slots ?? []), ...tensors];
  if (extra.length > 0) files.set(fileNames.optimizer, tensorsToBytes(extra));
  const specs = (of: readonly { name: string; shape: readonly number[] }[]) =>
    of.map(({ name, shape }) => ({ name, shape }));
  const manifest: Manifest = {
    formatVersion,
    architecture,
    vocabulary,
    objective,
    ...(optimizer ? { optimizer: { name: optimizer.name, step: optimizer.step, slots: specs(optimizer.slots) } } : {}),
    tensors: specs(tensors),
    ...(progress ? { progress } : {}),
    history,
    settings,
    metadata,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: hash(bytes) }])),
  };
  const rest = encodeText(`${JSON.stringify(manifest, null, 1).slice(2)}\n`);
  const sealed = encodeText(`{"sha256":"${hash(rest)}",\n`);
  const bytes = new Uint8Array(sealed.length + rest.length);
  bytes.set(sealed);
  bytes.set(rest, sealed.length);
  return files.set(fileNames.manifest, bytes);
}

/**
 * Reads the files of a checkpoint; other files beside them are passed over.
 *
 * @throws {ModelError} `INCOMPLETE`, `TRUNCATED`, `ALTERED`, `NEWER_FORMAT`, `BAD_CHECKPOINT`, `BAD_WEIGHTS`, naming the file.
 */
export function decodeCheckpoint(files: CheckpointFiles): Checkpoint {
  const manifest = readManifest(fileOf(files, fileNames.manifest));
  for (const [name, { bytes: length, sha256: expected }] of Object.entries(manifest.files)) {
    const bytes = fileOf(files, name);
    if (bytes.length !== length) {
      throw new ModelError(
        "TRUNCATED",
        `${name} has ${bytes.length} bytes, ${length} were written: the file was cut off or changed`,
        { file: name },
      );
    }
    const given = hash(bytes);
    if (given !== expected) {
      throw new ModelError("ALTERED", `${name} is not what was written: its sha256 is ${given}, expected ${expected}`, {
        file: name,
        given,
        expected,
      });
    }
  }
  const { architecture, vocabulary, objective, optimizer, progress, history, settings, metadata } = manifest;
  const weights = tensorsFromBytes(weightSpecs(architecture), fileOf(files, fileNames.weights), fileNames.weights);
  const slotSpecs = optimizer?.slots ?? [];
  const extraSpecs = [...slotSpecs, ...manifest.tensors];
  const extra =
    extraSpecs.length > 0 ? tensorsFromBytes(extraSpecs, fileOf(files, fileNames.optimizer), fileNames.optimizer) : [];
  const checkpoint: Checkpoint = {
    architecture,
    vocabulary,
    objective,
    weights,
    ...(optimizer ? { optimizer: { ...optimizer, slots: extra.slice(0, slotSpecs.length) } } : {}),
    tensors: extra.slice(slotSpecs.length),
    ...(progress ? { progress } : {}),
    history,
    settings,
    metadata,
  };
  checkCheckpoint(checkpoint);
  return checkpoint;
}

/** What `tf.loadLayersModel` reads. The vocabulary goes along, so that a model moved without `charlstm.json` can still be used. */
function modelJson({ architecture, vocabulary }: Checkpoint): object {
  return {
    modelTopology: modelTopology(architecture),
    ...modelJsonFields,
    weightsManifest: [
      { paths: [fileNames.weights], weights: weightSpecs(architecture).map((spec) => ({ ...spec, dtype: "float32" })) },
    ],
    userDefinedMetadata: { vocabulary },
  };
}

function readManifest(bytes: Uint8Array): Manifest {
  const file = fileNames.manifest;
  const [, expected] = seal.exec(new TextDecoder("latin1").decode(bytes.subarray(0, sealLength))) ?? [];
  if (!expected) {
    throw new ModelError(
      "BAD_CHECKPOINT",
      `${file} does not begin with its checksum: it is not a checkpoint's, or was changed`,
      { file },
    );
  }
  const rest = bytes.subarray(sealLength);
  const given = hash(rest);
  if (given !== expected) {
    throw new ModelError("ALTERED", `${file} is not what was written: its sha256 is ${given}, expected ${expected}`, {
      file,
      given,
      expected,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(`{${new TextDecoder("utf-8", { fatal: true }).decode(rest)}`);
  } catch (cause) {
    throw new ModelError("BAD_CHECKPOINT", `${file} is not JSON: ${(cause as Error).message}`, { file }, { cause });
  }
  return checkManifest(json);
}

function fileOf(files: CheckpointFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes)
    throw new ModelError("INCOMPLETE", `the checkpoint has no ${name}: it was not copied whole`, { file: name });
  return bytes;
}

const encodeText = (text: string) => new TextEncoder().encode(text);
const hash = (bytes: Uint8Array) => bytesToHex(sha256(bytes));
