import { createRandom } from "@charlstm/sampling";
import type { Architecture, NamedTensor } from "./types.js";

/** Layer names as Keras gives them: `lstm`, `lstm_1`, … */
export function lstmName(layer: number): string {
  return layer === 0 ? "lstm" : `lstm_${layer}`;
}

/** Name and shape of every weight, in Keras's order: kernel, recurrent kernel and bias of each layer, then of the dense layer. */
export function weightSpecs({ vocabularySize, units }: Architecture): { name: string; shape: readonly number[] }[] {
  const layers = units.flatMap((width, layer) => [
    { name: `${lstmName(layer)}/kernel`, shape: [layer === 0 ? vocabularySize : units[layer - 1]!, 4 * width] },
    { name: `${lstmName(layer)}/recurrent_kernel`, shape: [width, 4 * width] },
    { name: `${lstmName(layer)}/bias`, shape: [4 * width] },
  ]);
  const width = units.at(-1)!;
  return [
    ...layers,
    { name: "dense/kernel", shape: [width, vocabularySize] },
    { name: "dense/bias", shape: [vocabularySize] },
  ];
}

/** Numbers in a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/**
 * The weights that a network begins with, by Keras's initializers: Glorot-uniform kernels, orthogonal recurrent kernels, zero
 * biases but for the forget gates, which begin at 1.
 *
 * @param options.seed Whole number; the same seed gives the same weights on every machine.
 * @see Glorot and Bengio (2010); Saxe, McClelland and Ganguli (2014), orthogonal; Jozefowicz, Zaremba and Sutskever (2015),
 *   the forget bias.
 */
export function initialWeights(architecture: Architecture, { seed }: { seed: number }): NamedTensor[] {
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
 * Rows lie one after another, so that every inner loop runs through memory in order; 128 units take 20 ms, where the
 * QR decomposition on tensors of tfjs-layers blocks for seconds.
 */
function orthogonalRows(rows: number, columns: number, random: () => number): Float32Array {
  const matrix = Float64Array.from({ length: rows * columns }, () => normal(random));
  for (let row = 0; row < rows; row++) {
    const own = matrix.subarray(row * columns, (row + 1) * columns);
    for (let other = 0; other < row; other++) {
      const basis = matrix.subarray(other * columns, (other + 1) * columns);
      let product = 0;
      for (let column = 0; column < columns; column++) product += own[column]! * basis[column]!;
      for (let column = 0; column < columns; column++) own[column]! -= product * basis[column]!;
    }
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    for (let column = 0; column < columns; column++) own[column]! /= length;
  }
  return Float32Array.from(matrix);
}

/** A normal number: Box and Muller (1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
