//! The numbers that all threads of an engine share.
use crate::layout::{Layout, Shape};
use crate::memory::{Floats, Memory};

pub struct Storage {
    pub weights: Floats,
    /// One of all threads after the other, each `stride` floats long.
    pub gradients: Floats,
    pub stride: usize,
    pub slots: Vec<Floats>,
    pub derived: Derived,
    /// What training carries per layer: hidden, cells; `[rows][row]`.
    pub states: Vec<[Floats; 2]>,
}

/// What is kept beside the weights and follows from them.
pub struct Derived {
    /// The first layer's kernel with its bias added to each row.
    pub table: Floats,
    /// Transposed copies; of training alone.
    pub recurrent: Vec<Floats>,
    pub inputs: Vec<Floats>,
    pub dense: Floats,
    pub zeros: Floats,
}

impl Storage {
    /// None where the memory cannot be had.
    pub fn new(shape: &Shape, layout: &Layout, memory: &mut Memory) -> Option<Self> {
        let stride = layout.end.checked_next_multiple_of(1024)? + 32;
        let trained = |count: usize| if shape.training { count } else { 0 };
        let widest = layout.layers.iter().map(|layer| 4 * layer.width).max()?.max(layout.columns);
        let mut each = |count: fn(&crate::layout::LayerLayout) -> usize| {
            layout.layers.iter().map(|layer| memory.take(trained(count(layer)))).collect::<Option<Vec<_>>>()
        };
        let recurrent = each(|layer| 4 * layer.width * layer.width)?;
        let inputs = each(|layer| 4 * layer.width * layer.below)?;
        let rows = if shape.training && shape.sequence { shape.rows } else { 0 };
        let mut pair = |row: usize| Some([memory.take(rows.checked_mul(row)?)?, memory.take(rows * row)?]);
        let states = layout.layers.iter().map(|layer| pair(layer.row())).collect::<Option<_>>()?;
        Some(Self {
            weights: memory.take(layout.end)?,
            gradients: memory.take(trained(stride.checked_mul(shape.threads)?))?,
            stride,
            slots: (0..shape.slots).map(|_| memory.take(layout.end)).collect::<Option<_>>()?,
            derived: Derived {
                table: memory.take(shape.vocabulary.checked_mul(4 * layout.layers[0].width)?)?,
                recurrent,
                inputs,
                dense: memory.take(trained(layout.top().width.checked_mul(layout.columns)?))?,
                zeros: memory.take(widest)?,
            },
            states,
        })
    }
}
