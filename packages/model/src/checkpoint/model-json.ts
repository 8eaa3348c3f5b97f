import { weightSpecs } from "@charlstm/network";
import { ModelError } from "../errors.js";
import { isObject } from "./json.js";
import { generatedBy, modelTopology } from "./topology.js";
import type { Architecture, Checkpoint } from "./types.js";

/**
 * The model.json that `tf.loadLayersModel` reads, of weights in one file. Vocabulary and objective go along, so that a model
 * that was moved without charlstm.json can still be used.
 */
export function modelJson(
  { architecture, vocabulary, objective }: Pick<Checkpoint, "architecture" | "vocabulary" | "objective">,
  weightsFile: string,
): object {
  return {
    modelTopology: modelTopology(architecture),
    format: "layers-model",
    generatedBy,
    convertedBy: null,
    weightsManifest: weightsManifest(architecture, weightsFile),
    userDefinedMetadata: { vocabulary, objective },
  };
}

/**
 * Refuses a model.json that would have TensorFlow.js read other bytes than this package does: from another file or folder, in
 * another order, shape or type.
 *
 * @throws {ModelError} `BAD_CHECKPOINT`.
 */
export function checkModelJson(bytes: Uint8Array, architecture: Architecture, file: string, weightsFile: string): void {
  const expected = weightsManifest(architecture, weightsFile);
  let given: unknown;
  try {
    given = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelError("BAD_CHECKPOINT", `${file} is not JSON: ${(cause as Error).message}`, { file }, { cause });
  }
  if (isObject(given) && isSame(given.weightsManifest, expected)) return;
  const message = `${file} does not say that ${weightsFile} holds the weights of the architecture in charlstm.json`;
  throw new ModelError("BAD_CHECKPOINT", message, { file, expected });
}

function weightsManifest(architecture: Architecture, weightsFile: string): object[] {
  return [{ paths: [weightsFile], weights: weightSpecs(architecture).map((spec) => ({ ...spec, dtype: "float32" })) }];
}

/** Whether two values are the same JSON, in whatever order the names are. `expected` is not nested deeply. */
function isSame(given: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null) return given === expected;
  if (typeof given !== "object" || given === null || Array.isArray(given) !== Array.isArray(expected)) return false;
  const names = Object.keys(expected);
  return (
    Object.keys(given).length === names.length &&
    names.every((name) => Object.hasOwn(given, name) && isSame(Reflect.get(given, name), Reflect.get(expected, name)))
  );
}
