import { weightSpecs } from "@charlstm/network";
import { createRandom } from "@charlstm/sampling";
import { checkArchitecture } from "./architecture.js";
import type { Architecture, NamedTensor } from "./types.js";

/**
 * The weights that a network begins with, by Keras's initializers: Glorot-uniform kernels, orthogonal recurrent kernels, zero
 * biases but for the forget gates, which begin at 1.
 *
 * @param architecture What decides the shapes.
 * @param options The seed.
 * @param options.seed Whole number; the same seed gives the same weights on every machine.
 * @see Glorot and Bengio (2010); Saxe, McClelland and Ganguli (2014), orthogonal; Jozefowicz, Zaremba and Sutskever (2015),
 *   the forget bias.
 * @throws {ModelError} `BAD_ARCHITECTURE`. @throws {SamplingError} `BAD_SEED`.
 */
export function initialWeights(architecture: Architecture, { seed }: { seed: number }): NamedTensor[] {
  checkArchitecture(architecture);
  const random = createRandom(seed);
  return weightSpecs(architecture).map(({ name, shape }) => ({
    name,
    shape,
    values: initialValues(name, shape, random),
  }));
}

function initialValues(name: string, shape: readonly number[], random: () => number): Float32Array {
  if (name.endsWith("/recurrent_kernel")) return orthogonalRows(shape[0]!, shape[1]!, random);
  if (name.endsWith("/kernel")) return glorotUniform(shape[0]!, shape[1]!, random);
  const bias = new Float32Array(shape[0]!);
  // Gate order i, f, c, o: the second quarter is the forget gate's.
  if (name !== "dense/bias") bias.fill(1, bias.length / 4, bias.length / 2);
  return bias;
}

function glorotUniform(inputs: number, outputs: number, random: () => number): Float32Array {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * limit);
}

/**
 * A random matrix with orthonormal rows: Gram-Schmidt, in its stable form, on normal numbers, in float64.
 *
 * Rows lie one after another and lose their parts along four earlier rows at a time, so that four sums run side by side and
 * every loop runs through memory in order: 128 units take 15 ms, 512 half a second (the cost grows with the cube), where the
 * QR decomposition on tensors of tfjs-layers blocks for seconds.
 */
function orthogonalRows(rows: number, columns: number, random: () => number): Float32Array {
  const matrix = Float64Array.from({ length: rows * columns }, () => normal(random));
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let other = 0;
    for (; other + 4 <= row; other += 4) subtractFour(matrix, start, other * columns, columns);
    for (; other < row; other++) subtractOne(matrix, start, other * columns, columns);
    const own = matrix.subarray(start, start + columns);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let column = 0; column < columns; column++) own[column]! /= length;
  }
  return Float32Array.from(matrix);
}

/** Takes from the row that starts at `own` its part along the one at `a`, both `columns` long. */
function subtractOne(matrix: Float64Array, own: number, a: number, columns: number): void {
  let product = 0;
  for (let i = 0; i < columns; i++) product += matrix[own + i]! * matrix[a + i]!;
  for (let i = 0; i < columns; i++) matrix[own + i]! -= product * matrix[a + i]!;
}

/** The same for the four rows from `a` on, which are orthonormal already: the order does not matter. */
function subtractFour(matrix: Float64Array, own: number, a: number, columns: number): void {
  const b = a + columns;
  const c = b + columns;
  const d = c + columns;
  let alongA = 0;
  let alongB = 0;
  let alongC = 0;
  let alongD = 0;
  for (let i = 0; i < columns; i++) {
    const value = matrix[own + i]!;
    alongA += value * matrix[a + i]!;
    alongB += value * matrix[b + i]!;
    alongC += value * matrix[c + i]!;
    alongD += value * matrix[d + i]!;
  }
  for (let i = 0; i < columns; i++) {
    matrix[own + i]! -=
      alongA * matrix[a + i]! + alongB * matrix[b + i]! + alongC * matrix[c + i]! + alongD * matrix[d + i]!;
  }
}

/** A normal number: Box and Muller (1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
