//! The cell: activations forward, their slopes backward, and dropout.
use super::math::{sigmoid, tanh};
use crate::layout::BLOCK;
use crate::memory::Part;
use crate::simd::Simd;

/// Rows of one time step: z → i, f, g, o in place; c = f c' + i g; h = o tanh(c). Backward `hidden` is dh, `cells` dc.
#[derive(Clone, Copy)]
pub struct Cells {
    pub gates: Part,
    pub gates_row: usize,
    pub before: Part,
    pub cells: Part,
    pub tanh_cells: Part,
    pub hidden: Part,
    pub row: usize,
    pub rows: usize,
    /// A multiple of 16.
    pub units: usize,
}

impl Cells {
    pub fn check(&self) {
        assert!(self.units.is_multiple_of(BLOCK));
        self.gates.pointer((self.rows - 1) * self.gates_row + 4 * self.units);
        for part in [self.before, self.cells, self.tanh_cells, self.hidden] {
            part.pointer((self.rows - 1) * self.row + self.units);
        }
    }
}

#[inline(always)]
pub unsafe fn activate<S: Simd>(p: &Cells) {
    for row in 0..p.rows {
        for unit in (0..p.units).step_by(S::W) {
            let at = row * p.row + unit;
            let z = p.gates.pointer(0).add(row * p.gates_row + unit / BLOCK * 4 * BLOCK + unit % BLOCK);
            let i = sigmoid::<S>(S::load(z));
            let f = sigmoid::<S>(S::load(z.add(BLOCK)));
            let g = tanh::<S>(S::load(z.add(2 * BLOCK)));
            let o = sigmoid::<S>(S::load(z.add(3 * BLOCK)));
            let c = S::fma(f, S::load(p.before.pointer(0).add(at)), S::mul(i, g));
            let t = tanh::<S>(c);
            S::store(z, i);
            S::store(z.add(BLOCK), f);
            S::store(z.add(2 * BLOCK), g);
            S::store(z.add(3 * BLOCK), o);
            S::store(p.cells.pointer(0).add(at), c);
            S::store(p.tanh_cells.pointer(0).add(at), t);
            S::store(p.hidden.pointer(0).add(at), S::mul(o, t));
        }
    }
}

// With h = o tanh(c), c = f c' + i g and dh, dc given:
// dc += dh o (1 - tanh(c)^2);  di = dc g, df = dc c', dg = dc i, do = dh tanh(c), each times its activation's slope.
/// The gates' gradients, in place of the gates, and dc of the time step before.
#[inline(always)]
pub unsafe fn cells_backward<S: Simd>(p: &Cells) {
    let one = S::splat(1.0);
    for row in 0..p.rows {
        for unit in (0..p.units).step_by(S::W) {
            let at = row * p.row + unit;
            let z = p.gates.pointer(0).add(row * p.gates_row + unit / BLOCK * 4 * BLOCK + unit % BLOCK);
            let i = S::load(z);
            let f = S::load(z.add(BLOCK));
            let g = S::load(z.add(2 * BLOCK));
            let o = S::load(z.add(3 * BLOCK));
            let t = S::load(p.tanh_cells.pointer(0).add(at));
            let ho = S::mul(S::load(p.hidden.pointer(0).add(at)), o);
            let dc = p.cells.pointer(0).add(at);
            let c = S::fma(S::fnma(t, t, one), ho, S::load(dc));
            S::store(dc, S::mul(c, f));
            let ci = S::mul(c, i);
            let before = S::load(p.before.pointer(0).add(at));
            S::store(z, S::mul(S::mul(ci, g), S::sub(one, i)));
            S::store(z.add(BLOCK), S::mul(S::mul(S::mul(c, before), f), S::sub(one, f)));
            S::store(z.add(2 * BLOCK), S::mul(ci, S::fnma(g, g, one)));
            S::store(z.add(3 * BLOCK), S::mul(S::mul(ho, t), S::sub(one, o)));
        }
    }
}

/// Dropout without stored masks: each element's fate is a hash of the step's key and of the element's position in the whole
/// batch, the same as in the WebAssembly engine. `to` may be `from`.
#[derive(Clone, Copy)]
pub struct Drop {
    pub from: Part,
    pub to: Part,
    pub row: usize,
    pub rows: usize,
    /// A multiple of 16, and what the numbering of the elements takes for a row.
    pub units: usize,
    pub numbered: u32,
    pub first: u32,
    pub key: u32,
    pub threshold: u32,
    pub scale: f32,
}

impl Drop {
    pub fn check(&self) {
        for part in [self.from, self.to] {
            part.pointer((self.rows - 1) * self.row + self.units);
        }
    }
}

#[inline(always)]
pub unsafe fn drop<S: Simd>(p: &Drop) {
    for row in 0..p.rows {
        let from = p.from.pointer(0).add(row * p.row);
        let to = p.to.pointer(0).add(row * p.row);
        let first = p.first.wrapping_add((row as u32).wrapping_mul(p.numbered));
        // Plain integers: the compiler makes vectors of them.
        for unit in 0..p.units {
            let mut hash = p.key ^ first.wrapping_add(unit as u32);
            hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
            hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
            hash = (hash ^ (hash >> 16)) >> 1;
            let x = *from.add(unit) * p.scale;
            *to.add(unit) = if hash >= p.threshold { x } else { 0.0 };
        }
    }
}
