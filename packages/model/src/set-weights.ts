import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { NamedTensor } from "./checkpoint/types.js";

/** Puts weights, in Keras's order, into a model. */
export function setWeights(model: LayersModel, weights: readonly NamedTensor[]): void {
  tf.tidy(() => model.setWeights(weights.map(({ values, shape }) => tf.tensor(values, [...shape]))));
}
