import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { ModelError } from "../errors.js";
import { isTensorSpec, isWhole, type TensorSpec } from "./architecture.js";
import { expectField } from "./check-checkpoint.js";
import { isObject } from "./json.js";
import type { Checkpoint, OptimizerState } from "./types.js";

/** Raised when a reader of the old format would misread the new one. */
export const formatVersion = 2;

/** The oldest format that says all of an architecture: readers of version 1 take every network for one of sigmoids. */
export function formatVersionOf({ recurrentActivation }: Checkpoint["architecture"]): number {
  return recurrentActivation === undefined ? 1 : 2;
}

/** The files of a checkpoint; `optimizer.bin` is there when it holds an optimizer's slots or other arrays. */
export const fileNames = {
  model: "model.json",
  weights: "weights.bin",
  optimizer: "optimizer.bin",
  manifest: "charlstm.json",
} as const;

/** What charlstm.json holds after its own checksum. */
export interface Manifest extends Omit<Checkpoint, "weights" | "optimizer" | "tensors"> {
  formatVersion: number;
  optimizer?: Omit<OptimizerState, "slots"> & { slots: readonly TensorSpec[] };
  tensors: readonly TensorSpec[];
  /** Length and checksum of each file beside the manifest. */
  files: Readonly<Record<string, { bytes: number; sha256: string }>>;
}

/** The manifest's first line: its own checksum, over every byte after that line. */
const seal = (checksum: string) => `{"sha256":"${checksum}",\n`;
const sealPattern = /^\{"sha256":"([0-9a-f]{64})",\n$/;
const sealLength = seal("0".repeat(64)).length;

/** The bytes of charlstm.json: JSON whose first line seals the rest. */
export function writeManifest(manifest: Manifest): Uint8Array {
  const rest = utf8ToBytes(`${JSON.stringify(manifest, null, 1).slice(2)}\n`);
  const bytes = new Uint8Array(sealLength + rest.length);
  bytes.set(utf8ToBytes(seal(checksum(rest))));
  bytes.set(rest, sealLength);
  return bytes;
}

/**
 * Reads charlstm.json.
 *
 * @throws {ModelError} `ALTERED`, `NEWER_FORMAT`, `BAD_CHECKPOINT`.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const file = fileNames.manifest;
  const [, expected] = sealPattern.exec(new TextDecoder("latin1").decode(bytes.subarray(0, sealLength))) ?? [];
  if (!expected) {
    const message = `${file} does not begin with its checksum: it was cut off or changed, or is no checkpoint's`;
    throw new ModelError("ALTERED", message, { file });
  }
  const rest = bytes.subarray(sealLength);
  checkChecksum(file, rest, expected);
  let json: unknown;
  try {
    json = JSON.parse(`{${new TextDecoder("utf-8", { fatal: true }).decode(rest)}`);
  } catch (cause) {
    throw new ModelError("BAD_CHECKPOINT", `${file} is not JSON: ${(cause as Error).message}`, { file }, { cause });
  }
  return checkManifest(json as Manifest);
}

/** The sha256 of bytes, in hexadecimal digits. */
export function checksum(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** @throws {ModelError} `ALTERED`, naming the file. */
export function checkChecksum(file: string, bytes: Uint8Array, expected: string): void {
  const given = checksum(bytes);
  if (given === expected) return;
  const message = `${file} is not what was written: its sha256 is ${given}, expected ${expected}`;
  throw new ModelError("ALTERED", message, { file, given, expected });
}

/** Checks what the decoder needs to find its way; `checkCheckpoint` does the rest when it is all together. */
function checkManifest(manifest: Manifest): Manifest {
  expectField(isWhole(manifest.formatVersion) && manifest.formatVersion > 0, "formatVersion", "a whole number above 0");
  if (manifest.formatVersion > formatVersion) {
    const message = `the checkpoint has format version ${manifest.formatVersion}, this reader knows up to ${formatVersion}: update @charlstm/model`;
    throw new ModelError("NEWER_FORMAT", message, {
      file: fileNames.manifest,
      given: manifest.formatVersion,
      expected: formatVersion,
    });
  }
  const { optimizer, tensors, files } = manifest;
  expectField(isSpecs(tensors), "tensors", "a list of names and shapes");
  if (optimizer !== undefined) {
    expectField(isObject(optimizer) && isSpecs(optimizer.slots), "optimizer", "a name, a step and slots");
  }
  const needed = [fileNames.model, fileNames.weights];
  const isExtra = tensors.length + (optimizer?.slots.length ?? 0) > 0;
  const expected = [...needed, ...(isExtra ? [fileNames.optimizer] : [])];
  expectField(
    isObject(files) && Object.keys(files).sort().join() === expected.sort().join(),
    "files",
    `the length and sha256 of ${expected.join(" and ")}`,
  );
  for (const [name, entry] of Object.entries(files)) {
    const holds = isObject(entry) && isWhole(entry.bytes) && typeof entry.sha256 === "string";
    expectField(holds, `files.${name}`, "a length and a sha256");
  }
  return manifest;
}

function isSpecs(specs: unknown): boolean {
  return Array.isArray(specs) && specs.every(isTensorSpec);
}
