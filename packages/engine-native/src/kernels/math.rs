//! The functions of a cell. NaN stays NaN.
use crate::simd::Simd;

/// 2^x for -126 <= x <= 126; relative error 1.7e-7.
#[inline(always)]
pub unsafe fn exp2<S: Simd>(x: S::V) -> S::V {
    let n = S::round(x);
    let f = S::sub(x, n);
    let mut p = S::splat(0.001326472731307149);
    p = S::fma(p, f, S::splat(0.009671512991189957));
    p = S::fma(p, f, S::splat(0.05550733581185341));
    p = S::fma(p, f, S::splat(0.24022242426872253));
    p = S::fma(p, f, S::splat(0.6931470036506653));
    p = S::fma(p, f, S::splat(1.0));
    S::scale(p, n)
}

/// 1 / (1 + 2^x)
#[inline(always)]
unsafe fn logistic2<S: Simd>(x: S::V) -> S::V {
    let x = S::min(S::splat(126.0), S::max(S::splat(-126.0), x));
    S::div(S::splat(1.0), S::add(exp2::<S>(x), S::splat(1.0)))
}

/// The logistic function; error at most 1e-7.
#[inline(always)]
pub unsafe fn sigmoid<S: Simd>(x: S::V) -> S::V {
    logistic2::<S>(S::mul(x, S::splat(-std::f32::consts::LOG2_E)))
}

/// tanh(x) = 1 - 2 / (1 + e^2x); error at most 2e-7.
#[inline(always)]
pub unsafe fn tanh<S: Simd>(x: S::V) -> S::V {
    let s = logistic2::<S>(S::mul(x, S::splat(2.0 * std::f32::consts::LOG2_E)));
    S::fnma(S::splat(2.0), s, S::splat(1.0))
}

/// 0 sigmoid, 1 tanh, 2 exp2, in place of `count` numbers (whole vectors).
#[inline(always)]
pub unsafe fn function<S: Simd>(kind: u32, p: *mut f32, count: usize) {
    for at in (0..count).step_by(S::W) {
        let x = S::load(p.add(at));
        let y = match kind {
            0 => sigmoid::<S>(x),
            1 => tanh::<S>(x),
            _ => exp2::<S>(x),
        };
        S::store(p.add(at), y);
    }
}
