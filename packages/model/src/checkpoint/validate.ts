import { ModelError } from "../errors.js";
import type { TensorSpec } from "./tensor-bytes.js";
import type { Architecture, Checkpoint, JsonObject, NamedTensor, OptimizerState } from "./types.js";
import { sizeOf, weightSpecs } from "./weights.js";

/** Raised when a reader of the old format would misread the new one. */
export const formatVersion = 1;

/** Numbers in one tensor that a checkpoint may hold: 4 GiB of them. */
const largestTensor = 2 ** 30;

/** What charlstm.json holds after its checksum. */
export interface Manifest {
  formatVersion: number;
  architecture: Architecture;
  vocabulary: readonly string[];
  objective: Checkpoint["objective"];
  optimizer?: { name: OptimizerState["name"]; step: number; slots: readonly TensorSpec[] };
  tensors: readonly TensorSpec[];
  progress?: object;
  history: readonly object[];
  settings: object;
  metadata: JsonObject;
  /** Length and checksum of each file beside the manifest. */
  files: Readonly<Record<string, { bytes: number; sha256: string }>>;
}

/**
 * Returns `json` when it is a manifest that this version can read.
 *
 * @throws {ModelError} `NEWER_FORMAT`, `BAD_CHECKPOINT`, naming the field.
 */
export function checkManifest(json: unknown): Manifest {
  const manifest = json as Manifest;
  expectField(isObject(json), "charlstm.json", "an object");
  expectField(isWhole(manifest.formatVersion, 1), "formatVersion", "a whole number");
  if (manifest.formatVersion > formatVersion) {
    throw new ModelError(
      "NEWER_FORMAT",
      `the checkpoint has format version ${manifest.formatVersion}, this version reads up to ${formatVersion}: update @charlstm/model`,
      { given: manifest.formatVersion, expected: formatVersion },
    );
  }
  checkArchitecture(manifest.architecture);
  expectField(Array.isArray(manifest.history) && manifest.history.every(isObject), "history", "an array of objects");
  for (const name of ["settings", "metadata", "files"] as const)
    expectField(isObject(manifest[name]), name, "an object");
  expectField(manifest.progress === undefined || isObject(manifest.progress), "progress", "an object");
  expectField(
    Array.isArray(manifest.tensors) && manifest.tensors.every(isSpec),
    "tensors",
    "an array of names and shapes",
  );
  const { optimizer } = manifest;
  expectField(
    optimizer === undefined ||
      (isObject(optimizer) &&
        isWhole(optimizer.step, 0) &&
        Array.isArray(optimizer.slots) &&
        optimizer.slots.every(isSpec)),
    "optimizer",
    "a name, a step and slots",
  );
  for (const [name, entry] of Object.entries(manifest.files)) {
    expectField(knownFiles.has(name), "files", `names of this folder's own files, not ${JSON.stringify(name)},`);
    expectField(
      isObject(entry) && isWhole(entry.bytes, 0) && typeof entry.sha256 === "string",
      `files.${name}`,
      "a length and a sha256",
    );
  }
  for (const name of ["model.json", "weights.bin"])
    expectField(name in manifest.files, "files", `an entry for ${name}`);
  const needsOptimizer = (optimizer?.slots.length ?? 0) + manifest.tensors.length > 0;
  expectField(!needsOptimizer || "optimizer.bin" in manifest.files, "files", "an entry for optimizer.bin");
  return manifest;
}

const knownFiles: ReadonlySet<string> = new Set(["model.json", "weights.bin", "optimizer.bin"]);

/**
 * Checks what both writer and reader rely on.
 *
 * @throws {ModelError} `BAD_CHECKPOINT`, `BAD_WEIGHTS`.
 */
export function checkCheckpoint({
  architecture,
  vocabulary,
  objective,
  weights,
  optimizer,
  tensors = [],
}: Checkpoint): void {
  checkArchitecture(architecture);
  expectField(
    Array.isArray(vocabulary) && vocabulary.length === architecture.vocabularySize && isSortedCharacters(vocabulary),
    "vocabulary",
    `${architecture.vocabularySize} characters, sorted by code point, each once,`,
  );
  expectField(objective === "window" || objective === "sequence", "objective", '"window" or "sequence"');
  expectField(
    optimizer === undefined || optimizerNames.has(optimizer.name),
    "optimizer.name",
    `one of ${[...optimizerNames].join(", ")}`,
  );
  checkWeights(architecture, weights);
  const extra = [...(optimizer?.slots ?? []), ...tensors];
  expectField(
    new Set(extra.map(({ name }) => name)).size === extra.length,
    "optimizer and tensors",
    "names that occur once",
  );
  for (const tensor of extra) checkTensor(tensor);
}

const optimizerNames: ReadonlySet<string> = new Set(["rmsprop", "adam", "adamw", "sgd"]);

function checkArchitecture(architecture: Architecture): void {
  expectField(isObject(architecture), "architecture", "an object");
  const { vocabularySize, window, units, dropout } = architecture;
  expectField(isWhole(vocabularySize, 1), "architecture.vocabularySize", "a whole number above 0");
  expectField(isWhole(window, 1), "architecture.window", "a whole number above 0");
  expectField(
    Array.isArray(units) && units.length > 0 && units.every((width) => isWhole(width, 1)),
    "architecture.units",
    "whole numbers above 0",
  );
  expectField(
    typeof dropout === "number" && dropout >= 0 && dropout < 1,
    "architecture.dropout",
    "a number from 0 up to, not including, 1",
  );
  const isSmallEnough = weightSpecs(architecture).every(({ shape }) => sizeOf(shape) <= largestTensor);
  expectField(isSmallEnough, "architecture", `weights of at most ${largestTensor} numbers each`);
}

function checkWeights(architecture: Architecture, weights: readonly NamedTensor[]): void {
  const specs = weightSpecs(architecture);
  const given = weights.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
  const expected = specs.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
  if (given !== expected) {
    throw new ModelError("BAD_WEIGHTS", `the weights are ${given}; this architecture has ${expected}`, {
      given,
      expected,
    });
  }
  for (const weight of weights) checkTensor(weight);
}

function checkTensor({ name, shape, values }: NamedTensor): void {
  if (values.length !== sizeOf(shape)) {
    throw new ModelError(
      "BAD_WEIGHTS",
      `${name} has ${values.length} numbers, its shape [${shape}] needs ${sizeOf(shape)}`,
      { name },
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ModelError(
      "BAD_WEIGHTS",
      `${name} holds ${values[bad]} at place ${bad}: the training diverged before it was saved`,
      { name, place: bad },
    );
  }
}

function isSortedCharacters(vocabulary: readonly unknown[]): boolean {
  let previous = -1;
  return vocabulary.every((character) => {
    const codePoint = typeof character === "string" ? (character.codePointAt(0) ?? -1) : -1;
    const isNext = codePoint > previous && String.fromCodePoint(codePoint) === character;
    previous = codePoint;
    return isNext;
  });
}

function expectField(holds: boolean, field: string, expected: string): asserts holds {
  if (!holds)
    throw new ModelError("BAD_CHECKPOINT", `the checkpoint's ${field} has to be ${expected}, and is not`, { field });
}

function isSpec(value: unknown): boolean {
  const { name, shape } = (value ?? {}) as TensorSpec;
  return (
    typeof name === "string" &&
    Array.isArray(shape) &&
    shape.every((dimension) => isWhole(dimension, 0)) &&
    sizeOf(shape) <= largestTensor
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}
