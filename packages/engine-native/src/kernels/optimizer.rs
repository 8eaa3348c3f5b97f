//! Gradients of all threads → one, and the optimizers' rules. Gradients are finite when a rule is applied, but times a huge rate
//! they may not be: such a number keeps its value, so that no weight and no slot ever is NaN or infinite.
use crate::memory::Part;
use crate::simd::Simd;

/// Adds `others` gradients, each `stride` on, to the first `count` numbers; returns the sum of their squares.
#[inline(always)]
pub unsafe fn reduce<S: Simd>(gradients: Part, stride: usize, others: usize, count: usize) -> f64 {
    let mut total = 0f64;
    // Squares are summed in float32 over 4 KB at a time, the parts in float64.
    for start in (0..count).step_by(1024) {
        let mut squares = [S::splat(0.0); 4];
        for at in (start..count.min(start + 1024)).step_by(S::W) {
            let to = gradients.pointer(0).add(at);
            let mut sum = S::load(to);
            for other in 1..=others {
                sum = S::add(sum, S::load(to.add(other * stride)));
            }
            S::store(to, sum);
            let lane = at / S::W % (16 / S::W);
            squares[lane] = S::fma(sum, sum, squares[lane]);
        }
        total += S::sum(squares) as f64;
    }
    total
}

#[derive(Clone, Copy, PartialEq)]
pub enum Rule {
    Sgd,
    RmsProp,
    Adam,
}

/// A rule and a range of weights, gradients and slots, all as long as the weights; an empty slot is one that the rule lacks.
#[derive(Clone, Copy)]
pub struct Update {
    pub rule: Rule,
    pub weights: Part,
    pub gradient: Part,
    pub first: Part,
    pub second: Part,
    /// Clips: what the gradient is multiplied by.
    pub scale: f32,
    /// Of Adam, corrected for its bias.
    pub rate: f32,
    pub decay: f32,
    pub momentum: f32,
    pub square: f32,
    pub epsilon: f32,
}

impl Update {
    pub fn check(&self) {
        let count = self.weights.count();
        assert!(count.is_multiple_of(16));
        self.gradient.pointer(count);
        let needs = match self.rule {
            Rule::Sgd => [false, false],
            Rule::RmsProp => [true, false],
            Rule::Adam => [true, true],
        };
        for (slot, is_needed) in [self.first, self.second].iter().zip(needs) {
            assert!(slot.count() >= count || (slot.count() == 0 && !is_needed));
        }
    }
}

#[inline(always)]
pub unsafe fn update<S: Simd>(u: &Update) {
    match u.rule {
        Rule::Sgd => descend::<S>(u),
        Rule::RmsProp => rmsprop::<S>(u),
        Rule::Adam => adam::<S>(u),
    }
}

#[inline(always)]
unsafe fn keep_finite<S: Simd>(to: *mut f32, value: S::V, before: S::V) {
    S::store(to, S::finite_or(value, before));
}

// m = momentum m - rate g; w += m
#[inline(always)]
unsafe fn descend<S: Simd>(u: &Update) {
    let (scale, momentum) = (S::splat(u.scale * u.rate), S::splat(u.momentum));
    for at in (0..u.weights.count()).step_by(S::W) {
        let w = u.weights.pointer(0).add(at);
        let mut step = S::mul(scale, S::load(u.gradient.pointer(0).add(at)));
        if u.first.count() > 0 {
            let slot = u.first.pointer(0).add(at);
            let before = S::load(slot);
            step = S::fnma(momentum, before, step);
            keep_finite::<S>(slot, S::sub(S::splat(0.0), step), before);
        }
        let before = S::load(w);
        keep_finite::<S>(w, S::sub(before, step), before);
    }
}

// v = rho v + (1 - rho) g^2; step = rate g / sqrt(v + epsilon); with momentum m = momentum m + step; w -= m
#[inline(always)]
unsafe fn rmsprop<S: Simd>(u: &Update) {
    let (scale, rate, momentum) = (S::splat(u.scale), S::splat(u.rate), S::splat(u.momentum));
    let (rho, rest, epsilon) = (S::splat(u.square), S::splat(1.0 - u.square), S::splat(u.epsilon));
    for at in (0..u.weights.count()).step_by(S::W) {
        let w = u.weights.pointer(0).add(at);
        let g = S::mul(scale, S::load(u.gradient.pointer(0).add(at)));
        let slot = u.first.pointer(0).add(at);
        let v = S::fma(rho, S::load(slot), S::mul(rest, S::mul(g, g)));
        S::store(slot, v);
        let mut step = S::div(S::mul(rate, g), S::sqrt(S::add(v, epsilon)));
        if u.second.count() > 0 {
            let slot = u.second.pointer(0).add(at);
            let before = S::load(slot);
            step = S::fma(momentum, before, step);
            keep_finite::<S>(slot, step, before);
        }
        let before = S::load(w);
        keep_finite::<S>(w, S::sub(before, step), before);
    }
}

// w -= decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate m / (sqrt(v) + epsilon)
#[inline(always)]
unsafe fn adam<S: Simd>(u: &Update) {
    let (scale, rate, epsilon) = (S::splat(u.scale), S::splat(u.rate), S::splat(u.epsilon));
    let (b1, b2, keep) = (S::splat(1.0 - u.momentum), S::splat(1.0 - u.square), S::splat(1.0 - u.decay));
    for at in (0..u.weights.count()).step_by(S::W) {
        let w = u.weights.pointer(0).add(at);
        let g = S::mul(scale, S::load(u.gradient.pointer(0).add(at)));
        let (first, second) = (u.first.pointer(0).add(at), u.second.pointer(0).add(at));
        let (m, v) = (S::load(first), S::load(second));
        let m = S::fma(b1, S::sub(g, m), m);
        let v = S::fma(b2, S::sub(S::mul(g, g), v), v);
        S::store(first, m);
        S::store(second, v);
        let step = S::div(S::mul(rate, m), S::add(S::sqrt(v), epsilon));
        let before = S::load(w);
        keep_finite::<S>(w, S::sub(S::mul(keep, before), step), before);
    }
}
