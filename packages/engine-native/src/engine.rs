//! A model in memory and its training step: which kernel runs on what, in which order and on which thread.
use crate::kernels::{Kernels, Rule, Transpose, Update};
use crate::layout::{Layout, Shape};
use crate::memory::{Floats, Memory, Part};
use crate::share::Share;
use crate::storage::Storage;
use crate::threads::{Barrier, Panic, Pool};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::*};

/// The target of a place that only pads: nothing is predicted there.
pub const NO_TARGET: u32 = u32::MAX;

/// Ids of a batch, `[rows][length]`, and the targets, `[rows]` or `[rows][length]`; all inside the vocabulary, or `NO_TARGET`.
pub struct Batch {
    pub inputs: Vec<u32>,
    pub targets: Vec<u32>,
    pub rows: usize,
    pub length: usize,
}

/// Of one step: a layer's element is dropped where its hash is below the threshold.
#[derive(Clone)]
pub struct Dropout {
    pub threshold: u32,
    pub scale: f32,
    pub keys: Vec<u32>,
}

/// How a step changes the weights; the rest of `Update` is the engine's.
#[derive(Clone, Copy)]
pub struct Optimizer {
    pub rule: Rule,
    pub momentum: f32,
    pub square: f32,
    pub epsilon: f32,
    pub rate: f32,
    pub decay: f32,
    /// 0 does not clip.
    pub clip: f64,
}

pub struct Step {
    pub batch: Batch,
    pub dropout: Option<Dropout>,
    /// None scores.
    pub optimizer: Option<Optimizer>,
}

#[derive(Clone, Copy, Default)]
pub struct Outcome {
    /// Sums over the predictions.
    pub loss: f64,
    pub correct: u32,
    pub norm: f64,
    /// Whether the weights were changed: both loss and norm are finite.
    pub applied: bool,
}

/// What each thread leaves of a step for the others.
#[derive(Default)]
pub struct Tally {
    loss: AtomicU64,
    squares: AtomicU64,
    correct: AtomicU32,
}

pub struct Engine {
    pub shape: Shape,
    pub layout: Layout,
    pub kernels: &'static Kernels,
    pub barrier: Barrier,
    /// No two engines of a process have the same.
    pub number: usize,
    /// Of all numbers, and of what they and those of its streams may be at most.
    pub bytes: usize,
    pub limit: usize,
    pub storage: Storage,
    pool: Pool,
    shares: Vec<Share>,
    tallies: Vec<Tally>,
}

/// Why an engine cannot be made.
#[derive(Debug)]
pub enum Refusal {
    Memory { bytes: usize },
    Threads,
}

impl Engine {
    /// An engine of at most `limit` bytes.
    pub fn new(shape: Shape, kernels: &'static Kernels, limit: usize, stop: Arc<AtomicBool>) -> Result<Self, Refusal> {
        let layout = Layout::new(&shape, kernels.width, kernels.panel).ok_or(Refusal::Memory { bytes: usize::MAX })?;
        let allocate = |memory: &mut Memory| {
            let shares = (0..shape.threads).map(|_| Share::new(&shape, &layout, memory)).collect::<Option<Vec<_>>>()?;
            Some((Storage::new(&shape, &layout, memory)?, shares))
        };
        // First only counted: what the system would give but not have ends programs without a word.
        let mut counted = Memory::counting();
        let bytes = allocate(&mut counted).map_or(usize::MAX, |_| counted.bytes());
        if bytes > limit {
            return Err(Refusal::Memory { bytes });
        }
        let (storage, shares) = allocate(&mut Memory::real()).ok_or(Refusal::Memory { bytes })?;
        let pool = Pool::new(shape.threads, stop.clone()).ok_or(Refusal::Threads)?;
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Relaxed);
        let tallies = (0..shape.threads).map(|_| Tally::default()).collect();
        Ok(Self { number, bytes, limit, barrier: Barrier::new(shape.threads, stop), pool, storage, shares, tallies, kernels, layout, shape })
    }

    /// The weights, or a slot of the optimizer.
    pub fn numbers(&self, slot: Option<usize>) -> Option<Part> {
        match slot {
            None => Some(self.storage.weights.all()),
            Some(slot) => self.storage.slots.get(slot).map(Floats::all),
        }
    }

    /// Refreshes what follows from the weights.
    pub fn refresh(&self) {
        for thread in 0..self.shape.threads {
            self.derive(thread);
        }
    }

    /// Has all threads take a step; an error is what one panicked with.
    pub fn run(&mut self, step: &Step) -> Result<Outcome, Panic> {
        let predictions = step.batch.targets.iter().filter(|target| **target != NO_TARGET).count();
        let (shape, mut first) = (&self.shape, 0);
        for (thread, share) in self.shares.iter_mut().enumerate() {
            // Threads share rows by fours: fewer would not fill a product's tiles.
            let end = (step.batch.rows.div_ceil(4) * (thread + 1) / shape.threads * 4).min(step.batch.rows);
            share.take(&step.batch, first, end, shape.sequence, predictions);
            first = end;
        }
        let this = &*self;
        this.pool.run(&|thread| this.work(thread, step))?;
        Ok(self.outcome(step.optimizer.is_some()))
    }

    fn outcome(&self, is_training: bool) -> Outcome {
        let total = |field: fn(&Tally) -> &AtomicU64| self.tallies.iter().map(|tally| f64::from_bits(field(tally).load(Relaxed))).sum::<f64>();
        let (loss, norm) = (total(|tally| &tally.loss), total(|tally| &tally.squares).sqrt());
        let correct = self.tallies.iter().map(|tally| tally.correct.load(Relaxed)).sum();
        Outcome { loss, correct, norm, applied: is_training && loss.is_finite() && norm.is_finite() }
    }

    fn work(&self, thread: usize, step: &Step) {
        let share = &self.shares[thread];
        // Scoring begins each row anew, and so do windows.
        let states = (self.shape.sequence && step.optimizer.is_some()).then_some(self.storage.states.as_slice());
        let gradient = step.optimizer.map(|_| self.storage.gradients.all().cut(thread * self.storage.stride, self.layout.end));
        if let Some(gradient) = gradient {
            gradient.clear();
        }
        let (loss, correct) = share.pass(self, step, states, gradient);
        self.tallies[thread].loss.store(loss.to_bits(), Relaxed);
        self.tallies[thread].correct.store(correct, Relaxed);
        self.barrier.wait();
        if let Some(optimizer) = step.optimizer {
            self.optimize(thread, &optimizer);
        }
    }

    /// Adds up a range of all threads' gradients, in the order of the threads, and applies the rule to it once the norm is known.
    fn optimize(&self, thread: usize, optimizer: &Optimizer) {
        let (threads, gradients) = (self.shape.threads, self.storage.gradients.all());
        let edge = |thread: usize| self.layout.end / 16 * thread / threads * 16;
        let (from, count) = (edge(thread), edge(thread + 1) - edge(thread));
        let squares = self.kernels.reduce(gradients.from(from), self.storage.stride, threads - 1, count);
        self.tallies[thread].squares.store(squares.to_bits(), Relaxed);
        self.barrier.wait();
        let Outcome { norm, applied, .. } = self.outcome(true);
        if !applied {
            return;
        }
        let Optimizer { rule, momentum, square, epsilon, rate, decay, clip } = *optimizer;
        let slot = |index: usize| self.storage.slots.get(index).map_or(self.storage.weights.all().cut(0, 0), |slot| slot.all().cut(from, count));
        let scale = if clip > 0.0 { (clip / norm.max(clip)) as f32 } else { 1.0 };
        let (weights, gradient) = (self.storage.weights.all().cut(from, count), gradients.from(from));
        let (first, second) = (slot(0), slot(1));
        self.kernels.update(&Update { rule, weights, gradient, first, second, scale, rate, decay, momentum, square, epsilon });
        self.barrier.wait();
        self.derive(thread);
    }

    /// One thread's share of what follows from the weights.
    fn derive(&self, thread: usize) {
        let (threads, weights) = (self.shape.threads, self.storage.weights.all());
        let transpose = |from: usize, inputs: usize, panels, to: &Floats, columns: usize, targets: &[_]| {
            for target in targets.iter().skip(thread).step_by(threads) {
                self.kernels.transpose(&Transpose { from: weights.from(from), panels, inputs, to: to.all(), columns, target: *target });
            }
        };
        if self.shape.training {
            for (layer, (recurrent, input)) in self.layout.layers.iter().zip(self.storage.derived.recurrent.iter().zip(&self.storage.derived.inputs)) {
                transpose(layer.recurrent, layer.width, &layer.gate_panels, recurrent, 4 * layer.width, &layer.unit_panels);
                transpose(layer.kernel, layer.below, &layer.gate_panels, input, 4 * layer.width, &layer.below_panels);
            }
            let top = self.layout.top();
            transpose(self.layout.dense, top.width, &self.layout.dense_panels, &self.storage.derived.dense, self.layout.columns, &top.unit_panels);
        }
        let (first, vocabulary) = (&self.layout.layers[0], self.shape.vocabulary);
        let row = 4 * first.width;
        let edge = |thread: usize| vocabulary * thread / threads * row;
        let count = edge(thread + 1) - edge(thread);
        let kernel = weights.cut(first.kernel + edge(thread), count);
        self.kernels.add_bias(kernel, weights.cut(first.bias, row), self.storage.derived.table.all().cut(edge(thread), count));
    }
}
