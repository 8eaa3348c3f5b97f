//! The softmax head: loss, hits and the way back.
use super::math::exp2;
use crate::engine::NO_TARGET;
use crate::memory::Part;
use crate::simd::Simd;

/// Rows of logits, a target each, or `NO_TARGET`.
#[derive(Clone, Copy)]
pub struct Softmax<'a> {
    pub logits: Part,
    pub row: usize,
    /// Characters; the columns from there to the next multiple of 16 only pad.
    pub columns: usize,
    pub targets: &'a [u32],
    /// 1 / predictions of the batch.
    pub scale: f32,
}

impl Softmax<'_> {
    pub fn check(&self) {
        let last = self.targets.len() - 1;
        self.logits.pointer(last * self.row + self.columns.next_multiple_of(16));
        assert!(self.targets.iter().all(|target| (*target as usize) < self.columns || *target == NO_TARGET));
    }
}

/// Sum of -ln p(target), and how often the target is the first of the likeliest. Logits become (p - one-hot) * scale, zero where they only pad
/// and where nothing is predicted.
#[inline(always)]
pub unsafe fn softmax<S: Simd>(p: &Softmax) -> (f64, u32) {
    let (mut loss, mut correct) = (0f64, 0u32);
    let padded = p.columns.next_multiple_of(S::W);
    for (row, target) in p.targets.iter().enumerate() {
        let x = p.logits.pointer(0).add(row * p.row);
        if *target == NO_TARGET {
            for at in 0..p.columns.next_multiple_of(16) {
                *x.add(at) = 0.0;
            }
            continue;
        }
        let target = *target as usize;
        for at in p.columns..padded {
            *x.add(at) = -1e30; // e^-1e30 is zero
        }
        let mut largest = S::load(x);
        for at in (S::W..padded).step_by(S::W) {
            largest = S::max(largest, S::load(x.add(at)));
        }
        let most = S::largest(largest);
        let chosen = *x.add(target);
        if chosen == most && (0..target).all(|earlier| *x.add(earlier) < most) {
            correct += 1;
        }
        let mut sum = [S::splat(0.0); 4];
        let m = S::splat(most);
        for at in (0..padded).step_by(S::W) {
            let y = S::mul(S::sub(S::load(x.add(at)), m), S::splat(std::f32::consts::LOG2_E));
            let e = exp2::<S>(S::max(S::splat(-126.0), y));
            let lane = at / S::W % (16 / S::W);
            sum[lane] = S::add(sum[lane], e);
            S::store(x.add(at), e);
        }
        let total = S::sum(sum);
        loss += (total as f64).ln() + most as f64 - chosen as f64;
        let factor = S::splat(p.scale / total);
        for at in (0..padded).step_by(S::W) {
            S::store(x.add(at), S::mul(S::load(x.add(at)), factor));
        }
        *x.add(target) -= p.scale;
        for at in p.columns..p.columns.next_multiple_of(16) {
            *x.add(at) = 0.0;
        }
    }
    (loss, correct)
}
