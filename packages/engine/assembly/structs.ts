// What the host writes into memory before a call: every field is four bytes, in this order (src/structs.ts mirrors it).
//
// Letters: T time steps, R panels of eight rows, U units (padded to 4), V vocabulary, W = V padded to 8.
// Rows are the fast index everywhere ([panel][unit][8]): a vector holds one unit of four rows, so activations need no
// shuffles, units need no alignment, and what a time step stores is what the next product reads.
//
// Shifts are strides: `<< 2` bytes of a number, or the four gates; `<< 3` rows of a panel; `<< 4` bytes of four numbers, one vector;
// `<< 5` bytes of a unit's panel (eight rows); `<< 7` bytes of its four gates. `>> 2` and `>> 3` count the fours and the panels.

/** One LSTM layer, as one thread sees it. */
@unmanaged
export class Layer {
  units: usize;
  /** V for the first layer, the units of the layer below for the others. */
  inputs: usize;
  /** Weights [U][inputs][4 gates], [U][U][4], [U][4]; gates i, f, c, o. */
  input: usize;
  recurrent: usize;
  bias: usize;
  /** The same, packed for the way back: [inputs / 4][4U][4] (0 for the first layer) and [U / 4][4U][4]. */
  inputTransposed: usize;
  recurrentTransposed: usize;
  inputGradient: usize;
  recurrentGradient: usize;
  biasGradient: usize;
  /** [T][R][U][4][8]: the gates, and from the backward pass on the gradients of their inputs. */
  gates: usize;
  /** [T + 1][R][U][8], the first slab holding the state before the batch. */
  cells: usize;
  hidden: usize;
  /** [T][R][U][8]. */
  tanhCells: usize;
  /** [T][R][U][8]: hidden states after dropout; without dropout, the second slab of `hidden`. */
  output: usize;
  /** [T][R][U][8], or one slab for the top layer of the window objective. */
  outputGradient: usize;
  /** [R][U][8]. */
  cellGradient: usize;
  /** The carried state, [R][U][8] each; 0 when every batch starts from zero. */
  stateHidden: usize;
  stateCells: usize;
  /** Starts this layer's dropout masks of this step. */
  dropoutKey: u32;
}

/** What one thread does in one call. */
@unmanaged
export class Task {
  layers: usize;
  layerCount: usize;
  vocabulary: usize;
  /** R, T. */
  panels: usize;
  length: usize;
  /** 1: a loss at every character, state carried; 0: a loss at the last character, from zero. */
  sequence: usize;
  /** Ids [T][R][8]; targets [R][8] or [T][R][8], -1 in rows that only fill a panel. */
  ids: usize;
  targets: usize;
  /** Softmax head: [W / 4][U][4], [W], [U / 4][W][4]. */
  dense: usize;
  denseBias: usize;
  denseTransposed: usize;
  denseGradient: usize;
  denseBiasGradient: usize;
  /** Scratch: logits of `HEAD_PANELS` panels, [R][U][8] of the widest layer, and the two operands of a gradient's product. */
  logits: usize;
  hiddenGradient: usize;
  left: usize;
  right: usize;
  /** All the gradients of this thread, and their bytes. */
  gradient: usize;
  gradientBytes: usize;
  /** 1 / predictions of the whole batch. */
  scale: f32;
  /** Elements whose hash (31 bits) is below are dropped; 0: no dropout. */
  dropoutThreshold: i32;
  dropoutScale: f32;
  /** Position of this thread's first row in the batch, rows of the batch. */
  firstRow: u32;
  batchRows: u32;
  /** Results. */
  correct: i32;
  loss: f32;
}

/** One weight tensor [blocks][rows][4], at `offset` bytes in the weights, the gradients and the optimizer's slots. */
@unmanaged
export class Tensor {
  offset: usize;
  blocks: usize;
  rows: usize;
  /** Where [rows / 4][4 blocks][4] is kept for the backward pass; 0: nowhere. */
  transposed: usize;
}

/** The weights and their optimizer; shared by all threads. */
@unmanaged
export class Model {
  tensors: usize;
  tensorCount: usize;
  weights: usize;
  first: usize;
  second: usize;
  gradient: usize;
  gradientStride: usize;
  /** Threads that wrote a gradient in this step, threads that share the update. */
  gradients: usize;
  threads: usize;
  /** f64 [threads]: each thread's sum of squared gradients. */
  squares: usize;
  /** 0 sgd, 1 rmsprop, 2 adam (and adamw, by its decay). */
  rule: i32;
  /** Multiplies every gradient: the clipping. */
  scale: f32;
  learningRate: f32;
  /** learningRate * weightDecay. */
  decay: f32;
  /** rho of rmsprop, beta 2 of adam. */
  square: f32;
  /** momentum, or beta 1 of adam. */
  momentum: f32;
  epsilon: f32;
}

/** The head takes this many panels at a time, 256 rows: its scratch does not grow with the batch. */
export const HEAD_PANELS: usize = 32;
/** Rows that the gradient of weights takes at a time. */
export const GRADIENT_ROWS: usize = 256;
