import { lstmName } from "@charlstm/network";
import type { JsonObject } from "../json.js";
import type { Architecture } from "../portable-model.js";

/** One layer as Keras configures it. */
export interface LayerConfig {
  readonly className: "InputLayer" | "LSTM" | "Dropout" | "Dense";
  readonly config: JsonObject;
  /** Shape of what the layer receives, batch first. */
  readonly inputShape: readonly (number | null)[];
}

/** By name, which is the same in every version while the classes behind the names are not. */
const INITIALIZERS = { kernel_initializer: "glorot_uniform", bias_initializer: "zeros" };
const UNREGULARIZED = { kernel_regularizer: null, bias_regularizer: null, activity_regularizer: null };
const UNCONSTRAINED = { kernel_constraint: null, bias_constraint: null };

/** The Sequential model's layers, with only such settings as Keras 2.2 to 3.15 all understand. */
export function layerConfigs(architecture: Architecture): LayerConfig[] {
  const { vocabularySize, window, units, dropout, recurrentActivation = "sigmoid" } = architecture;
  const layers: LayerConfig[] = [];
  let shape: (number | null)[] = [null, window, vocabularySize];
  units.forEach((width, k) => {
    const last = k + 1 === units.length;
    layers.push({ className: "LSTM", inputShape: shape, config: lstmConfig(k, width, recurrentActivation, !last) });
    shape = last ? [null, width] : [null, window, width];
    if (dropout > 0) {
      const name = k === 0 ? "dropout" : `dropout_${k}`;
      const config = { name, trainable: true, dtype: "float32", rate: dropout, noise_shape: null, seed: null };
      layers.push({ className: "Dropout", inputShape: shape, config });
    }
  });
  layers.push({ className: "Dense", inputShape: shape, config: denseConfig(vocabularySize) });
  return layers;
}

function lstmConfig(layer: number, units: number, recurrentActivation: string, returnSequences: boolean): JsonObject {
  return {
    name: lstmName(layer),
    trainable: true,
    dtype: "float32",
    return_sequences: returnSequences,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    units,
    activation: "tanh",
    recurrent_activation: recurrentActivation,
    use_bias: true,
    ...INITIALIZERS,
    recurrent_initializer: "orthogonal",
    unit_forget_bias: true,
    ...UNREGULARIZED,
    ...UNCONSTRAINED,
    recurrent_regularizer: null,
    recurrent_constraint: null,
    dropout: 0,
    recurrent_dropout: 0,
  };
}

function denseConfig(units: number): JsonObject {
  return {
    name: "dense",
    trainable: true,
    dtype: "float32",
    units,
    activation: "softmax",
    use_bias: true,
    ...INITIALIZERS,
    ...UNREGULARIZED,
    ...UNCONSTRAINED,
  };
}
