//! How fast this machine is: barriers, the peak of multiply-adds on registers, and the three products of a layer's time step.
use crate::kernels::{Gradient, Kernels, PEAK_OPERATIONS, Product, Start};
use crate::layout::{GAP, cut, pad};
use crate::memory::Memory;
use crate::threads::{Barrier, Pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Nanoseconds of one barrier among as many threads. None where the system starts no more.
pub fn barrier(threads: usize) -> Option<f64> {
    let stop = Arc::default();
    let (pool, barrier) = (Pool::new(threads, Arc::clone(&stop))?, Barrier::new(threads, stop));
    let (rounds, spent) = (2000, AtomicU64::new(0));
    let work = |thread| {
        barrier.wait();
        let start = Instant::now();
        (0..rounds).for_each(|_| barrier.wait());
        if thread == 0 {
            spent.store(start.elapsed().as_nanos() as u64, Relaxed);
        }
    };
    pool.run(&work).ok()?;
    Some(spent.load(Relaxed) as f64 / rounds as f64)
}

/// Seconds and operations of one measurement, of about a millisecond each. None where the memory cannot be had.
pub fn measure(kernels: &Kernels, name: &str, units: usize, rows: usize) -> Option<(f64, f64)> {
    if name == "peak" {
        let rounds = 20_000;
        let start = Instant::now();
        kernels.peak(rounds, &mut [0.5; 32]);
        return Some((start.elapsed().as_secs_f64(), (PEAK_OPERATIONS * kernels.width * rounds) as f64));
    }
    let width = pad(units);
    let depth = if name == "weights" { rows.max(128) } else { rows };
    let mut memory = Memory::real();
    let (hidden, gates) = (memory.take(depth.checked_mul(width + GAP)?)?, memory.take(depth.checked_mul(4 * width + GAP)?)?);
    let (weights, zeros) = (memory.take(width.checked_mul(4 * width)?)?, memory.take(4 * width)?);
    let (row, gates_row) = (width + GAP, 4 * width + GAP);
    let (gate_panels, unit_panels) = (cut(4 * width / kernels.width, kernels.panel), cut(width / kernels.width, kernels.panel));
    let start = Start { base: zeros.all(), stride: 0, ids: None };
    let (hidden, gates, b) = (hidden.all(), gates.all(), weights.all());
    let operations = 8 * width * width * depth;
    let repeats = (50_000_000 / operations).max(1);
    let begin = Instant::now();
    for _ in 0..repeats {
        match name {
            "forward" => kernels.product(&Product { a: hidden, a_row: row, b, panels: &gate_panels, depth: width, c: gates, c_row: gates_row, rows, start }),
            "backward" => kernels.product(&Product { a: gates, a_row: gates_row, b, panels: &unit_panels, depth: 4 * width, c: hidden, c_row: row, rows, start }),
            _ => kernels.gradient(&Gradient { a: hidden, a_row: row, b: gates, b_row: gates_row, rows: depth, panels: &gate_panels, inputs: width, c: b }),
        }
    }
    Some((begin.elapsed().as_secs_f64(), (operations * repeats) as f64))
}
