import { optimizerSettings, slotNames, weightSpecs } from "@charlstm/network";
import { ModelError } from "../errors.js";
import { checkArchitecture, describeSpecs, isTensorSpec, isWhole, sizeOf, type TensorSpec } from "./architecture.js";
import { checkJson, isObject } from "./json.js";
import type { Checkpoint, NamedTensor, OptimizerState } from "./types.js";

/**
 * Checks what everybody relies on who is handed a checkpoint; the writer checks it too, so that nothing is saved that can't be loaded.
 *
 * @throws {ModelError} `BAD_CHECKPOINT`, `BAD_ARCHITECTURE`, `BAD_WEIGHTS`, `NOT_JSON`.
 */
export function checkCheckpoint(checkpoint: Checkpoint): void {
  const { architecture, vocabulary, objective, weights, optimizer, tensors = [], progress, history } = checkpoint;
  checkArchitecture(architecture);
  expectField(
    isVocabulary(vocabulary, architecture.vocabularySize),
    "vocabulary",
    `${architecture.vocabularySize} characters, sorted by code point, each once`,
  );
  expectField(objective === "window" || objective === "sequence", "objective", '"window" or "sequence"');
  const specs = weightSpecs(architecture);
  checkWeights(specs, weights);
  if (optimizer) checkOptimizer(specs, optimizer);
  checkTensors([...(optimizer?.slots ?? []), ...tensors]);
  expectField(progress === undefined || isObject(progress), "progress", "an object");
  expectField(Array.isArray(history) && history.every(isObject), "history", "a list of objects");
  for (const name of ["settings", "metadata"] as const) expectField(isObject(checkpoint[name]), name, "an object");
  for (const name of ["progress", "history", "settings", "metadata"] as const) {
    if (checkpoint[name] !== undefined) checkJson(checkpoint[name], name);
  }
}

/** @throws {ModelError} `BAD_CHECKPOINT` unless `holds`. */
export function expectField(holds: boolean, field: string, expected: string): asserts holds {
  if (!holds) {
    throw new ModelError("BAD_CHECKPOINT", `the checkpoint's ${field} has to be ${expected}, and is not`, {
      field,
      expected,
    });
  }
}

function checkWeights(specs: readonly TensorSpec[], weights: readonly NamedTensor[]): void {
  const expected = describeSpecs(specs);
  const given = describeSpecs(weights);
  if (given !== expected) {
    throw new ModelError("BAD_WEIGHTS", `the weights are ${given}; this architecture has ${expected}`, {
      given,
      expected,
    });
  }
  checkTensors(weights);
}

function checkOptimizer(specs: readonly TensorSpec[], { name, step, slots }: OptimizerState): void {
  expectField(
    typeof name === "string" && Object.hasOwn(optimizerSettings, name),
    "optimizer.name",
    `one of ${Object.keys(optimizerSettings).join(", ")}`,
  );
  expectField(isWhole(step), "optimizer.step", "a whole number");
  const expected = new Map(
    specs.flatMap(({ name: weight, shape }) =>
      slotNames({ name, momentum: 1 }).map((slot) => [`${weight}/${slot}`, `${shape}`]),
    ),
  );
  for (const slot of slots) {
    expectField(
      expected.get(slot.name) === `${slot.shape}`,
      `optimizer slot ${slot.name} [${slot.shape}]`,
      `named <weight>/<${slotNames({ name, momentum: 1 }).join(" or ")}> and shaped like its weight`,
    );
  }
}

function checkTensors(tensors: readonly NamedTensor[]): void {
  const names = new Set<string>();
  for (const tensor of tensors) {
    const { name, shape, values } = tensor;
    expectField(
      isTensorSpec(tensor),
      `tensor ${name} [${shape}]`,
      "named, with a shape of whole numbers, and not too large",
    );
    expectField(!names.has(name), `tensor ${name}`, "there once");
    names.add(name);
    if (!(values instanceof Float32Array) || values.length !== sizeOf(shape)) {
      const message = `${name} has ${values?.length} numbers, its shape [${shape}] needs ${sizeOf(shape)} in a Float32Array`;
      throw new ModelError("BAD_WEIGHTS", message, { name });
    }
    const place = values.findIndex((value) => !Number.isFinite(value));
    if (place >= 0) {
      const message = `${name} holds ${values[place]} at place ${place}: the training diverged before it was saved`;
      throw new ModelError("BAD_WEIGHTS", message, { name, place });
    }
  }
}

function isVocabulary(vocabulary: readonly unknown[], size: number): boolean {
  if (!Array.isArray(vocabulary) || vocabulary.length !== size) return false;
  let previous = -1;
  return vocabulary.every((character) => {
    const codePoint = typeof character === "string" ? (character.codePointAt(0) ?? -1) : -1;
    const isNext = codePoint > previous && String.fromCodePoint(codePoint) === character;
    previous = codePoint;
    return isNext;
  });
}
