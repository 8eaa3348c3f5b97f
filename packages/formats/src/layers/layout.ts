/** An array as a file holds it. */
export interface RawTensor {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The transpose of a matrix. */
export function transpose({ shape, values }: RawTensor): { shape: [number, number]; values: Float32Array } {
  const [rows, columns] = shape as [number, number];
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]!;
  }
  return { shape: [columns, rows], values: result };
}

/** Multiplies what the gates i, f and o are made of, and leaves c, the third block of columns. */
export function scaleGates({ shape, values }: RawTensor, factor: number): RawTensor {
  const columns = shape.at(-1)!;
  const isGate = (index: number) => Math.floor((4 * (index % columns)) / columns) !== 2;
  return { shape, values: Float64Array.from(values, (value, index) => (isGate(index) ? value * factor : value)) };
}

/**
 * Keras's LSTM arrays from those of its CuDNNLSTM, whose gates i, f, c, o are blocks that lie the other way: a kernel block
 * `[in, H]` holds the numbers of `[H, in]`, a recurrent block is transposed, and there are two biases to be added.
 *
 * @see `preprocess_weights_for_loading` of Keras 2.
 */
export function fromCudnn([kernel, recurrent, bias]: readonly RawTensor[]): RawTensor[] {
  const units = recurrent!.shape[0]!;
  return [
    turnBlocks(kernel!, units, (row, column, rows) => [
      Math.floor((row + column * rows) / units),
      (row + column * rows) % units,
    ]),
    turnBlocks(recurrent!, units, (row, column) => [column, row]),
    {
      shape: [4 * units],
      values: Float64Array.from({ length: 4 * units }, (_, at) => bias!.values[at]! + bias!.values[4 * units + at]!),
    },
  ];
}

/** Moves the numbers inside each of the four gate blocks; `from` tells where one of `[row, column]` came from. */
function turnBlocks(
  { shape, values }: RawTensor,
  units: number,
  from: (row: number, column: number, rows: number) => readonly [row: number, column: number],
): RawTensor {
  const rows = shape[0]!;
  const result = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 4 * units; column++) {
      const block = units * Math.floor(column / units);
      const [oldRow, oldColumn] = from(row, column - block, rows);
      result[row * 4 * units + column] = values[oldRow * 4 * units + block + oldColumn]!;
    }
  }
  return { shape, values: result };
}

/** Reorders the four gate blocks along the columns of a matrix. */
export function reorderColumns({ shape, values }: RawTensor, order: readonly number[]): { values: Float32Array } {
  const columns = shape[1]!;
  const result = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    result.set(
      reorderGates(
        Float32Array.from({ length: columns }, (_, at) => values[start + at]!),
        order,
      ),
      start,
    );
  }
  return { values: result };
}

/** Reorders the four gate blocks along the first axis: `order` lists, for each new place, the old one. */
export function reorderGates(values: Float32Array, order: readonly number[]): Float32Array {
  const block = values.length / 4;
  const result = new Float32Array(values.length);
  for (const [to, from] of order.entries()) result.set(values.subarray(from * block, (from + 1) * block), to * block);
  return result;
}
