// The network in plain float64, as the textbooks have it: slow, short, and sharing nothing with the engine.
import type { NamedTensor } from "@charlstm/engine";

export type State = { h: number[]; c: number[] }[];
export type Model = { vocabularySize: number; units: readonly number[]; weights: NamedTensor[] };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const zeroState = (units: readonly number[]): State =>
  units.map((width) => ({ h: new Array<number>(width).fill(0), c: new Array<number>(width).fill(0) }));

/** y = bias + x · kernel, with `kernel` [x.length, columns]. */
function dense(x: readonly number[], kernel: ArrayLike<number>, y: number[]): number[] {
  return y.map((start, column) => x.reduce((sum, value, row) => sum + value * kernel[row * y.length + column]!, start));
}

/** One character: updates `state`, returns the logits. */
export function step({ vocabularySize, units, weights }: Model, id: number, state: State): number[] {
  let x: number[] = Array.from({ length: vocabularySize }, (_, index) => (index === id ? 1 : 0));
  for (const [layer, width] of units.entries()) {
    const [kernel, recurrent, bias] = weights.slice(layer * 3).map(({ values }) => values);
    const { h, c } = state[layer]!;
    const z = dense(h, recurrent!, dense(x, kernel!, [...bias!]));
    for (let unit = 0; unit < width; unit++) {
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => z[gate * width + unit]!);
      c[unit] = sigmoid(f!) * c[unit]! + sigmoid(i!) * Math.tanh(g!);
      h[unit] = sigmoid(o!) * Math.tanh(c[unit]!);
    }
    x = [...h];
  }
  return dense(x, weights.at(-2)!.values, [...weights.at(-1)!.values]);
}

/** -ln of the probability that softmax gives to `target`. */
export function crossEntropy(logits: readonly number[], target: number): number {
  const largest = Math.max(...logits);
  return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0)) + largest - logits[target]!;
}

export type BatchLike = { inputs: ArrayLike<number>; targets: ArrayLike<number>; rows: number; length: number };

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

/** Central differences of the loss for one weight tensor; the weights are left as they were. */
export function differences(model: Model, tensor: number, loss: () => number): Float64Array {
  const original = model.weights[tensor]!;
  const values = Float64Array.from(original.values);
  const moved = { ...original, values: values as unknown as Float32Array };
  model.weights[tensor] = moved;
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
