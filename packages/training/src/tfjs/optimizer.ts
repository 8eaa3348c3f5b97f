// Keras's optimizers in TensorFlow.js operations: tf.train's keep their slots out of reach of a checkpoint, place Adam's
// epsilon elsewhere and have neither AdamW nor global-norm clipping.
import type { NamedTensor, OptimizerState } from "@charlstm/model/checkpoint";
import { slotNames } from "@charlstm/network";
import * as tf from "@tensorflow/tfjs-core";
import type { OptimizerConfig } from "../backend.js";
import { TrainingError } from "../errors.js";

export interface TfjsOptimizer {
  /** Clips the gradients, updates the weights, and returns the global norm before clipping. */
  apply(weights: readonly tf.Variable[], gradients: readonly tf.Tensor[], learningRate: number): tf.Scalar;
  read(): Promise<OptimizerState>;
  write(state: OptimizerState): void;
  dispose(): void;
}

/** Makes the optimizer for weights of the given names and shapes, with zero slots. */
export function createTfjsOptimizer(
  config: OptimizerConfig,
  weights: readonly { name: string; shape: readonly number[] }[],
  clipNorm: number | undefined,
): TfjsOptimizer {
  const momentum = "momentum" in config ? (config.momentum ?? 0) : 0;
  const names = slotNames(config);
  const zeros = (shape: readonly number[]) => tf.tidy(() => tf.variable(tf.zeros([...shape]), false));
  const slots = weights.map(({ shape }) => names.map(() => zeros(shape)));
  let step = 0;

  function update(weight: tf.Variable, g: tf.Tensor, slot: readonly tf.Variable[], learningRate: number): void {
    switch (config.name) {
      case "rmsprop": {
        // Tieleman and Hinton (2012), with Keras 3's epsilon inside the root.
        const { rho = 0.9, epsilon = 1e-7 } = config;
        const [velocity, accumulated] = slot as [tf.Variable, tf.Variable | undefined];
        velocity.assign(tf.add(tf.mul(velocity, rho), tf.mul(tf.square(g), 1 - rho)));
        const increment = tf.div(tf.mul(g, learningRate), tf.sqrt(tf.add(velocity, epsilon)));
        accumulated?.assign(tf.add(tf.mul(accumulated, momentum), increment));
        weight.assign(tf.sub(weight, accumulated ?? increment));
        return;
      }
      case "adam":
      case "adamw": {
        // Kingma and Ba (2015), the form with "epsilon hat"; decoupled decay by Loshchilov and Hutter (2019).
        const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = config;
        const [m, v] = slot as [tf.Variable, tf.Variable];
        if (config.name === "adamw") {
          weight.assign(tf.mul(weight, 1 - learningRate * (config.weightDecay ?? 0.004)));
        }
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
        weight.assign(tf.sub(weight, tf.div(tf.mul(m, alpha), tf.add(tf.sqrt(v), epsilon))));
        return;
      }
      case "sgd": {
        const [accumulated] = slot;
        if (!accumulated) {
          weight.assign(tf.sub(weight, tf.mul(g, learningRate)));
          return;
        }
        accumulated.assign(tf.sub(tf.mul(accumulated, momentum), tf.mul(g, learningRate)));
        weight.assign(tf.add(weight, accumulated));
      }
    }
  }

  return {
    apply(variables, gradients, learningRate) {
      step++;
      return tf.tidy(() => {
        const norm = tf.sqrt(tf.addN(gradients.map((g) => tf.sum(tf.square(g))))) as tf.Scalar;
        // Pascanu, Mikolov and Bengio (2013).
        const scale = clipNorm === undefined ? undefined : tf.div(clipNorm, tf.maximum(norm, clipNorm));
        variables.forEach((variable, index) => {
          const gradient = gradients[index]!;
          update(variable, scale ? tf.mul(gradient, scale) : gradient, slots[index]!, learningRate);
        });
        return norm;
      });
    },

    async read() {
      const named: NamedTensor[] = [];
      for (const [index, weight] of weights.entries()) {
        for (const [which, slot] of names.entries()) {
          const values = (await slots[index]![which]!.data()) as Float32Array;
          named.push({ name: `${weight.name}/${slot}`, shape: weight.shape, values: Float32Array.from(values) });
        }
      }
      return { name: config.name, step, slots: named };
    },

    write(state) {
      if (state.name !== config.name) {
        throw new TrainingError(
          "RESUME_MISMATCH",
          `the optimizer state is ${state.name}'s, this run uses ${config.name}: keep the optimizer or start a new run`,
          { given: state.name, expected: config.name },
        );
      }
      const byName = new Map(state.slots.map((slot) => [slot.name, slot]));
      weights.forEach((weight, index) => {
        names.forEach((slotName, which) => {
          const slot = byName.get(`${weight.name}/${slotName}`);
          if (!slot) {
            throw new TrainingError("BAD_WEIGHTS", `the optimizer state lacks ${weight.name}/${slotName}`, {
              missing: `${weight.name}/${slotName}`,
            });
          }
          tf.tidy(() => slots[index]![which]!.assign(tf.tensor(slot.values, [...weight.shape])));
        });
      });
      step = state.step;
    },

    dispose() {
      for (const slot of slots.flat()) slot.dispose();
    },
  };
}
