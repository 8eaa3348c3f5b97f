//! The vectors of each processor behind one trait, so that every kernel is written once.
//!
//! `unsafe`: every function is inlined into a kernel that was compiled for the features it needs, and `kernels::find` hands
//! out kernels only where the processor has them; pointers are those of the kernels.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc)]

pub trait Simd: Copy + 'static {
    type V: Copy;
    const NAME: &'static str;
    /// Floats in a vector; divides 16.
    const W: usize;
    /// A product's tile: rows, and vectors of columns.
    const MR: usize;
    const NV: usize;
    /// Numbers along k of a panel that stay in the first-level cache.
    const DEPTH: usize;
    unsafe fn load(p: *const f32) -> Self::V;
    unsafe fn store(p: *mut f32, v: Self::V);
    unsafe fn splat(x: f32) -> Self::V;
    /// a * b + c
    unsafe fn fma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// c - a * b
    unsafe fn fnma(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V;
    /// The smaller, or b where either is NaN.
    unsafe fn min(a: Self::V, b: Self::V) -> Self::V;
    /// The larger, or b where either is NaN.
    unsafe fn max(a: Self::V, b: Self::V) -> Self::V;
    unsafe fn sqrt(a: Self::V) -> Self::V;
    unsafe fn round(a: Self::V) -> Self::V;
    /// p * 2^n for whole n in -126..=126.
    unsafe fn scale(p: Self::V, n: Self::V) -> Self::V;
    /// x where it is finite, elsewhere `before`.
    unsafe fn finite_or(x: Self::V, before: Self::V) -> Self::V;
    /// The sum of sixteen numbers, in the same order for every width.
    #[inline(always)]
    unsafe fn sum(v: [Self::V; 4]) -> f32 {
        let mut x = [0f32; 16];
        for (n, part) in v.iter().enumerate().take(16 / Self::W) {
            Self::store(x.as_mut_ptr().add(n * Self::W), *part);
        }
        x.iter().sum()
    }
    #[inline(always)]
    unsafe fn largest(v: Self::V) -> f32 {
        let mut x = [f32::NEG_INFINITY; 16];
        Self::store(x.as_mut_ptr(), v);
        x.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }
}

#[cfg(target_arch = "x86_64")]
pub use x86::*;
#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Simd;
    use std::arch::x86_64::*;

    #[derive(Clone, Copy)]
    pub struct Avx512;
    impl Simd for Avx512 {
        type V = __m512;
        const NAME: &'static str = "avx512";
        const W: usize = 16;
        const MR: usize = 8;
        const NV: usize = 3;
        const DEPTH: usize = 128;
        #[inline(always)] unsafe fn load(p: *const f32) -> __m512 { _mm512_loadu_ps(p) }
        #[inline(always)] unsafe fn store(p: *mut f32, v: __m512) { _mm512_storeu_ps(p, v) }
        #[inline(always)] unsafe fn splat(x: f32) -> __m512 { _mm512_set1_ps(x) }
        #[inline(always)] unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 { _mm512_fmadd_ps(a, b, c) }
        #[inline(always)] unsafe fn fnma(a: __m512, b: __m512, c: __m512) -> __m512 { _mm512_fnmadd_ps(a, b, c) }
        #[inline(always)] unsafe fn add(a: __m512, b: __m512) -> __m512 { _mm512_add_ps(a, b) }
        #[inline(always)] unsafe fn sub(a: __m512, b: __m512) -> __m512 { _mm512_sub_ps(a, b) }
        #[inline(always)] unsafe fn mul(a: __m512, b: __m512) -> __m512 { _mm512_mul_ps(a, b) }
        #[inline(always)] unsafe fn div(a: __m512, b: __m512) -> __m512 { _mm512_div_ps(a, b) }
        #[inline(always)] unsafe fn min(a: __m512, b: __m512) -> __m512 { _mm512_min_ps(a, b) }
        #[inline(always)] unsafe fn max(a: __m512, b: __m512) -> __m512 { _mm512_max_ps(a, b) }
        #[inline(always)] unsafe fn sqrt(a: __m512) -> __m512 { _mm512_sqrt_ps(a) }
        #[inline(always)] unsafe fn round(a: __m512) -> __m512 { _mm512_roundscale_ps::<8>(a) }
        #[inline(always)] unsafe fn scale(p: __m512, n: __m512) -> __m512 { _mm512_scalef_ps(p, n) }
        #[inline(always)] unsafe fn finite_or(x: __m512, before: __m512) -> __m512 {
            let finite = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(_mm512_abs_ps(x), _mm512_set1_ps(f32::INFINITY));
            _mm512_mask_blend_ps(finite, before, x)
        }
    }

    #[derive(Clone, Copy)]
    pub struct Avx2;
    impl Simd for Avx2 {
        type V = __m256;
        const NAME: &'static str = "avx2";
        const W: usize = 8;
        const MR: usize = 6;
        const NV: usize = 2;
        const DEPTH: usize = 256;
        #[inline(always)] unsafe fn load(p: *const f32) -> __m256 { _mm256_loadu_ps(p) }
        #[inline(always)] unsafe fn store(p: *mut f32, v: __m256) { _mm256_storeu_ps(p, v) }
        #[inline(always)] unsafe fn splat(x: f32) -> __m256 { _mm256_set1_ps(x) }
        #[inline(always)] unsafe fn fma(a: __m256, b: __m256, c: __m256) -> __m256 { _mm256_fmadd_ps(a, b, c) }
        #[inline(always)] unsafe fn fnma(a: __m256, b: __m256, c: __m256) -> __m256 { _mm256_fnmadd_ps(a, b, c) }
        #[inline(always)] unsafe fn add(a: __m256, b: __m256) -> __m256 { _mm256_add_ps(a, b) }
        #[inline(always)] unsafe fn sub(a: __m256, b: __m256) -> __m256 { _mm256_sub_ps(a, b) }
        #[inline(always)] unsafe fn mul(a: __m256, b: __m256) -> __m256 { _mm256_mul_ps(a, b) }
        #[inline(always)] unsafe fn div(a: __m256, b: __m256) -> __m256 { _mm256_div_ps(a, b) }
        #[inline(always)] unsafe fn min(a: __m256, b: __m256) -> __m256 { _mm256_min_ps(a, b) }
        #[inline(always)] unsafe fn max(a: __m256, b: __m256) -> __m256 { _mm256_max_ps(a, b) }
        #[inline(always)] unsafe fn sqrt(a: __m256) -> __m256 { _mm256_sqrt_ps(a) }
        #[inline(always)] unsafe fn round(a: __m256) -> __m256 { _mm256_round_ps::<8>(a) }
        #[inline(always)] unsafe fn scale(p: __m256, n: __m256) -> __m256 {
                let n = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
                _mm256_mul_ps(p, _mm256_castsi256_ps(_mm256_slli_epi32::<23>(n)))
        }
        #[inline(always)] unsafe fn finite_or(x: __m256, before: __m256) -> __m256 {
            let magnitude = _mm256_andnot_ps(_mm256_set1_ps(-0.0), x);
            let finite = _mm256_cmp_ps::<_CMP_LT_OQ>(magnitude, _mm256_set1_ps(f32::INFINITY));
            _mm256_blendv_ps(before, x, finite)
        }
    }
}

#[cfg(target_arch = "aarch64")]
pub use arm::*;
#[cfg(target_arch = "aarch64")]
mod arm {
    use super::Simd;
    use std::arch::aarch64::*;

    #[derive(Clone, Copy)]
    pub struct Neon;
    impl Simd for Neon {
        type V = float32x4_t;
        const NAME: &'static str = "neon";
        const W: usize = 4;
        const MR: usize = 8;
        const NV: usize = 3;
        const DEPTH: usize = 256;
        #[inline(always)] unsafe fn load(p: *const f32) -> float32x4_t { vld1q_f32(p) }
        #[inline(always)] unsafe fn store(p: *mut f32, v: float32x4_t) { vst1q_f32(p, v) }
        #[inline(always)] unsafe fn splat(x: f32) -> float32x4_t { vdupq_n_f32(x) }
        #[inline(always)] unsafe fn fma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t { vfmaq_f32(c, a, b) }
        #[inline(always)] unsafe fn fnma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t { vfmsq_f32(c, a, b) }
        #[inline(always)] unsafe fn add(a: float32x4_t, b: float32x4_t) -> float32x4_t { vaddq_f32(a, b) }
        #[inline(always)] unsafe fn sub(a: float32x4_t, b: float32x4_t) -> float32x4_t { vsubq_f32(a, b) }
        #[inline(always)] unsafe fn mul(a: float32x4_t, b: float32x4_t) -> float32x4_t { vmulq_f32(a, b) }
        #[inline(always)] unsafe fn div(a: float32x4_t, b: float32x4_t) -> float32x4_t { vdivq_f32(a, b) }
        #[inline(always)] unsafe fn min(a: float32x4_t, b: float32x4_t) -> float32x4_t { vminq_f32(a, b) }
        #[inline(always)] unsafe fn max(a: float32x4_t, b: float32x4_t) -> float32x4_t { vmaxq_f32(a, b) }
        #[inline(always)] unsafe fn sqrt(a: float32x4_t) -> float32x4_t { vsqrtq_f32(a) }
        #[inline(always)] unsafe fn round(a: float32x4_t) -> float32x4_t { vrndnq_f32(a) }
        #[inline(always)] unsafe fn scale(p: float32x4_t, n: float32x4_t) -> float32x4_t {
                let n = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
                vmulq_f32(p, vreinterpretq_f32_s32(vshlq_n_s32::<23>(n)))
        }
        #[inline(always)] unsafe fn finite_or(x: float32x4_t, before: float32x4_t) -> float32x4_t {
            vbslq_f32(vcltq_f32(vabsq_f32(x), vdupq_n_f32(f32::INFINITY)), x, before)
        }
    }
}
