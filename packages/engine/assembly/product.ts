// C += A · B, the one product that everything here is made of.
//
// A tile of C, 4 rows x 8 columns, stays in eight registers while k runs. Each k broadcasts four numbers of A and loads
// eight of B: 6 loads for 8 multiply-adds, which is what the processor can feed; plain loops reach half the speed.
// Layout  A [block][k][4]   panels of 4 rows, k inside
//         B [panel][k][8]   panels of 8 columns, k inside
//         C                 see the two functions: they differ in where a tile's 32 numbers lie
// Limits  k is any number >= 1; panels are whole (callers pad with zeros, and with nothing else).
// The loop leaves in the middle: in this form V8 unrolls it and keeps three of the splats' addresses out of it; as a plain
// `while` it costs three instructions more each k, which the build without fused multiply-add has no room for.
// V8 hoists the loads of a loop's body above its arithmetic: unrolled by hand, the body needs more registers than there
// are and halves in speed, so one k a round it is.
import { madd } from "./vector";

/** Along k a panel is cut at this many numbers: 4 KB of A and 8 KB of B, so that the first-level cache holds what is reused. */
const DEPTH: usize = 256;

// @ts-ignore: decorator
@inline function tile(a: usize, b: usize, depth: usize, c: usize, rowBytes: usize, halfBytes: usize): void {
  const d = c + halfBytes;
  let c00 = v128.load(c), c01 = v128.load(d);
  let c10 = v128.load(c + rowBytes), c11 = v128.load(d + rowBytes);
  let c20 = v128.load(c + rowBytes * 2), c21 = v128.load(d + rowBytes * 2);
  let c30 = v128.load(c + rowBytes * 3), c31 = v128.load(d + rowBytes * 3);
  const end = a + (depth << 4);
  while (true) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = madd(a0, b0, c00); c01 = madd(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a, 4);
    c10 = madd(a1, b0, c10); c11 = madd(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a, 8);
    c20 = madd(a2, b0, c20); c21 = madd(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a, 12);
    c30 = madd(a3, b0, c30); c31 = madd(a3, b1, c31);
    a += 16;
    if (a >= end) break;
    b += 32;
  }
  v128.store(c, c00); v128.store(d, c01);
  v128.store(c + rowBytes, c10); v128.store(d + rowBytes, c11);
  v128.store(c + rowBytes * 2, c20); v128.store(d + rowBytes * 2, c21);
  v128.store(c + rowBytes * 3, c30); v128.store(d + rowBytes * 3, c31);
}

/**
 * C[panel][block][4][8] += A · B: weights times the numbers of `panels` groups of eight rows of a batch.
 * Two panels of B (a chunk of each) stay in the first-level cache while all of A streams past.
 */
export function multiply(a: usize, b: usize, c: usize, blocks: usize, panels: usize, depth: usize): void {
  const aBlock = depth << 4, bPanel = depth << 5, cPanel = blocks << 7;
  const group: usize = depth <= DEPTH / 2 ? 4 : 2;
  for (let first: usize = 0; first < panels; first += group) {
    const last = min(first + group, panels);
    for (let k: usize = 0; k < depth; k += DEPTH) {
      const chunk = min(DEPTH, depth - k);
      for (let block: usize = 0; block < blocks; block++) {
        const from = a + block * aBlock + (k << 4);
        for (let panel = first; panel < last; panel++) {
          tile(from, b + panel * bPanel + (k << 5), chunk, c + panel * cPanel + (block << 7), 32, 16);
        }
      }
    }
  }
}

/**
 * C[columns / 4][inputs][4] += A · B over the rows `from` to `depth`: the gradient of weights, in the weights' layout.
 * A is [inputs / 4][depth][4], B is [columns / 8][depth][8]: both as `packLeft`, `packRight` and `cellBackward` leave them.
 */
export function multiplyGradient(a: usize, b: usize, c: usize, inputs: usize, columns: usize, from: usize, depth: usize): void {
  const blocks = inputs >> 2, panels = columns >> 3;
  const aBlock = depth << 4, bPanel = depth << 5, cHalf = inputs << 4;
  for (let k = from; k < depth; k += DEPTH) {
    const chunk = min(DEPTH, depth - k);
    for (let first: usize = 0; first < blocks; first += 4) {
      const last = min(first + 4, blocks);
      for (let panel: usize = 0; panel < panels; panel++) {
        for (let block = first; block < last; block++) {
          const to = c + ((panel * cHalf) << 1) + (block << 6);
          tile(a + block * aBlock + (k << 4), b + panel * bPanel + (k << 5), chunk, to, 16, cHalf);
        }
      }
    }
  }
}
