// Weights in the kernels' layout, [block of 4 columns][row][4], and in Keras's, [row][column]. For an LSTM the four
// columns of a block are the gates i, f, c, o of one unit; for the head they are four neighbouring characters.
import { weightSpecs } from "@charlstm/network";
import { EngineError } from "./errors.js";
import { type Arena, alignUnits } from "./memory.js";
import type { NamedTensor } from "./types.js";

export type Parameter = {
  readonly name: string;
  /** As Keras has it: `[rows, columns]` or `[columns]`. */
  readonly shape: readonly number[];
  /** Byte offset from the start of the weights; the same in gradients and slots. */
  readonly offset: number;
  readonly blocks: number;
  /** Rows in the packed layout, >= those of `shape`; what is beyond stays zero. */
  readonly rows: number;
  readonly isGates: boolean;
  /** Whether the backward pass needs it transposed. */
  readonly isTransposed: boolean;
};

export type Parameters = { readonly list: readonly Parameter[]; readonly bytes: number; readonly count: number };

/** The tensors of a model, in Keras's order. */
export function listParameters(vocabularySize: number, units: readonly number[]): Parameters {
  const list: Parameter[] = [];
  let bytes = 0;
  for (const { name, shape } of weightSpecs({ vocabularySize, units })) {
    const [isGates, isMatrix, isFirst] = [name.startsWith("lstm"), shape.length === 2, name === "lstm/kernel"];
    const blocks = isGates ? alignUnits(shape.at(-1)! / 4) : Math.ceil(vocabularySize / 8) * 2;
    const rows = !isMatrix ? 1 : isFirst ? vocabularySize : alignUnits(shape[0]!);
    list.push({ name, shape, offset: bytes, blocks, rows, isGates, isTransposed: isMatrix && !isFirst });
    bytes += blocks * rows * 16;
  }
  return { list, bytes, count: list.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0) };
}

/** Sets aside the transposed copies; 0 for a tensor that has none. */
export function placeTransposed(parameters: Parameters, arena: Arena): number[] {
  return parameters.list.map(({ isTransposed, blocks, rows }) => (isTransposed ? arena.take(blocks * rows * 16) : 0));
}

/** Visits every number of a tensor with its index in Keras's layout and in the packed one. */
function eachNumber(parameter: Parameter, visit: (keras: number, packed: number) => void): void {
  const { shape, rows, isGates } = parameter;
  const columns = shape.at(-1)!;
  const height = shape.length === 1 ? 1 : shape[0]!;
  const width = columns / 4;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < columns; column++) {
      const block = isGates ? column % width : column >> 2;
      const lane = isGates ? Math.floor(column / width) : column & 3;
      visit(row * columns + column, (block * rows + row) * 4 + lane);
    }
  }
}

/** Copies a tensor out of packed numbers, into Keras's layout. */
export function unpack(parameter: Parameter, packed: Float32Array): Float32Array {
  const values = new Float32Array(parameter.shape.reduce((a, b) => a * b));
  eachNumber(parameter, (keras, at) => {
    values[keras] = packed[at]!;
  });
  return values;
}

/** Writes a tensor into packed numbers, the padding as zeros. */
export function pack(parameter: Parameter, values: Float32Array, packed: Float32Array): void {
  packed.fill(0);
  eachNumber(parameter, (keras, at) => {
    packed[at] = values[keras]!;
  });
}

/**
 * Checks tensors against the parameters, one each and in order.
 *
 * @throws {EngineError} `BAD_WEIGHTS`.
 */
export function checkTensors(
  parameters: readonly Parameter[],
  tensors: readonly NamedTensor[],
  kind: string,
  suffix = "",
): void {
  if (tensors.length !== parameters.length) {
    throw new EngineError(
      "BAD_WEIGHTS",
      `got ${tensors.length} tensors of ${kind}, this model has ${parameters.length}: ` +
        parameters.map(({ name }) => name + suffix).join(", "),
      { given: tensors.map(({ name }) => name), expected: parameters.map(({ name }) => name + suffix) },
    );
  }
  for (const [index, { name, shape, values }] of tensors.entries()) {
    const expected = parameters[index]!;
    const size = expected.shape.reduce((a, b) => a * b);
    const isFitting =
      shape.length === expected.shape.length && shape.every((extent, at) => extent === expected.shape[at]);
    if (name !== expected.name + suffix || !isFitting || values.length !== size) {
      throw new EngineError(
        "BAD_WEIGHTS",
        `tensor ${index} of ${kind} is ${name} [${shape}] with ${values.length} values, expected ` +
          `${expected.name}${suffix} [${expected.shape}] with ${size}: give Keras's order and layout`,
        { index, name, shape, expected: expected.shape },
      );
    }
    checkFinite(values, `${kind} ${name}`);
  }
}

/** @throws {EngineError} `BAD_WEIGHTS` when a value is NaN or infinite. */
export function checkFinite(values: Float32Array, what: string): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new EngineError(
      "BAD_WEIGHTS",
      `value ${bad} of ${what} is ${values[bad]}, and everything computed from it would be NaN: give finite numbers`,
      { what, index: bad, value: values[bad] },
    );
  }
}
