// Changes of layout between the products: small transpositions, and sums over rows.
import { storeTransposed } from "./vector";

/** [panels][units][8] → rows `row` on of [units / 4][depth][4], the left operand of a gradient. */
export function packLeft(from: usize, to: usize, panels: usize, units: usize, row: usize, depth: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let target = to + ((row + (panel << 3)) << 4);
    for (let unit: usize = 0; unit < units; unit += 4) {
      storeTransposed(target, 16, v128.load(from), v128.load(from, 32), v128.load(from, 64), v128.load(from, 96));
      storeTransposed(target + 64, 16, v128.load(from, 16), v128.load(from, 48), v128.load(from, 80), v128.load(from, 112));
      from += 128;
      target += depth << 4;
    }
  }
}

/** [panels][columns][8] → [columns / 8][8 panels][8], the right operand of a gradient. */
export function packRight(from: usize, to: usize, panels: usize, columns: usize): void {
  for (let panel: usize = 0; panel < panels; panel++) {
    let target = to + (panel << 8);
    for (let column: usize = 0; column < columns; column += 8) {
      for (let part: usize = 0; part < 32; part += 16) {
        const half = from + (part << 3), rows = target + part;
        storeTransposed(rows, 32, v128.load(half), v128.load(half, 32), v128.load(half, 64), v128.load(half, 96));
        storeTransposed(rows + 128, 32, v128.load(half, 16), v128.load(half, 48), v128.load(half, 80), v128.load(half, 112));
      }
      from += 256;
      target += panels << 8;
    }
  }
}

/** sums[columns] += the rows of [columns / 8][depth][8]. */
export function sumRows(from: usize, sums: usize, columns: usize, depth: usize): void {
  for (let column: usize = 0; column < columns; column += 8) {
    let low = v128.load(sums), high = v128.load(sums, 16);
    for (let row: usize = 0; row < depth; row++) {
      low = f32x4.add(low, v128.load(from));
      high = f32x4.add(high, v128.load(from, 16));
      from += 32;
    }
    v128.store(sums, low);
    v128.store(sums, high, 16);
    sums += 32;
  }
}

/** Weights [blocks][rows][4], blocks `first` to `last` → [rows / 4][4 blocks][4]. */
export function packTransposed(weights: usize, to: usize, blocks: usize, rows: usize, first: usize, last: usize): void {
  for (let block = first; block < last; block++) {
    let from = weights + ((block * rows) << 4);
    let target = to + (block << 6);
    for (let row: usize = 0; row < rows; row += 4) {
      storeTransposed(target, 16, v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48));
      from += 64;
      target += blocks << 6;
    }
  }
}
