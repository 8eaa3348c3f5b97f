// The network of a checkpoint in plain TensorFlow.js operations, for every objective.
//
// tfjs-layers' own LSTM multiplies the one-hot input at every time step and knows neither logits nor a carried state that
// gradients flow through, so the layers model serves people who load a checkpoint, and this serves training:
// one product for the inputs of all time steps, then T recurrent products.
import type { Architecture } from "@charlstm/model/checkpoint";
import * as tf from "@tensorflow/tfjs-core";

/** `[h, c]` of one layer, each of shape `[N, H]`. */
export type LayerState = [tf.Tensor2D, tf.Tensor2D];

/** A dropout mask's seed for one layer at one step; `undefined` outside training. */
export type DropoutSeed = ((layer: number) => number) | undefined;

export interface NetworkOutput {
  /** Logits: shape `[N, V]` after the last step, or `[T·N, V]`, time-major, for every step. */
  logits: tf.Tensor2D;
  state: LayerState[];
}

/** Zero `[h, c]` for each layer and `rows` rows. */
export function zeroState(architecture: Architecture, rows: number): LayerState[] {
  return architecture.units.map((units) => [tf.zeros([rows, units]), tf.zeros([rows, units])]);
}

/**
 * Runs the network over a batch.
 *
 * @param weights Keras's order and layout: per layer kernel `[in, 4H]`, recurrent kernel `[H, 4H]`, bias `[4H]` with
 *   the gates i, f, c, o; then the dense kernel `[H, V]` and bias `[V]`.
 * @param ids Shape `[T·N]`, time-major.
 * @see Hochreiter and Schmidhuber (1997); the forget gate is Gers, Schmidhuber and Cummins's (2000).
 */
export function runNetwork(
  architecture: Architecture,
  weights: readonly tf.Tensor[],
  ids: tf.Tensor1D,
  state: readonly LayerState[],
  { everyStep, dropoutSeed }: { everyStep: boolean; dropoutSeed?: DropoutSeed },
): NetworkOutput {
  const gate = architecture.recurrentActivation === "hard_sigmoid" ? hardSigmoid : tf.sigmoid<tf.Tensor2D>;
  const rows = state[0]![0].shape[0];
  const length = ids.size / rows;
  const newState: LayerState[] = [];
  let input: tf.Tensor2D = oneHot(ids, architecture.vocabularySize);
  architecture.units.forEach((_units, layer) => {
    const [kernel, recurrentKernel, bias] = weights.slice(3 * layer) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const fromInput = tf.add(tf.matMul(input, kernel), bias);
    const perStep = length === 1 ? [fromInput] : tf.split(fromInput, length, 0);
    let [h, c] = state[layer]!;
    const outputs: tf.Tensor2D[] = [];
    for (let time = 0; time < length; time++) {
      const z = tf.add(perStep[time]!, tf.matMul(h, recurrentKernel));
      const [i, f, g, o] = tf.split(z, 4, 1) as tf.Tensor2D[];
      c = tf.add(tf.mul(gate(f!), c), tf.mul(gate(i!), tf.tanh(g!)));
      h = tf.mul(gate(o!), tf.tanh(c));
      outputs.push(h);
    }
    newState.push([h, c]);
    const isLast = layer === architecture.units.length - 1;
    const output = isLast && !everyStep ? h : (tf.concat(outputs, 0) as tf.Tensor2D);
    input = dropoutSeed
      ? (tf.dropout(output, architecture.dropout, undefined, dropoutSeed(layer)) as tf.Tensor2D)
      : output;
  });
  const [kernel, bias] = weights.slice(-2) as [tf.Tensor2D, tf.Tensor1D];
  return { logits: tf.add(tf.matMul(input, kernel), bias), state: newState };
}

function hardSigmoid(x: tf.Tensor2D): tf.Tensor2D {
  return tf.clipByValue(tf.add<tf.Tensor2D>(tf.mul(x, 0.2), 0.5), 0, 1);
}

/** Mean cross-entropy, in nats, of logits `[M, V]` against targets `[M]`; with `counted` `[M]`, ones and zeros, over the ones. */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D, counted?: tf.Tensor1D): tf.Scalar {
  const logProbabilities = tf.logSoftmax(logits);
  const ofTargets = tf.sum(tf.mul(oneHot(targets, logits.shape[1]), logProbabilities), 1);
  const mean = counted ? tf.div(tf.sum(tf.mul(ofTargets, counted)), tf.sum(counted)) : tf.mean(ofTargets);
  return tf.neg(mean) as tf.Scalar;
}

/** Asked for float32, tfjs-wasm 4.22 writes the bits of the integer 1, which are a float of 1e-45: hence a cast. */
function oneHot(ids: tf.Tensor1D, size: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(ids, size), "float32") as tf.Tensor2D;
}
