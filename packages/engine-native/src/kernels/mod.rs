//! The inner loops, each written once over `Simd` and compiled for each instruction set.
//!
//! `unsafe`: a kernel trusts its operands and its processor. `find` hands out kernels only where the processor has their
//! instructions, and the methods of `Kernels`, which are the only way to call one, check each operand's extent first.
#![allow(unsafe_op_in_unsafe_fn, clippy::missing_safety_doc, clippy::needless_range_loop)]
mod cells;
mod head;
mod math;
mod optimizer;
mod product;
mod sums;

pub use cells::{Cells, Drop};
pub use head::Softmax;
pub use optimizer::{Rule, Update};
pub use product::{Gradient, Product, Start};
pub use sums::{PEAK_OPERATIONS, Scatter, SumRows, Transpose};

use crate::memory::Part;
use crate::simd::Simd;

/// The kernels of one instruction set.
pub struct Kernels {
    pub name: &'static str,
    /// Floats in a vector, and vectors in a panel.
    pub width: usize,
    pub panel: usize,
    product: unsafe fn(&Product),
    gradient: unsafe fn(&Gradient),
    activate: unsafe fn(&Cells),
    cells_backward: unsafe fn(&Cells),
    drop: unsafe fn(&Drop),
    softmax: unsafe fn(&Softmax) -> (f64, u32),
    scatter: unsafe fn(&Scatter),
    sum_rows: unsafe fn(&SumRows),
    add_bias: unsafe fn(Part, Part, Part),
    transpose: unsafe fn(&Transpose),
    reduce: unsafe fn(Part, usize, usize, usize) -> f64,
    update: unsafe fn(&Update),
    peak: unsafe fn(usize, *mut f32),
    function: unsafe fn(u32, *mut f32, usize),
}

impl Kernels {
    pub fn product(&self, p: &Product) {
        p.check(self.width);
        unsafe { (self.product)(p) }
    }
    pub fn gradient(&self, p: &Gradient) {
        p.check(self.width);
        unsafe { (self.gradient)(p) }
    }
    pub fn activate(&self, p: &Cells) {
        p.check();
        unsafe { (self.activate)(p) }
    }
    pub fn cells_backward(&self, p: &Cells) {
        p.check();
        unsafe { (self.cells_backward)(p) }
    }
    pub fn drop(&self, p: &Drop) {
        p.check();
        unsafe { (self.drop)(p) }
    }
    pub fn softmax(&self, p: &Softmax) -> (f64, u32) {
        p.check();
        unsafe { (self.softmax)(p) }
    }
    pub fn scatter(&self, p: &Scatter) {
        p.check();
        unsafe { (self.scatter)(p) }
    }
    pub fn sum_rows(&self, p: &SumRows) {
        p.check();
        unsafe { (self.sum_rows)(p) }
    }
    /// to[row] = from[row] + bias; rows as long as the bias, a multiple of 16.
    pub fn add_bias(&self, from: Part, bias: Part, to: Part) {
        assert!(bias.count() > 0 && bias.count().is_multiple_of(16) && to.count().is_multiple_of(bias.count()));
        from.pointer(to.count());
        unsafe { (self.add_bias)(from, bias, to) }
    }
    pub fn transpose(&self, p: &Transpose) {
        p.check(self.width);
        unsafe { (self.transpose)(p) }
    }
    /// Adds `others` gradients, each `stride` on, to the first `count` numbers; returns the sum of their squares.
    pub fn reduce(&self, gradients: Part, stride: usize, others: usize, count: usize) -> f64 {
        assert!(count.is_multiple_of(16));
        gradients.pointer(others * stride + count);
        unsafe { (self.reduce)(gradients, stride, others, count) }
    }
    pub fn update(&self, p: &Update) {
        p.check();
        unsafe { (self.update)(p) }
    }
    pub fn peak(&self, rounds: usize, scratch: &mut [f32; 32]) {
        unsafe { (self.peak)(rounds, scratch.as_mut_ptr()) }
    }
    /// 0 sigmoid, 1 tanh, 2 exp2 of each number, in place; as many as fill vectors of 16.
    pub fn function(&self, kind: u32, numbers: &mut [f32]) {
        assert!(numbers.len().is_multiple_of(16));
        unsafe { (self.function)(kind, numbers.as_mut_ptr(), numbers.len()) }
    }
}

macro_rules! compile {
    ($module:ident, $simd:ty, $features:meta, $($file:ident::$function:ident($($argument:ident: $kind:ty),*) $(-> $result:ty)?;)*) => {
        mod $module {
            use super::*;
            $(
                #[$features]
                unsafe fn $function($($argument: $kind),*) $(-> $result)? {
                    $file::$function::<$simd>($($argument),*)
                }
            )*
            pub static KERNELS: Kernels =
                Kernels { name: <$simd as Simd>::NAME, width: <$simd as Simd>::W, panel: <$simd as Simd>::NV, $($function),* };
        }
    };
}

macro_rules! instruction_set {
    ($module:ident, $simd:ty, $features:meta) => {
        compile! { $module, $simd, $features,
            product::product(p: &Product);
            product::gradient(p: &Gradient);
            cells::activate(p: &Cells);
            cells::cells_backward(p: &Cells);
            cells::drop(p: &Drop);
            head::softmax(p: &Softmax) -> (f64, u32);
            sums::scatter(p: &Scatter);
            sums::sum_rows(p: &SumRows);
            sums::add_bias(from: Part, bias: Part, to: Part);
            sums::transpose(p: &Transpose);
            optimizer::reduce(gradients: Part, stride: usize, others: usize, count: usize) -> f64;
            optimizer::update(p: &Update);
            sums::peak(rounds: usize, p: *mut f32);
            math::function(kind: u32, p: *mut f32, count: usize);
        }
    };
}

#[cfg(target_arch = "x86_64")]
instruction_set!(avx512, crate::simd::Avx512, target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"));
#[cfg(target_arch = "x86_64")]
instruction_set!(avx2, crate::simd::Avx2, target_feature(enable = "avx2,fma"));
#[cfg(target_arch = "aarch64")]
instruction_set!(neon, crate::simd::Neon, target_feature(enable = "neon"));

/// The kernels that this processor has the instructions for, the fastest first.
#[cfg(target_arch = "x86_64")]
pub fn present() -> Vec<&'static Kernels> {
    use std::arch::is_x86_feature_detected as has;
    fitting([has!("avx2"), has!("fma")], [has!("avx512f"), has!("avx512dq"), has!("avx512bw"), has!("avx512vl")])
}

/// Those for a processor that has, or lacks, AVX2 and FMA, and the parts of AVX-512.
#[cfg(target_arch = "x86_64")]
fn fitting(narrow: [bool; 2], wide: [bool; 4]) -> Vec<&'static Kernels> {
    match (narrow == [true; 2], wide == [true; 4]) {
        (true, true) => vec![&avx512::KERNELS, &avx2::KERNELS],
        (true, false) => vec![&avx2::KERNELS],
        (false, _) => vec![],
    }
}

/// Every processor of this kind has NEON.
#[cfg(target_arch = "aarch64")]
pub fn present() -> Vec<&'static Kernels> {
    vec![&neon::KERNELS]
}

pub fn find(name: &str) -> Option<&'static Kernels> {
    present().into_iter().find(|kernels| kernels.name == name)
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::*;

    #[test]
    fn a_processor_gets_only_kernels_whose_instructions_it_has_all_of() {
        let names = |narrow, wide| fitting(narrow, wide).iter().map(|kernels| kernels.name).collect::<Vec<_>>();
        assert_eq!(names([true; 2], [true; 4]), ["avx512", "avx2"]);
        for lacking in 0..4 {
            let mut wide = [true; 4];
            wide[lacking] = false;
            assert_eq!(names([true; 2], wide), ["avx2"]);
        }
        for narrow in [[false, false], [true, false], [false, true]] {
            assert!(names(narrow, [true; 4]).is_empty());
        }
    }
}
