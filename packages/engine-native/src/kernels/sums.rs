//! Sums of rows, the look-up's way back, transposed copies, and the measure of a processor's peak.
use crate::layout::Panel;
use crate::memory::Part;
use crate::simd::Simd;

/// table[ids[row]] += from[row], for `count` numbers (whole vectors) of each.
#[derive(Clone, Copy)]
pub struct Scatter<'a> {
    pub ids: &'a [u32],
    pub from: Part,
    pub row: usize,
    pub table: Part,
    pub count: usize,
}

impl Scatter<'_> {
    pub fn check(&self) {
        self.from.pointer((self.ids.len() - 1) * self.row + self.count);
        let highest = *self.ids.iter().max().unwrap() as usize;
        self.table.pointer((highest + 1) * self.count);
    }
}

#[inline(always)]
pub unsafe fn scatter<S: Simd>(p: &Scatter) {
    for (row, id) in p.ids.iter().enumerate() {
        let to = p.table.pointer(0).add(*id as usize * p.count);
        let from = p.from.pointer(0).add(row * p.row);
        for at in (0..p.count).step_by(S::W) {
            S::store(to.add(at), S::add(S::load(to.add(at)), S::load(from.add(at))));
        }
    }
}

/// sums += the rows; as many numbers of each as there are sums.
#[derive(Clone, Copy)]
pub struct SumRows {
    pub from: Part,
    pub row: usize,
    pub rows: usize,
    pub sums: Part,
}

impl SumRows {
    pub fn check(&self) {
        self.from.pointer((self.rows - 1) * self.row + self.sums.count());
        assert!(self.sums.count().is_multiple_of(16));
    }
}

#[inline(always)]
pub unsafe fn sum_rows<S: Simd>(p: &SumRows) {
    let sums = p.sums.pointer(0);
    for at in (0..p.sums.count()).step_by(S::W) {
        let mut sum = S::load(sums.add(at));
        for row in 0..p.rows {
            sum = S::add(sum, S::load(p.from.pointer(0).add(row * p.row + at)));
        }
        S::store(sums.add(at), sum);
    }
}

/// to[row] = from[row] + bias; rows as long as the bias.
#[inline(always)]
pub unsafe fn add_bias<S: Simd>(from: Part, bias: Part, to: Part) {
    let row = bias.count();
    for first in (0..to.count()).step_by(row) {
        for at in (0..row).step_by(S::W) {
            let sum = S::add(S::load(from.pointer(0).add(first + at)), S::load(bias.pointer(0).add(at)));
            S::store(to.pointer(0).add(first + at), sum);
        }
    }
}

/// Packed weights `[panel of columns][input]` → `[panel of inputs][column]`, for one panel of inputs.
#[derive(Clone, Copy)]
pub struct Transpose<'a> {
    pub from: Part,
    pub panels: &'a [Panel],
    pub inputs: usize,
    pub to: Part,
    pub columns: usize,
    pub target: Panel,
}

impl Transpose<'_> {
    pub fn check(&self, width: usize) {
        self.from.pointer(self.inputs * self.columns);
        self.to.pointer((self.target.first + self.target.count) * width * self.columns);
        assert!((self.target.first + self.target.count) * width <= self.inputs);
        assert!(self.panels.iter().all(|p| (p.first + p.count) * width <= self.columns));
    }
}

#[inline(always)]
pub unsafe fn transpose<S: Simd>(p: &Transpose) {
    for source in p.panels {
        let width = source.count * S::W;
        for column in 0..width {
            let place = p.target.first * p.columns + (source.first * S::W + column) * p.target.count;
            let to = p.to.pointer(0).add(place * S::W);
            let from = p.from.pointer(0).add((source.first * p.inputs + p.target.first * width) * S::W + column);
            for input in 0..p.target.count * S::W {
                *to.add(input) = *from.add(input * width);
            }
        }
    }
}

/// Sums of multiply-adds on registers: as many operations a round as `PEAK_OPERATIONS` vectors have.
#[inline(always)]
pub unsafe fn peak<S: Simd>(rounds: usize, p: *mut f32) {
    if S::W == 16 { sums::<S, 24>(rounds, p) } else { sums::<S, 12>(rounds * 2, p) }
}

/// Operations a round of `peak`, for each float of a vector.
pub const PEAK_OPERATIONS: usize = 48;

#[inline(always)]
unsafe fn sums<S: Simd, const N: usize>(rounds: usize, p: *mut f32) {
    let (x, y) = (S::load(p), S::load(p.add(S::W)));
    let mut s = [S::splat(0.0); N];
    for (n, sum) in s.iter_mut().enumerate() {
        *sum = S::splat(n as f32);
    }
    for _ in 0..rounds {
        for sum in s.iter_mut() {
            *sum = S::fma(*sum, x, y);
        }
    }
    let mut total = s[0];
    for sum in &s[1..] {
        total = S::add(total, *sum);
    }
    S::store(p, total);
}
