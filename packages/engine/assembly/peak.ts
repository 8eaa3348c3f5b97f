import { madd } from "./vector";

/**
 * Multiply-adds that wait for nothing: twelve sums, as many as fit the registers beside their factors, since a fused
 * multiply-add takes four cycles and two start in each; eight sums would stop 7 % short. 96 floating-point operations a
 * round; the most that this build can do on this processor.
 */
export function peak(from: usize, rounds: i32): void {
  const f = v128.load(from);
  let c0 = f, c1 = v128.load(from, 16), c2 = v128.load(from, 32), c3 = v128.load(from, 48);
  let c4 = v128.load(from, 64), c5 = v128.load(from, 80), c6 = v128.load(from, 96), c7 = v128.load(from, 112);
  let c8 = v128.load(from, 128), c9 = v128.load(from, 144), c10 = v128.load(from, 160), c11 = v128.load(from, 176);
  for (let round = 0; round < rounds; round++) {
    const x = v128.load(from, 192);
    c0 = madd(f, x, c0); c1 = madd(f, x, c1); c2 = madd(f, x, c2); c3 = madd(f, x, c3);
    c4 = madd(f, x, c4); c5 = madd(f, x, c5); c6 = madd(f, x, c6); c7 = madd(f, x, c7);
    c8 = madd(f, x, c8); c9 = madd(f, x, c9); c10 = madd(f, x, c10); c11 = madd(f, x, c11);
  }
  v128.store(from, c0); v128.store(from, c1, 16); v128.store(from, c2, 32); v128.store(from, c3, 48);
  v128.store(from, c4, 64); v128.store(from, c5, 80); v128.store(from, c6, 96); v128.store(from, c7, 112);
  v128.store(from, c8, 128); v128.store(from, c9, 144); v128.store(from, c10, 160); v128.store(from, c11, 176);
}
