/** A matrix's rows as points in the plane of its two principal components. */
export interface PlanePoints {
  /** Coordinates of each row. */
  points: { x: number; y: number }[];
  /** Share of the rows' variance that each of the two directions shows. */
  explained: [number, number];
}

const rounds = 200;

/**
 * Principal component analysis of the rows, to two dimensions.
 *
 * Works on the products of the centred rows (`rows × rows`), which for a vocabulary is far smaller than the columns': its
 * eigenvectors, found by power iteration and scaled with the root of their eigenvalues, are the coordinates. The sign of each
 * direction is free; the largest coordinate is made positive.
 *
 * @param values Shape `[rows, columns]`, row-major.
 */
export function principalComponents(values: Float32Array, rows: number, columns: number): PlanePoints {
  const products = rowProducts(values, rows, columns);
  let total = 0;
  for (let row = 0; row < rows; row++) total += products[row * rows + row]!;
  const [first, second] = [leading(products, rows), leading(products, rows)];
  return {
    points: Array.from({ length: rows }, (_, row) => ({ x: first.vector[row]!, y: second.vector[row]! })),
    explained: total > 0 ? [first.value / total, second.value / total] : [0, 0],
  };
}

function rowProducts(values: Float32Array, rows: number, columns: number): Float64Array {
  const centred = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += values[row * columns + column]! / rows;
    for (let row = 0; row < rows; row++) centred[row * columns + column] = values[row * columns + column]! - mean;
  }
  const products = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0;
      for (let column = 0; column < columns; column++) {
        product += centred[a * columns + column]! * centred[b * columns + column]!;
      }
      products[a * rows + b] = product;
      products[b * rows + a] = product;
    }
  }
  return products;
}

/** Of each row, the indexes of the `count` rows whose direction from the mean row is most like its own. */
export function similarRows(values: Float32Array, rows: number, columns: number, count: number): number[][] {
  const products = rowProducts(values, rows, columns);
  const length = (row: number) => Math.sqrt(products[row * rows + row]!) || 1;
  return Array.from({ length: rows }, (_, row) => {
    const likeness = (other: number) => products[row * rows + other]! / length(other);
    const others = Array.from({ length: rows }, (_, other) => other).filter((other) => other !== row);
    return others.sort((a, b) => likeness(b) - likeness(a)).slice(0, count);
  });
}

/** The leading eigenvector, scaled with the root of its eigenvalue; it is taken out of the matrix. */
function leading(matrix: Float64Array, size: number): { vector: Float64Array; value: number } {
  let vector = Float64Array.from({ length: size }, (_, index) => Math.sin(index + 1));
  let value = 0;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) next[row]! += matrix[row * size + column]! * vector[column]!;
    }
    value = Math.sqrt(next.reduce((sum, entry) => sum + entry * entry, 0));
    if (value < 1e-12) return { vector: new Float64Array(size), value: 0 };
    vector = next.map((entry) => entry / value);
  }
  const largest = vector.reduce((best, entry) => (Math.abs(entry) > Math.abs(best) ? entry : best), 0);
  const scale = Math.sign(largest) * Math.sqrt(value);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++)
      matrix[row * size + column]! -= value * vector[row]! * vector[column]!;
  }
  return { vector: vector.map((entry) => entry * scale), value };
}
