// Four floats at a time: multiply-add, transposition, and the functions of a cell.
// The build decides what a multiply-add is: one rounding with relaxed SIMD where the processor has it, two without.

/** a * b + c. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// Transposing four vectors takes two rounds of two shuffles a pair; the callers store each column as it comes.
// @ts-ignore: decorator
@inline export function low(a: v128, b: v128): v128 { return v128.shuffle<f32>(a, b, 0, 4, 1, 5); }
// @ts-ignore: decorator
@inline export function high(a: v128, b: v128): v128 { return v128.shuffle<f32>(a, b, 2, 6, 3, 7); }
// @ts-ignore: decorator
@inline export function lowPair(a: v128, b: v128): v128 { return v128.shuffle<f64>(a, b, 0, 2); }
// @ts-ignore: decorator
@inline export function highPair(a: v128, b: v128): v128 { return v128.shuffle<f64>(a, b, 1, 3); }

/** Stores the transpose of the 4x4 block whose rows are a, b, c, d; the stored rows are `stride` bytes apart. */
// @ts-ignore: decorator
@inline export function storeTransposed(to: usize, stride: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = low(a, b), cd = low(c, d), AB = high(a, b), CD = high(c, d);
  v128.store(to, lowPair(ab, cd));
  v128.store(to + stride, highPair(ab, cd));
  v128.store(to + stride * 2, lowPair(AB, CD));
  v128.store(to + stride * 3, highPair(AB, CD));
}

// Rational approximation of tanh, odd numerator of degree 13 over even denominator of degree 6, the coefficients that
// Eigen and XLA use. Error at most 4e-7 (2.5e-7 with fused multiply-add; src/activation.test.ts); exactly 0 at 0.
/** tanh(x); beyond +-7.905 the value is +-1 in float32. */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  // The pseudo-minimum is one instruction where the exact one, with its care for NaN and -0, is seven.
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(7.90531110763549805)), f32x4.splat(-7.90531110763549805));
  const x2 = f32x4.mul(x, x);
  let p = madd(x2, f32x4.splat(-2.76076847742355e-16), f32x4.splat(2.00018790482477e-13));
  p = madd(x2, p, f32x4.splat(-8.60467152213735e-11));
  p = madd(x2, p, f32x4.splat(5.12229709037114e-8));
  p = madd(x2, p, f32x4.splat(1.48572235717979e-5));
  p = madd(x2, p, f32x4.splat(6.37261928875436e-4));
  p = madd(x2, p, f32x4.splat(4.89352455891786e-3));
  let q = madd(x2, f32x4.splat(1.19825839466702e-6), f32x4.splat(1.18534705686654e-4));
  q = madd(x2, q, f32x4.splat(2.26843463243900e-3));
  q = madd(x2, q, f32x4.splat(4.89352518554385e-3));
  return f32x4.div(f32x4.mul(x, p), q);
}

/** The logistic function, as (1 + tanh(x / 2)) / 2; error at most 2e-7. */
// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(tanh(f32x4.mul(x, half)), half, half);
}

// Cephes' expf: x = n ln 2 + r, a polynomial of degree 5 for e^r, n added to the exponent bits.
/** e^x for x <= 0; relative error 2e-7, and 0 below -87 so that no denormal number arises. */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  const normal = f32x4.ge(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = madd(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  p = madd(r, p, f32x4.splat(8.3334519073e-3));
  p = madd(r, p, f32x4.splat(4.1665795894e-2));
  p = madd(r, p, f32x4.splat(1.6666665459e-1));
  p = madd(r, p, f32x4.splat(5.0000001201e-1));
  p = madd(f32x4.mul(r, r), p, f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, power), normal);
}

// WebAssembly keeps denormal numbers, and processors take a hundred cycles for each. What fades over many time steps
// is cut long before it gets there; the lost part is 1e-20 of anything that counts.
/** x, with everything smaller than 1e-25 set to zero. */
// @ts-ignore: decorator
@inline export function flush(x: v128): v128 {
  return v128.and(x, f32x4.gt(f32x4.abs(x), f32x4.splat(1e-25)));
}

/** x where it is finite, elsewhere what was there before. */
// @ts-ignore: decorator
@inline export function finiteOr(x: v128, before: v128): v128 {
  return v128.bitselect(x, before, f32x4.lt(f32x4.abs(x), f32x4.splat(Infinity)));
}
