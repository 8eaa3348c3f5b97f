import { lstmName } from "@charlstm/network";
import { dropoutName } from "./architecture.js";
import type { Architecture } from "./types.js";

const tfjsVersion = "4.22.0";

/** What model.json says of who wrote it. */
export const generatedBy = `TensorFlow.js tfjs-layers v${tfjsVersion}`;

const varianceScaling = {
  class_name: "VarianceScaling",
  config: { scale: 1, mode: "fan_avg", distribution: "uniform", seed: null },
};
const orthogonal = { class_name: "Orthogonal", config: { gain: 1, seed: null } };
const zeros = { class_name: "Zeros", config: {} };

/** The `modelTopology` that TensorFlow.js writes for this network: Sequential of LSTM (and Dropout) layers and a softmax. */
export function modelTopology(architecture: Architecture): Record<string, unknown> {
  const { vocabularySize, window, units, dropout, recurrentActivation = "sigmoid" } = architecture;
  const layers = units.flatMap((width, layer) => {
    const inputShape = layer === 0 ? { batch_input_shape: [null, window, vocabularySize], dtype: "float32" } : {};
    const lstm = lstmLayer(lstmName(layer), width, inputShape, recurrentActivation, layer < units.length - 1);
    return dropout > 0 ? [lstm, dropoutLayer(layer, dropout)] : [lstm];
  });
  return {
    class_name: "Sequential",
    config: { name: "charlstm", layers: [...layers, denseLayer(vocabularySize)] },
    keras_version: `tfjs-layers ${tfjsVersion}`,
    backend: "tensor_flow.js",
  };
}

function lstmLayer(
  name: string,
  units: number,
  inputShape: object,
  recurrentActivation: string,
  returnSequences: boolean,
): object {
  return {
    class_name: "LSTM",
    config: {
      name,
      trainable: true,
      ...inputShape,
      units,
      activation: "tanh",
      recurrent_activation: recurrentActivation,
      use_bias: true,
      kernel_initializer: varianceScaling,
      recurrent_initializer: orthogonal,
      bias_initializer: zeros,
      unit_forget_bias: true,
      kernel_regularizer: null,
      recurrent_regularizer: null,
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: null,
      recurrent_constraint: null,
      bias_constraint: null,
      dropout: 0,
      recurrent_dropout: 0,
      implementation: null,
      return_sequences: returnSequences,
      return_state: false,
      go_backwards: false,
      stateful: false,
      unroll: false,
    },
  };
}

function dropoutLayer(layer: number, rate: number): object {
  return {
    class_name: "Dropout",
    config: { rate, noise_shape: null, seed: null, name: dropoutName(layer), trainable: true },
  };
}

function denseLayer(units: number): object {
  return {
    class_name: "Dense",
    config: {
      units,
      activation: "softmax",
      use_bias: true,
      kernel_initializer: varianceScaling,
      bias_initializer: zeros,
      kernel_regularizer: null,
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
      name: "dense",
      trainable: true,
    },
  };
}
