//! One thread's rows of a batch: forward, head and backward over them, layer by layer and time step by time step.
use crate::engine::{Batch, Dropout, Engine, Step};
use crate::kernels::{Cells, Drop, Gradient, Product, Scatter, Softmax, Start, SumRows};
use crate::layout::{GAP, LayerLayout, Layout, Shape};
use crate::memory::{Floats, Memory, Part};

/// Rows of the head, and of a weights' gradient, that are computed together.
const CHUNK: usize = 128;

/// What a thread keeps of a batch. Rows are rows, `[time][row][numbers]`.
struct LayerBuffers {
    gates: Floats,
    /// One time step more, the first the state before.
    cells: Floats,
    hidden: Floats,
    tanh_cells: Floats,
    /// `hidden` without what was dropped; empty where nothing is.
    dropped: Floats,
    /// The gradient of the layer's output.
    given: Floats,
}

pub struct Share {
    first: usize,
    rows: usize,
    length: usize,
    batch_rows: usize,
    /// Of the whole batch.
    predictions: usize,
    /// `[time][row]`.
    ids: Vec<u32>,
    targets: Vec<u32>,
    layers: Vec<LayerBuffers>,
    logits: Floats,
    dh: Floats,
    dc: Floats,
}

impl Share {
    pub fn new(shape: &Shape, layout: &Layout, memory: &mut Memory) -> Option<Self> {
        let rows = shape.rows.div_ceil(4).div_ceil(shape.threads) * 4;
        let mut slabs = |count: usize, row: usize| memory.take(count.checked_mul(rows)?.checked_mul(row)?);
        let length = shape.length;
        // Scoring looks back at nothing but the state.
        let kept = if shape.training { length } else { 1 };
        let trained = |count: usize| if shape.training { count } else { 0 };
        let layers = layout.layers.iter().enumerate().map(|(index, layer)| -> Option<LayerBuffers> {
            let is_single = index + 1 == layout.layers.len() && !shape.sequence;
            Some(LayerBuffers {
                gates: slabs(kept, layer.gates_row())?,
                cells: slabs(length + 1, layer.row())?,
                hidden: slabs(length + 1, layer.row())?,
                tanh_cells: slabs(kept, layer.row())?,
                dropped: slabs(if shape.dropout { trained(length) } else { 0 }, layer.row())?,
                given: slabs(trained(if is_single { 1 } else { length }), layer.row())?,
            })
        });
        let layers = layers.collect::<Option<_>>()?;
        let widest = layout.layers.iter().map(LayerLayout::row).max()?;
        let (dh, dc) = (slabs(trained(1), widest)?, slabs(trained(1), widest)?);
        Some(Self {
            first: 0,
            rows: 0,
            length: 0,
            batch_rows: 0,
            predictions: 0,
            ids: memory.take_ids(rows.checked_mul(length)?)?,
            targets: memory.take_ids(rows.checked_mul(if shape.sequence { length } else { 1 })?)?,
            layers,
            logits: memory.take(CHUNK.checked_mul(layout.columns + GAP)?)?,
            dh,
            dc,
        })
    }

    /// Takes rows `first..end` of a batch with so many predictions.
    pub fn take(&mut self, batch: &Batch, first: usize, end: usize, is_sequence: bool, predictions: usize) {
        let length = batch.length;
        (self.first, self.rows, self.length, self.batch_rows) = (first, end - first, length, batch.rows);
        self.predictions = predictions;
        self.ids.clear();
        self.targets.clear();
        for time in 0..length {
            self.ids.extend((first..end).map(|row| batch.inputs[row * length + time]));
            if is_sequence {
                self.targets.extend((first..end).map(|row| batch.targets[row * length + time]));
            }
        }
        if !is_sequence {
            self.targets.extend_from_slice(&batch.targets[first..end]);
        }
    }

    /// Forward and, with a gradient to add to, backward; returns the sum of the losses, and the hits.
    pub fn pass(&self, engine: &Engine, step: &Step, states: Option<&[[Floats; 2]]>, gradient: Option<Part>) -> (f64, u32) {
        if self.rows == 0 {
            return (0.0, 0);
        }
        let pass = Pass { share: self, engine, dropout: step.dropout.as_ref(), states };
        for index in 0..self.layers.len() {
            pass.forward(index);
        }
        let result = pass.head(gradient);
        if let Some(gradient) = gradient {
            for index in (0..self.layers.len()).rev() {
                pass.backward(index, gradient);
            }
        }
        result
    }
}

/// A pass of one thread over its rows.
struct Pass<'a> {
    share: &'a Share,
    engine: &'a Engine,
    dropout: Option<&'a Dropout>,
    /// The carried states, of steps that continue them.
    states: Option<&'a [[Floats; 2]]>,
}

impl Pass<'_> {
    fn layer(&self, index: usize) -> (&LayerLayout, &LayerBuffers) {
        (&self.engine.layout.layers[index], &self.share.layers[index])
    }

    /// What the layer above reads: `[time][row]`.
    fn output(&self, index: usize) -> Part {
        let (layout, buffers) = self.layer(index);
        match self.dropout {
            Some(_) => buffers.dropped.all(),
            None => buffers.hidden.all().from(self.share.rows * layout.row()),
        }
    }

    fn zeros(&self) -> Start<'_> {
        Start { base: self.engine.storage.derived.zeros.all(), stride: 0, ids: None }
    }

    fn drop(&self, index: usize, time: usize, from: Part, to: Part) {
        let Some(dropout) = self.dropout else { return };
        let (layout, share) = (self.layer(index).0, self.share);
        // Elements are numbered as the WebAssembly engine does, whose units are padded to fours.
        let numbered = layout.units.next_multiple_of(4) as u32;
        let row = (time as u32).wrapping_mul(share.batch_rows as u32).wrapping_add(share.first as u32);
        self.engine.kernels.drop(&Drop {
            from,
            to,
            row: layout.row(),
            rows: share.rows,
            units: layout.width,
            numbered,
            first: row.wrapping_mul(numbered),
            key: dropout.keys[index],
            threshold: dropout.threshold,
            scale: dropout.scale,
        });
    }

    fn forward(&self, index: usize) {
        let Self { share, engine, .. } = self;
        let (layout, buffers) = self.layer(index);
        let (weights, rows) = (engine.storage.weights.all(), share.rows);
        let (row, gates_row) = (layout.row(), layout.gates_row());
        let [hidden, cells] = [buffers.hidden.all(), buffers.cells.all()];
        let carried = self.states.map(|states| {
            let [h, c] = &states[index];
            [h.all().cut(share.first * row, rows * row), c.all().cut(share.first * row, rows * row)]
        });
        if let Some([h, c]) = carried {
            hidden.cut(0, rows * row).copy_from(h);
            cells.cut(0, rows * row).copy_from(c);
        } else {
            hidden.cut(0, rows * row).clear();
            cells.cut(0, rows * row).clear();
        }
        for time in 0..share.length {
            engine.barrier.check();
            let at = time * rows;
            let kept = if engine.shape.training { at } else { 0 };
            let gates = buffers.gates.all().from(kept * gates_row);
            let start = if index == 0 {
                Start { base: engine.storage.derived.table.all(), stride: 4 * layout.width, ids: Some(&share.ids[at..at + rows]) }
            } else {
                engine.kernels.product(&Product {
                    a: self.output(index - 1).from(at * (layout.below + GAP)),
                    a_row: layout.below + GAP,
                    b: weights.from(layout.kernel),
                    panels: &layout.gate_panels,
                    depth: layout.below,
                    c: gates,
                    c_row: gates_row,
                    rows,
                    start: Start { base: weights.from(layout.bias), stride: 0, ids: None },
                });
                Start { base: gates, stride: gates_row, ids: None }
            };
            if time > 0 || carried.is_some() {
                engine.kernels.product(&Product {
                    a: hidden.from(at * row),
                    a_row: row,
                    b: weights.from(layout.recurrent),
                    panels: &layout.gate_panels,
                    depth: layout.width,
                    c: gates,
                    c_row: gates_row,
                    rows,
                    start,
                });
            } else if let Some(ids) = start.ids {
                // A state of zero adds nothing: the look-up alone.
                for (each, id) in ids.iter().enumerate() {
                    let count = 4 * layout.width;
                    gates.cut(each * gates_row, count).copy_from(start.base.cut(*id as usize * count, count));
                }
            }
            engine.kernels.activate(&Cells {
                gates,
                gates_row,
                before: cells.from(at * row),
                cells: cells.from((at + rows) * row),
                tanh_cells: buffers.tanh_cells.all().from(kept * row),
                hidden: hidden.from((at + rows) * row),
                row,
                rows,
                units: layout.width,
            });
            if self.dropout.is_some() {
                self.drop(index, time, hidden.from((at + rows) * row), buffers.dropped.all().from(at * row));
            }
        }
        if let Some([h, c]) = carried {
            h.copy_from(hidden.cut(share.length * rows * row, rows * row));
            c.copy_from(cells.cut(share.length * rows * row, rows * row));
        }
    }

    fn head(&self, gradient: Option<Part>) -> (f64, u32) {
        let Self { share, engine, .. } = self;
        let (layout, kernels, weights) = (&engine.layout, engine.kernels, engine.storage.weights.all());
        let top = layout.top();
        let (index, row, logits_row) = (layout.layers.len() - 1, top.row(), layout.columns + GAP);
        let last = if engine.shape.sequence { 0 } else { (share.length - 1) * share.rows * row };
        let output = self.output(index).from(last);
        let (mut loss, mut correct) = (0.0, 0);
        for (chunk, targets) in share.targets.chunks(CHUNK).enumerate() {
            engine.barrier.check();
            let (a, rows, logits) = (output.from(chunk * CHUNK * row), targets.len(), share.logits.all());
            kernels.product(&Product {
                a,
                a_row: row,
                b: weights.from(layout.dense),
                panels: &layout.dense_panels,
                depth: top.width,
                c: logits,
                c_row: logits_row,
                rows,
                start: Start { base: weights.from(layout.dense_bias), stride: 0, ids: None },
            });
            let scale = 1.0 / share.predictions as f32;
            let (lost, hits) = kernels.softmax(&Softmax { logits, row: logits_row, columns: engine.shape.vocabulary, targets, scale });
            loss += lost;
            correct += hits;
            let Some(gradient) = gradient else { continue };
            kernels.product(&Product {
                a: logits,
                a_row: logits_row,
                b: engine.storage.derived.dense.all(),
                panels: &top.unit_panels,
                depth: layout.columns,
                c: share.layers[index].given.all().from(chunk * CHUNK * row),
                c_row: row,
                rows,
                start: self.zeros(),
            });
            let c = gradient.from(layout.dense);
            kernels.gradient(&Gradient { a, a_row: row, b: logits, b_row: logits_row, rows, panels: &layout.dense_panels, inputs: top.width, c });
            let sums = gradient.cut(layout.dense_bias, layout.columns);
            kernels.sum_rows(&SumRows { from: logits, row: logits_row, rows, sums });
        }
        (loss, correct)
    }

    fn backward(&self, index: usize, gradient: Part) {
        let Self { share, engine, .. } = self;
        let layout = self.layer(index).0;
        share.dc.all().cut(0, share.rows * layout.row()).clear();
        let steps = (CHUNK / share.rows).max(1);
        let mut end = share.length;
        while end > 0 {
            let begin = end.saturating_sub(steps);
            for time in (begin..end).rev() {
                engine.barrier.check();
                self.step_back(index, time);
            }
            self.weights_gradient(index, begin, end, gradient);
            end = begin;
        }
        if index == 0 {
            // Each row looked up one row of the table, so the table's gradient sums up to the bias's.
            let row = 4 * layout.width;
            let sums = gradient.cut(layout.bias, row);
            let from = gradient.from(layout.kernel);
            engine.kernels.sum_rows(&SumRows { from, row, rows: engine.shape.vocabulary, sums });
        }
    }

    /// Gradients of one time step's gates, in place of the gates.
    fn step_back(&self, index: usize, time: usize) {
        let Self { share, engine, .. } = self;
        let (layout, buffers) = self.layer(index);
        let (rows, row, gates_row, at) = (share.rows, layout.row(), layout.gates_row(), time * share.rows);
        let is_single = index + 1 == share.layers.len() && !engine.shape.sequence;
        let is_last = time + 1 == share.length;
        let given = if !is_single {
            Some(buffers.given.all().from(at * row))
        } else if is_last {
            Some(buffers.given.all())
        } else {
            None
        };
        if let Some(given) = given {
            self.drop(index, time, given, given);
        }
        let hidden = if is_last {
            given.expect("the last time step has a gradient")
        } else {
            let start = given.map_or(self.zeros(), |base| Start { base, stride: row, ids: None });
            let c = share.dh.all();
            engine.kernels.product(&Product {
                a: buffers.gates.all().from((at + rows) * gates_row),
                a_row: gates_row,
                b: engine.storage.derived.recurrent[index].all(),
                panels: &layout.unit_panels,
                depth: 4 * layout.width,
                c,
                c_row: row,
                rows,
                start,
            });
            c
        };
        engine.kernels.cells_backward(&Cells {
            gates: buffers.gates.all().from(at * gates_row),
            gates_row,
            before: buffers.cells.all().from(at * row),
            cells: share.dc.all(),
            tanh_cells: buffers.tanh_cells.all().from(at * row),
            hidden,
            row,
            rows,
            units: layout.width,
        });
    }

    /// What the gates' gradients of time steps `begin..end` add to the weights', and what they give to the layer below.
    fn weights_gradient(&self, index: usize, begin: usize, end: usize, gradient: Part) {
        let Self { share, engine, .. } = self;
        let (layout, buffers) = self.layer(index);
        let (kernels, row, gates_row) = (engine.kernels, layout.row(), layout.gates_row());
        let (at, rows) = (begin * share.rows, (end - begin) * share.rows);
        let gates = buffers.gates.all();
        let panels = &layout.gate_panels;
        // The state before a window is zero, and so is its share of the gradient.
        let skipped = if begin == 0 && !engine.shape.sequence { share.rows } else { 0 };
        if rows > skipped {
            let from = at + skipped;
            let (a, b) = (buffers.hidden.all().from(from * row), gates.from(from * gates_row));
            let c = gradient.from(layout.recurrent);
            kernels.gradient(&Gradient { a, a_row: row, b, b_row: gates_row, rows: rows - skipped, panels, inputs: layout.width, c });
        }
        let b = gates.from(at * gates_row);
        if index == 0 {
            let (ids, table) = (&share.ids[at..at + rows], gradient.from(layout.kernel));
            kernels.scatter(&Scatter { ids, from: b, row: gates_row, table, count: 4 * layout.width });
            return;
        }
        let below_row = layout.below + GAP;
        let a = self.output(index - 1).from(at * below_row);
        let c = gradient.from(layout.kernel);
        kernels.gradient(&Gradient { a, a_row: below_row, b, b_row: gates_row, rows, panels, inputs: layout.below, c });
        kernels.sum_rows(&SumRows { from: b, row: gates_row, rows, sums: gradient.cut(layout.bias, 4 * layout.width) });
        kernels.product(&Product {
            a: b,
            a_row: gates_row,
            b: engine.storage.derived.inputs[index].all(),
            panels: &layout.below_panels,
            depth: 4 * layout.width,
            c: share.layers[index - 1].given.all().from(at * below_row),
            c_row: below_row,
            rows,
            start: self.zeros(),
        });
    }
}
