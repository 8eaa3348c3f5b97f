import { weightSpecs } from "@charlstm/network";
import { ModelError } from "../errors.js";
import type { Architecture, NamedTensor } from "./types.js";

/** Name and shape of a tensor. */
export type TensorSpec = Pick<NamedTensor, "name" | "shape">;

/** Numbers in one tensor that a checkpoint may hold: 4 GiB of them. */
const largestTensor: number = 2 ** 30;

/** Names of the dropout layers: `dropout`, `dropout_1`, … */
export function dropoutName(layer: number): string {
  return layer === 0 ? "dropout" : `dropout_${layer}`;
}

/** Numbers in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Whether `value` is the name and shape of a tensor that a checkpoint may hold. */
export function isTensorSpec(value: unknown): value is TensorSpec {
  const { name, shape } = (value ?? {}) as Partial<TensorSpec>;
  return typeof name === "string" && Array.isArray(shape) && shape.every(isWhole) && sizeOf(shape) <= largestTensor;
}

/** Whether `value` is a whole number, 0 or more, that float64 holds exactly. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** `lstm/kernel [59,512], …`: how messages list weights. */
export function describeSpecs(specs: readonly TensorSpec[]): string {
  return specs.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
}

/**
 * Refuses what is no network of ours, or one too large to store.
 *
 * @throws {ModelError} `BAD_ARCHITECTURE`, naming the field.
 */
export function checkArchitecture(architecture: Architecture): void {
  const { vocabularySize, window, units, dropout, recurrentActivation } = architecture ?? {};
  const checks: [field: string, given: unknown, holds: boolean, expected: string][] = [
    ["vocabularySize", vocabularySize, isCount(vocabularySize), "a whole number above 0"],
    ["window", window, isCount(window), "a whole number above 0"],
    [
      "units",
      units,
      Array.isArray(units) && units.length > 0 && units.every(isCount),
      "whole numbers above 0, in a list",
    ],
    ["dropout", dropout, typeof dropout === "number" && dropout >= 0 && dropout < 1, "at least 0 and below 1"],
    [
      "recurrentActivation",
      recurrentActivation,
      recurrentActivation === undefined || recurrentActivation === "hard_sigmoid",
      '"hard_sigmoid", or left out for the sigmoid',
    ],
  ];
  for (const [field, given, holds, expected] of checks) {
    if (!holds) throw badField(field, given, expected);
  }
  const large = weightSpecs(architecture).find(({ shape }) => sizeOf(shape) > largestTensor);
  if (large) throw badField("units", units, `small enough that ${large.name} has at most ${largestTensor} numbers`);
}

function badField(field: string, given: unknown, expected: string): ModelError {
  return new ModelError(
    "BAD_ARCHITECTURE",
    `the architecture's ${field} is ${JSON.stringify(given)}, it has to be ${expected}`,
    { field, given, expected },
  );
}

function isCount(value: unknown): boolean {
  return isWhole(value) && value > 0;
}
