//! Where each number lies. A gate row is `[block of 16 units][i f c o][16]` on every instruction set, so that activations need no
//! shuffles and sums keep one order. Weights are packed panels `[panel][input][columns]`, as products read them; gradients and
//! slots lie like the weights. Units and characters are padded to whole blocks, with numbers that stay zero.

/// Units whose gates lie together.
pub const BLOCK: usize = 16;

/// Floats between rows, so that rows do not meet in the same sets of a cache.
pub const GAP: usize = 16;

/// Columns that a product computes together: `count` vectors from vector `first` on.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    pub first: usize,
    pub count: usize,
}

/// `vectors` cut into panels of at most `most`, as even as can be.
pub fn cut(vectors: usize, most: usize) -> Vec<Panel> {
    let count = vectors.div_ceil(most);
    let edge = |panel: usize| vectors * panel / count;
    (0..count).map(|panel| Panel { first: edge(panel), count: edge(panel + 1) - edge(panel) }).collect()
}

pub const fn pad(count: usize) -> usize {
    count.next_multiple_of(BLOCK)
}

/// What an engine is made for.
#[derive(Clone, Debug)]
pub struct Shape {
    pub vocabulary: usize,
    pub units: Vec<usize>,
    /// A loss at every character and a carried state, or a loss at the last one and a state of zero.
    pub sequence: bool,
    /// Of the largest batch.
    pub rows: usize,
    pub length: usize,
    /// Or only scoring.
    pub training: bool,
    pub dropout: bool,
    /// Of the optimizer.
    pub slots: usize,
    pub threads: usize,
}

/// A tensor of Keras's: its extent, and where its numbers lie.
pub struct Tensor {
    pub offset: usize,
    pub height: usize,
    /// For each column: where its first number lies, and how far it is to that of the next row.
    columns: Vec<(usize, usize)>,
}

impl Tensor {
    pub fn count(&self) -> usize {
        self.height * self.columns.len()
    }
    /// Visits each number: its place here, in the order of Keras's layout.
    pub fn each(&self, mut visit: impl FnMut(usize)) {
        for row in 0..self.height {
            for (start, step) in &self.columns {
                visit(self.offset + start + row * step);
            }
        }
    }
}

pub struct LayerLayout {
    pub units: usize,
    /// Padded width, and that of what it reads: of the layer below; 0 for the first, which reads characters.
    pub width: usize,
    pub below: usize,
    pub kernel: usize,
    pub recurrent: usize,
    pub bias: usize,
    /// Panels of its gates, of its units and of the units below.
    pub gate_panels: Vec<Panel>,
    pub unit_panels: Vec<Panel>,
    pub below_panels: Vec<Panel>,
}

impl LayerLayout {
    /// Floats from row to row of its gates and of its states.
    pub fn gates_row(&self) -> usize {
        4 * self.width + GAP
    }
    pub fn row(&self) -> usize {
        self.width + GAP
    }
}

pub struct Layout {
    pub layers: Vec<LayerLayout>,
    pub dense: usize,
    pub dense_bias: usize,
    /// Padded characters, and their panels.
    pub columns: usize,
    pub dense_panels: Vec<Panel>,
    /// In Keras's order.
    pub tensors: Vec<Tensor>,
    /// Numbers in all, a multiple of 16.
    pub end: usize,
}

impl Layout {
    /// None where the numbers cannot even be counted.
    pub fn new(shape: &Shape, width: usize, panel: usize) -> Option<Self> {
        let mut layout =
            Self { layers: vec![], dense: 0, dense_bias: 0, columns: pad(shape.vocabulary), dense_panels: vec![], tensors: vec![], end: 0 };
        let mut below = 0;
        for &units in &shape.units {
            let padded = pad(units);
            let gate_panels = cut(4 * padded / width, panel);
            let gate_columns: Vec<usize> =
                (0..4 * units).map(|column| (column % units / BLOCK * 4 + column / units) * BLOCK + column % units % BLOCK).collect();
            let table = || gate_columns.iter().map(|column| (*column, 4 * padded)).collect::<Vec<_>>();
            let packed = |inputs: usize| gate_columns.iter().map(|column| place(&gate_panels, width, inputs, *column)).collect::<Vec<_>>();
            let kernel = match below {
                0 => layout.add(shape.vocabulary, shape.vocabulary, 4 * padded, table())?,
                _ => layout.add(below, pad(below), 4 * padded, packed(pad(below)))?,
            };
            let recurrent = layout.add(units, padded, 4 * padded, packed(padded))?;
            let bias = layout.add(1, 1, 4 * padded, table())?;
            let (unit_panels, below_panels) = (cut(padded / width, panel), cut(pad(below) / width, panel));
            layout.layers.push(LayerLayout { units, width: padded, below: pad(below), kernel, recurrent, bias, gate_panels, unit_panels, below_panels });
            below = units;
        }
        layout.dense_panels = cut(layout.columns / width, panel);
        let dense = (0..shape.vocabulary).map(|column| place(&layout.dense_panels, width, pad(below), column)).collect();
        layout.dense = layout.add(below, pad(below), layout.columns, dense)?;
        layout.dense_bias = layout.add(1, 1, layout.columns, (0..shape.vocabulary).map(|column| (column, 0)).collect())?;
        Some(layout)
    }

    /// Adds a tensor of `height` rows, kept as `rows` by `columns` numbers; returns where it starts.
    fn add(&mut self, height: usize, rows: usize, columns: usize, places: Vec<(usize, usize)>) -> Option<usize> {
        let offset = self.end;
        self.tensors.push(Tensor { offset, height, columns: places });
        self.end = offset.checked_add(rows.checked_mul(columns)?)?;
        Some(offset)
    }

    pub fn top(&self) -> &LayerLayout {
        &self.layers[self.layers.len() - 1]
    }
}

/// Where a column of packed panels starts, and how far it is from input to input.
fn place(panels: &[Panel], width: usize, inputs: usize, column: usize) -> (usize, usize) {
    let vector = column / width;
    let panel = panels.iter().find(|panel| vector < panel.first + panel.count).expect("a panel for every column");
    ((panel.first * inputs + vector - panel.first) * width + column % width, panel.count * width)
}
