/** One cell of an LSTM at one character: what its gates let through. All but `candidate` and the cells' values lie in `[0, 1]`. */
export interface CellStep {
  /** How much of the candidate is written. */
  input: number;
  /** How much of what the cell held stays. */
  forget: number;
  /** What would be written, in `[-1, 1]`. */
  candidate: number;
  /** How much of the cell is told. */
  output: number;
  before: number;
  after: number;
  /** What the cell tells the others: `output · tanh(after)`. */
  told: number;
}

/** The weights of a layer in Keras's layout, gates i, f, c, o: `kernel` `[inputs, 4H]`, `recurrent` `[H, 4H]`, `bias` `[4H]`. */
export interface LayerWeights {
  kernel: ArrayLike<number>;
  recurrent: ArrayLike<number>;
  bias: ArrayLike<number>;
}

/**
 * What one cell does at one time step.
 *
 * @param input What the layer reads: the id of a character, which picks a row of the kernel, or the `h` of the layer below.
 * @param state The layer's `h` and `c` before the step, each `[H]`.
 * @param cell In `[0, H)`.
 * @see Hochreiter and Schmidhuber (1997); Gers, Schmidhuber and Cummins (2000) for the forget gate.
 */
export function cellStep(
  { kernel, recurrent, bias }: LayerWeights,
  input: number | ArrayLike<number>,
  state: { h: ArrayLike<number>; c: ArrayLike<number> },
  cell: number,
): CellStep {
  const units = state.h.length;
  const gate = (index: number): number => {
    const column = index * units + cell;
    let sum = bias[column]!;
    if (typeof input === "number") sum += kernel[input * 4 * units + column]!;
    else for (let row = 0; row < input.length; row++) sum += input[row]! * kernel[row * 4 * units + column]!;
    for (let row = 0; row < units; row++) sum += state.h[row]! * recurrent[row * 4 * units + column]!;
    return sum;
  };
  const [i, f, o] = [sigmoid(gate(0)), sigmoid(gate(1)), sigmoid(gate(3))];
  const candidate = Math.tanh(gate(2));
  const before = state.c[cell]!;
  const after = f * before + i * candidate;
  return { input: i, forget: f, candidate, output: o, before, after, told: o * Math.tanh(after) };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
