// One training step of the network in plain float64: forward, loss, backward and update, from top to bottom, as the papers
// have them. Slow, short, and sharing nothing with the engine, whose every build is held to it. It leaves out dropout, and
// speed: docs/engine.md says how the engine comes to the same numbers.
//
// Forward   Hochreiter and Schmidhuber (1997), Long short-term memory: the cell c, its input gate i and output gate o.
//           Gers, Schmidhuber and Cummins (2000), Learning to forget: the forget gate f.
// Loss      Bridle (1990), Probabilistic interpretation of feedforward classification network outputs: softmax.
// Backward  Werbos (1990), Backpropagation through time: what it does and how to do it.
//           Graves and Schmidhuber (2005), Framewise phoneme classification with bidirectional LSTM: the LSTM's whole gradient;
//           Greff et al. (2017), LSTM: a search space odyssey, has the same in vectors. Both have peepholes, which are not here.
// Update    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks: clipping by the norm.
//           Tieleman and Hinton (2012), lecture 6.5: RMSprop. Kingma and Ba (2015), Adam: a method for stochastic optimization.
//           Loshchilov and Hutter (2019), Decoupled weight decay regularization: AdamW.
//
// Weights are Keras's. Of each layer of H units above I inputs: kernel W [I, 4H], recurrent kernel U [H, 4H], bias b [4H], the
// columns in four blocks i, f, g, o (Keras writes c for g); then of the head: kernel [H, V], bias [V].
import type { OptimizerConfig } from "@charlstm/engine";

/** A weight tensor, row-major. */
export type Tensor = { values: ArrayLike<number> };
export type Model = { vocabularySize: number; units: readonly number[]; weights: Tensor[] };
export type State = { h: number[]; c: number[] }[];
export type BatchLike = { inputs: ArrayLike<number>; targets: ArrayLike<number>; rows: number; length: number };

const zeros = (length: number) => new Array<number>(length).fill(0);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const zeroState = (units: readonly number[]): State =>
  units.map((width) => ({ h: zeros(width), c: zeros(width) }));

// Forward

/** y = bias + x · kernel, with `kernel` [x.length, columns]. */
function dense(x: readonly number[], kernel: ArrayLike<number>, y: number[]): number[] {
  return y.map((start, column) => x.reduce((sum, value, row) => sum + value * kernel[row * y.length + column]!, start));
}

/** What the way back needs to know of a layer at one time step: its input, the state before, the gates and the cell. */
type Passed = { x: number[]; before: { h: number[]; c: number[] }; gates: number[][]; c: number[] };

/** One character through all layers: updates `state`, adds each layer to `passed`, returns the logits. */
export function step(
  { vocabularySize, units, weights }: Model,
  id: number,
  state: State,
  passed: Passed[] = [],
): number[] {
  let x: number[] = Array.from({ length: vocabularySize }, (_, index) => (index === id ? 1 : 0));
  for (const [layer, width] of units.entries()) {
    const [kernel, recurrent, bias] = weights.slice(layer * 3).map(({ values }) => values);
    const { h, c } = state[layer]!;
    const before = { h: [...h], c: [...c] };
    const gates = [0, 1, 2, 3].map(() => zeros(width));
    const z = dense(h, recurrent!, dense(x, kernel!, Array.from(bias!)));
    for (let unit = 0; unit < width; unit++) {
      const [zi, zf, zg, zo] = [0, 1, 2, 3].map((gate) => z[gate * width + unit]!);
      const [i, f, g, o] = [sigmoid(zi!), sigmoid(zf!), Math.tanh(zg!), sigmoid(zo!)];
      c[unit] = f * c[unit]! + i * g;
      h[unit] = o * Math.tanh(c[unit]!);
      for (const [gate, value] of [i, f, g, o].entries()) gates[gate]![unit] = value;
    }
    passed.push({ x, before, gates, c: [...c] });
    x = [...h];
  }
  return dense(x, weights.at(-2)!.values, Array.from(weights.at(-1)!.values));
}

// Loss

/** -ln of the probability that softmax gives to `target`. */
export function crossEntropy(logits: readonly number[], target: number): number {
  const largest = Math.max(...logits);
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest - logits[target]!;
}

/** Mean loss of a batch; `states`, one a row, go on from where they are. */
export function batchLoss(model: Model, batch: BatchLike, isSequence: boolean, states: State[]): number {
  const { inputs, targets, rows, length } = batch;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    let logits: number[] = [];
    for (let time = 0; time < length; time++) {
      logits = step(model, inputs[row * length + time]!, states[row]!);
      if (isSequence) sum += crossEntropy(logits, targets[row * length + time]!);
    }
    if (!isSequence) sum += crossEntropy(logits, targets[row]!);
  }
  return sum / targets.length;
}

// Backward

/** dLoss/dWeight of every weight for the mean loss of a batch, tensor by tensor; `states`, one a row, move on. */
export function gradient(model: Model, batch: BatchLike, isSequence: boolean, states: State[]): number[][] {
  const { inputs, targets, rows, length } = batch;
  const sums = model.weights.map(({ values }) => zeros(values.length));
  for (let row = 0; row < rows; row++) {
    const passed: Passed[][] = [];
    const dLogits: (number[] | undefined)[] = [];
    for (let time = 0; time < length; time++) {
      passed[time] = [];
      const logits = step(model, inputs[row * length + time]!, states[row]!, passed[time]);
      if (isSequence) dLogits[time] = lossGradient(logits, targets[row * length + time]!, targets.length);
      else if (time === length - 1) dLogits[time] = lossGradient(logits, targets[row]!, targets.length);
    }
    // What the next time step says of each layer's state; nothing is known of what follows the batch.
    const next = zeroState(model.units);
    for (let time = length - 1; time >= 0; time--) stepBack(model, passed[time]!, dLogits[time], next, sums);
  }
  return sums;
}

/** Of the mean of `count` losses to one's logits: (softmax - one-hot) / count. */
function lossGradient(logits: readonly number[], target: number, count: number): number[] {
  const loss = crossEntropy(logits, target);
  const probability = (logit: number) => Math.exp(logit - logits[target]! - loss);
  return logits.map((logit, id) => (probability(logit) - (id === target ? 1 : 0)) / count);
}

/** One character back through all layers: adds to `sums`, and turns `next` from this step's dh and dc to those of the one before. */
function stepBack(
  { units, weights }: Model,
  passed: Passed[],
  dLogits: number[] | undefined,
  next: State,
  sums: number[][],
) {
  // dLoss/dOutput of the layer at hand, from what lies above it.
  let dOutput = zeros(units.at(-1)!);
  if (dLogits) {
    const top = passed.at(-1)!;
    const h = top.c.map((c, unit) => top.gates[3]![unit]! * Math.tanh(c));
    dOutput = denseBack(h, weights.at(-2)!.values, dLogits, sums.at(-2)!, sums.at(-1)!);
  }
  for (let layer = units.length - 1; layer >= 0; layer--) {
    const { x, before, gates, c } = passed[layer]!;
    const [i, f, g, o] = gates as [number[], number[], number[], number[]];
    const { h: dh, c: dc } = next[layer]!;
    const width = units[layer]!;
    const dz = zeros(4 * width);
    for (let unit = 0; unit < width; unit++) {
      const [iu, fu, gu, ou, tanhC] = [i[unit]!, f[unit]!, g[unit]!, o[unit]!, Math.tanh(c[unit]!)];
      // h = o tanh(c), and c goes on to the next step besides.
      const dhu = dOutput[unit]! + dh[unit]!;
      const dcu = dhu * ou * (1 - tanhC ** 2) + dc[unit]!;
      // c = f c' + i g, each gate times the slope of its activation: s (1 - s) for sigmoid, 1 - t² for tanh.
      dz[unit] = dcu * gu * iu * (1 - iu);
      dz[width + unit] = dcu * before.c[unit]! * fu * (1 - fu);
      dz[2 * width + unit] = dcu * iu * (1 - gu ** 2);
      dz[3 * width + unit] = dhu * tanhC * ou * (1 - ou);
      dc[unit] = dcu * fu;
    }
    // z = b + x W + h' U
    const [kernel, recurrent] = weights.slice(layer * 3).map(({ values }) => values);
    const [dKernel, dRecurrent, dBias] = sums.slice(layer * 3);
    dOutput = denseBack(x, kernel!, dz, dKernel!, dBias!);
    next[layer]!.h = denseBack(before.h, recurrent!, dz, dRecurrent!);
  }
}

/** Back through y = bias + x · kernel: adds xᵀ dy to `dKernel` and dy to `dBias`, returns dx = dy kernelᵀ. */
function denseBack(
  x: number[],
  kernel: ArrayLike<number>,
  dy: number[],
  dKernel: number[],
  dBias: number[] = [],
): number[] {
  for (const [column, value] of dy.entries()) if (dBias.length > 0) dBias[column]! += value;
  return x.map((input, row) =>
    dy.reduce((sum, value, column) => {
      const at = row * dy.length + column;
      dKernel[at]! += input * value;
      return sum + value * kernel[at]!;
    }, 0),
  );
}

/** Central differences of the loss for one weight tensor; the weights are left as they were. */
export function differences(model: Model, tensor: number, loss: () => number): Float64Array {
  const original = model.weights[tensor]!;
  const values = Float64Array.from(original.values);
  model.weights[tensor] = { ...original, values };
  const step = 1e-5;
  const slope = values.map((value, index) => {
    values[index] = value + step;
    const above = loss();
    values[index] = value - step;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * step);
  });
  model.weights[tensor] = original;
  return slope;
}

// Update

/** What an optimizer keeps of a weight: a mean of gradients or steps, and one of squares. */
export type Memory = { m: number; v: number };

/** The new weights; `memory`, one a weight, moves on. `count` is that of this step, from 1; the defaults are Keras's. */
export function update(
  weights: readonly Tensor[],
  gradient: readonly number[][],
  memory: Memory[][],
  { optimizer, rate, clipNorm, count }: { optimizer: OptimizerConfig; rate: number; clipNorm: number; count: number },
): Tensor[] {
  const norm = Math.sqrt(gradient.flat().reduce((sum, g) => sum + g * g, 0));
  const scale = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
  return weights.map(({ values }, tensor) => ({
    values: Array.from(values, (w, at) =>
      moved(w, scale * gradient[tensor]![at]!, memory[tensor]![at]!, optimizer, rate, count),
    ),
  }));
}

function moved(w: number, g: number, memory: Memory, optimizer: OptimizerConfig, rate: number, count: number): number {
  if (optimizer.name === "sgd") {
    memory.m = (optimizer.momentum ?? 0) * memory.m - rate * g;
    return w + memory.m;
  }
  const { epsilon = 1e-7 } = optimizer;
  if (optimizer.name === "rmsprop") {
    const { rho = 0.9, momentum = 0 } = optimizer;
    memory.v = rho * memory.v + (1 - rho) * g * g;
    memory.m = momentum * memory.m + (rate * g) / Math.sqrt(memory.v + epsilon);
    return w - memory.m;
  }
  const { beta1 = 0.9, beta2 = 0.999 } = optimizer;
  const decay = optimizer.name === "adamw" ? (optimizer.weightDecay ?? 0.004) : 0;
  memory.m = beta1 * memory.m + (1 - beta1) * g;
  memory.v = beta2 * memory.v + (1 - beta2) * g * g;
  // The end of the paper's section 2: both bias corrections within the rate, epsilon beside the uncorrected root.
  const corrected = (rate * Math.sqrt(1 - beta2 ** count)) / (1 - beta1 ** count);
  return w - rate * decay * w - (corrected * memory.m) / (Math.sqrt(memory.v) + epsilon);
}
