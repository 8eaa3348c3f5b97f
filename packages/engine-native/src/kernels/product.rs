//! The two products: rows by packed weights, and the gradient of packed weights.
use crate::layout::Panel;
use crate::memory::Part;
use crate::simd::Simd;

/// What a row of a product starts from: `base` at `(ids[row] or row) * stride`, at the column it stands in.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    pub base: Part,
    pub stride: usize,
    pub ids: Option<&'a [u32]>,
}

/// C = start + A · B: rows of A (numbers of a row side by side), packed panels of B (`[panel][depth][columns]`), rows of C.
#[derive(Clone, Copy)]
pub struct Product<'a> {
    pub a: Part,
    pub a_row: usize,
    pub b: Part,
    pub panels: &'a [Panel],
    pub depth: usize,
    pub c: Part,
    pub c_row: usize,
    pub rows: usize,
    pub start: Start<'a>,
}

impl Product<'_> {
    pub fn check(&self, width: usize) {
        let columns = columns_of(self.panels, width);
        let last = self.rows - 1;
        self.a.pointer(last * self.a_row + self.depth);
        self.b.pointer(self.depth * columns);
        self.c.pointer(last * self.c_row + columns);
        let highest = self.start.ids.map_or(last, |ids| *ids[..self.rows].iter().max().unwrap() as usize);
        self.start.base.pointer(highest * self.start.stride + columns);
    }
}

/// C (in packed panels) += Aᵀ · B, over rows of A and of B that lie side by side.
#[derive(Clone, Copy)]
pub struct Gradient<'a> {
    pub a: Part,
    pub a_row: usize,
    pub b: Part,
    pub b_row: usize,
    pub rows: usize,
    pub panels: &'a [Panel],
    /// Columns of A, which are rows of C; a multiple of 16.
    pub inputs: usize,
    pub c: Part,
}

impl Gradient<'_> {
    pub fn check(&self, width: usize) {
        let columns = columns_of(self.panels, width);
        assert!(self.inputs.is_multiple_of(16));
        self.a.pointer((self.rows - 1) * self.a_row + self.inputs);
        self.b.pointer((self.rows - 1) * self.b_row + columns);
        self.c.pointer(self.inputs * columns);
    }
}

fn columns_of(panels: &[Panel], width: usize) -> usize {
    panels.last().map_or(0, |panel| (panel.first + panel.count) * width)
}

#[inline(always)]
unsafe fn tile<S: Simd, const M: usize, const N: usize>(
    (mut a, a_row, a_k): (*const f32, usize, usize), (mut b, b_k): (*const f32, usize), depth: usize,
    start: [*const f32; M], (c, c_row): (*mut f32, usize),
) {
    let mut sums = [[S::splat(0.0); N]; M];
    for m in 0..M {
        for n in 0..N {
            sums[m][n] = S::load(start[m].add(n * S::W));
        }
    }
    for _ in 0..depth {
        let mut columns = [S::splat(0.0); N];
        for n in 0..N {
            columns[n] = S::load(b.add(n * S::W));
        }
        for m in 0..M {
            let x = S::splat(*a.add(m * a_row));
            for n in 0..N {
                sums[m][n] = S::fma(x, columns[n], sums[m][n]);
            }
        }
        a = a.wrapping_add(a_k);
        b = b.wrapping_add(b_k);
    }
    for m in 0..M {
        for n in 0..N {
            S::store(c.add(m * c_row + n * S::W), sums[m][n]);
        }
    }
}

#[inline(always)]
pub unsafe fn product<S: Simd>(p: &Product) {
    let mut k = 0;
    while k < p.depth {
        let depth = S::DEPTH.min(p.depth - k);
        let start = if k == 0 { p.start } else { Start { base: p.c, stride: p.c_row, ids: None } };
        if p.rows == 1 {
            product_row::<S>(p, k, depth, start);
            k += depth;
            continue;
        }
        for panel in p.panels {
            match panel.count {
                3 if S::NV == 3 => product_panel::<S, 3>(p, *panel, k, depth, start),
                2 => product_panel::<S, 2>(p, *panel, k, depth, start),
                _ => product_panel::<S, 1>(p, *panel, k, depth, start),
            }
        }
        k += depth;
    }
}

/// One row: a panel alone has too few sums to hide what a multiply-add takes, so four of the same width go side by side. Each sum
/// keeps its order, so a row alone gives the bits of the same row among others.
#[inline(always)]
unsafe fn product_row<S: Simd>(p: &Product, k: usize, depth: usize, start: Start) {
    let mut rest = p.panels;
    while let [panel, ..] = rest {
        let alike = rest.iter().take_while(|other| other.count == panel.count).count();
        let taken = match (panel.count, alike) {
            (3, 4..) if S::NV == 3 => row_tile::<S, 3, 4>(p, rest, k, depth, start),
            (3, _) if S::NV == 3 => row_tile::<S, 3, 1>(p, rest, k, depth, start),
            (2, 4..) => row_tile::<S, 2, 4>(p, rest, k, depth, start),
            (2, _) => row_tile::<S, 2, 1>(p, rest, k, depth, start),
            (_, 4..) => row_tile::<S, 1, 4>(p, rest, k, depth, start),
            _ => row_tile::<S, 1, 1>(p, rest, k, depth, start),
        };
        rest = &rest[taken..];
    }
}

/// P panels of N vectors each.
#[inline(always)]
unsafe fn row_tile<S: Simd, const N: usize, const P: usize>(p: &Product, panels: &[Panel], k: usize, depth: usize, start: Start) -> usize {
    let first = panels[0].first * S::W;
    let from = start.base.pointer(0).add(start.ids.map_or(0, |ids| ids[0] as usize) * start.stride + first);
    let (c, a) = (p.c.pointer(0).add(first), p.a.pointer(0).add(k));
    let mut b = p.b.pointer(0).add((panels[0].first * p.depth + k * N) * S::W) as *const f32;
    let mut sums = [[S::splat(0.0); N]; P];
    for panel in 0..P {
        for n in 0..N {
            sums[panel][n] = S::load(from.add((panel * N + n) * S::W));
        }
    }
    for input in 0..depth {
        let x = S::splat(*a.add(input));
        for panel in 0..P {
            for n in 0..N {
                sums[panel][n] = S::fma(x, S::load(b.wrapping_add((panel * p.depth * N + n) * S::W)), sums[panel][n]);
            }
        }
        b = b.wrapping_add(N * S::W);
    }
    for panel in 0..P {
        for n in 0..N {
            S::store(c.add((panel * N + n) * S::W), sums[panel][n]);
        }
    }
    P
}

#[inline(always)]
unsafe fn product_panel<S: Simd, const N: usize>(p: &Product, panel: Panel, k: usize, depth: usize, start: Start) {
    let mut row = 0;
    while row < p.rows {
        let left = p.rows - row;
        // Tiles of six would leave two of eight rows: then two of four.
        row += if S::MR == 8 && left >= 8 {
            product_tile::<S, 8, N>(p, row, panel, k, depth, start)
        } else if S::MR == 6 && left >= 6 && left != 8 {
            product_tile::<S, 6, N>(p, row, panel, k, depth, start)
        } else if left >= 4 {
            product_tile::<S, 4, N>(p, row, panel, k, depth, start)
        } else if left >= 2 {
            product_tile::<S, 2, N>(p, row, panel, k, depth, start)
        } else {
            product_tile::<S, 1, N>(p, row, panel, k, depth, start)
        };
    }
}

#[inline(always)]
unsafe fn product_tile<S: Simd, const M: usize, const N: usize>(
    p: &Product, row: usize, panel: Panel, k: usize, depth: usize, start: Start,
) -> usize {
    let column = panel.first * S::W;
    let mut from = [std::ptr::null(); M];
    for m in 0..M {
        let index = match start.ids {
            None => row + m,
            Some(ids) => *ids.get_unchecked(row + m) as usize,
        };
        from[m] = start.base.pointer(0).add(index * start.stride + column) as *const f32;
    }
    let a = p.a.pointer(0).add(row * p.a_row + k);
    let b = p.b.pointer(0).add((panel.first * p.depth + k * N) * S::W);
    let c = p.c.pointer(0).add(row * p.c_row + column);
    tile::<S, M, N>((a, p.a_row, 1), (b, N * S::W), depth, from, (c, p.c_row));
    M
}

#[inline(always)]
pub unsafe fn gradient<S: Simd>(p: &Gradient) {
    let mut k = 0;
    while k < p.rows {
        let depth = S::DEPTH.min(p.rows - k);
        for panel in p.panels {
            match panel.count {
                3 if S::NV == 3 => gradient_panel::<S, 3>(p, *panel, k, depth),
                2 => gradient_panel::<S, 2>(p, *panel, k, depth),
                _ => gradient_panel::<S, 1>(p, *panel, k, depth),
            }
        }
        k += depth;
    }
}

#[inline(always)]
unsafe fn gradient_panel<S: Simd, const N: usize>(p: &Gradient, panel: Panel, k: usize, depth: usize) {
    let mut input = 0;
    while input < p.inputs {
        let left = p.inputs - input;
        input += if S::MR == 8 && left >= 8 {
            gradient_tile::<S, 8, N>(p, input, panel, k, depth)
        } else if S::MR == 6 && left >= 6 && left != 8 {
            gradient_tile::<S, 6, N>(p, input, panel, k, depth)
        } else {
            gradient_tile::<S, 4, N>(p, input, panel, k, depth)
        };
    }
}

#[inline(always)]
unsafe fn gradient_tile<S: Simd, const M: usize, const N: usize>(
    p: &Gradient, input: usize, panel: Panel, k: usize, depth: usize,
) -> usize {
    let a = p.a.pointer(0).add(k * p.a_row + input);
    let b = p.b.pointer(0).add(k * p.b_row + panel.first * S::W);
    let c = p.c.pointer(0).add((panel.first * p.inputs + input * N) * S::W);
    let mut from = [std::ptr::null(); M];
    for m in 0..M {
        from[m] = c.add(m * N * S::W) as *const f32;
    }
    tile::<S, M, N>((a, 1, p.a_row), (b, p.b_row), depth, from, (c, N * S::W));
    M
}
