import type { RawTensor } from "./assemble.js";

/** The transpose of a matrix. */
export function transpose({ shape, values }: RawTensor): { shape: [number, number]; values: Float32Array } {
  const [rows, columns] = shape as [number, number];
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return { shape: [columns, rows], values: result };
}

/** Reorders the four gate blocks along the first axis: `order` lists, for each new place, the old one. */
export function reorderGates(values: Float32Array, order: readonly number[]): Float32Array {
  const block = values.length / 4;
  const result = new Float32Array(values.length);
  for (const [to, from] of order.entries()) result.set(values.subarray(from * block, (from + 1) * block), to * block);
  return result;
}
