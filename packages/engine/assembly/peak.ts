import { madd } from "./vector";

/**
 * Multiply-adds that wait for nothing: eight sums, four factors kept in registers, two loaded from the same 32 bytes in
 * every round. 64 floating-point operations a round; the most that this build can do on this processor.
 */
export function peak(from: usize, rounds: i32): void {
  const f0 = v128.load(from), f1 = v128.load(from, 16), f2 = v128.load(from, 32), f3 = v128.load(from, 48);
  let c00 = f0, c01 = f0, c10 = f0, c11 = f0, c20 = f0, c21 = f0, c30 = f0, c31 = f0;
  for (let round = 0; round < rounds; round++) {
    const x0 = v128.load(from, 64), x1 = v128.load(from, 80);
    c00 = madd(f0, x0, c00); c01 = madd(f0, x1, c01);
    c10 = madd(f1, x0, c10); c11 = madd(f1, x1, c11);
    c20 = madd(f2, x0, c20); c21 = madd(f2, x1, c21);
    c30 = madd(f3, x0, c30); c31 = madd(f3, x1, c31);
  }
  v128.store(from, c00); v128.store(from, c01, 16); v128.store(from, c10, 32); v128.store(from, c11, 48);
  v128.store(from, c20, 64); v128.store(from, c21, 80); v128.store(from, c30, 96); v128.store(from, c31, 112);
}
