//! Texts that move on together, character by character, each with a state of its own.
use crate::engine::Engine;
use crate::kernels::{Cells, Product, Start};
use crate::layout::{GAP, LayerLayout};
use crate::memory::{Floats, Memory, Part};

struct StreamLayer {
    gates: Floats,
    /// States; `[rows][row]`.
    hidden: Floats,
    cells: Floats,
    tanh_cells: Floats,
}

pub struct Stream {
    /// Of the engine that it is for.
    engine: usize,
    rows: usize,
    layers: Vec<StreamLayer>,
    logits: Floats,
    pub bytes: usize,
}

impl Stream {
    /// A stream of `rows` texts, each from a state of zero; where the memory cannot be had, how many bytes it would be with the engine's.
    pub fn new(engine: &Engine, rows: usize) -> Result<Self, usize> {
        let mut counted = Memory::counting();
        let all = Self::take(engine, rows, &mut counted).map_or(usize::MAX, |_| counted.bytes().saturating_add(engine.bytes));
        if all > engine.limit {
            return Err(all);
        }
        let mut stream = Self::take(engine, rows, &mut Memory::real()).ok_or(all)?;
        stream.bytes = counted.bytes();
        Ok(stream)
    }

    fn take(engine: &Engine, rows: usize, memory: &mut Memory) -> Option<Self> {
        let mut slab = |row: usize| memory.take(rows.checked_mul(row)?);
        let layer = |layout: &LayerLayout| {
            let gates = slab(layout.gates_row())?;
            Some(StreamLayer { gates, hidden: slab(layout.row())?, cells: slab(layout.row())?, tanh_cells: slab(layout.row())? })
        };
        let layers = engine.layout.layers.iter().map(layer).collect::<Option<_>>()?;
        Some(Self { engine: engine.number, rows, layers, logits: slab(engine.layout.columns + GAP)?, bytes: 0 })
    }

    /// Whether it was made for this engine, and takes so many ids, of its vocabulary.
    pub fn fits(&self, engine: &Engine, ids: &[u32]) -> bool {
        self.engine == engine.number && ids.len() == self.rows && ids.iter().all(|id| (*id as usize) < engine.shape.vocabulary)
    }

    /// Of the state; 0 where it was made for another engine.
    pub fn numbers(&self, engine: &Engine) -> usize {
        if self.engine == engine.number { 2 * self.rows * engine.shape.units.iter().sum::<usize>() } else { 0 }
    }

    /// Reads one character of each text; writes the logits of the next ones, `[rows][vocabulary]`.
    pub fn step(&mut self, engine: &Engine, ids: &[u32], logits: &mut [f32]) {
        assert!(self.fits(engine, ids));
        let (kernels, weights, rows) = (engine.kernels, engine.storage.weights.all(), self.rows);
        for (index, (layout, layer)) in engine.layout.layers.iter().zip(&self.layers).enumerate() {
            let (gates, gates_row, row) = (layer.gates.all(), layout.gates_row(), layout.row());
            let add = |a: Part, a_row: usize, depth: usize, b: usize, start: Start| {
                let (b, panels) = (weights.from(b), &layout.gate_panels);
                kernels.product(&Product { a, a_row, b, panels, depth, c: gates, c_row: gates_row, rows, start });
            };
            let start = if index == 0 {
                Start { base: engine.storage.derived.table.all(), stride: 4 * layout.width, ids: Some(ids) }
            } else {
                let bias = Start { base: weights.from(layout.bias), stride: 0, ids: None };
                add(self.layers[index - 1].hidden.all(), layout.below + GAP, layout.below, layout.kernel, bias);
                Start { base: gates, stride: gates_row, ids: None }
            };
            add(layer.hidden.all(), row, layout.width, layout.recurrent, start);
            let (cells, tanh_cells, hidden) = (layer.cells.all(), layer.tanh_cells.all(), layer.hidden.all());
            kernels.activate(&Cells { gates, gates_row, before: cells, cells, tanh_cells, hidden, row, rows, units: layout.width });
        }
        let (layout, top) = (&engine.layout, engine.layout.top());
        let (from, row) = (self.logits.all(), layout.columns + GAP);
        kernels.product(&Product {
            a: self.layers[self.layers.len() - 1].hidden.all(),
            a_row: top.row(),
            b: weights.from(layout.dense),
            panels: &layout.dense_panels,
            depth: top.width,
            c: from,
            c_row: row,
            rows,
            start: Start { base: weights.from(layout.dense_bias), stride: 0, ids: None },
        });
        for (index, to) in logits.chunks_exact_mut(engine.shape.vocabulary).enumerate() {
            from.cut(index * row, to.len()).read(to);
        }
    }

    /// Visits the state number by number, `[layers][h, c][rows][units]`: where it lies, and at which place.
    pub fn each(&self, engine: &Engine, mut visit: impl FnMut(Part, usize)) {
        for (layout, layer) in engine.layout.layers.iter().zip(&self.layers) {
            for part in [layer.hidden.all(), layer.cells.all()] {
                for row in 0..self.rows {
                    (0..layout.units).for_each(|unit| visit(part, row * layout.row() + unit));
                }
            }
        }
    }
}
