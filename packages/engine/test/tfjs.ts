// The same network as a TensorFlow.js layers model, on its plain JavaScript backend.
import type { Batch, NamedTensor } from "@charlstm/engine";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import * as layers from "@tensorflow/tfjs-layers";

export { tf };

export class Rival {
  readonly #model: layers.LayersModel;
  readonly #vocabularySize: number;

  constructor(vocabularySize: number, units: readonly number[], isSequence: boolean, weights: readonly NamedTensor[]) {
    this.#vocabularySize = vocabularySize;
    const input = layers.input({ shape: [null, vocabularySize] });
    let output: layers.SymbolicTensor = input;
    for (const [index, width] of units.entries()) {
      const returnSequences = isSequence || index < units.length - 1;
      const layer = layers.layers.lstm({ units: width, recurrentActivation: "sigmoid", returnSequences });
      output = layer.apply(output) as layers.SymbolicTensor;
    }
    output = layers.layers.dense({ units: vocabularySize }).apply(output) as layers.SymbolicTensor;
    this.#model = layers.model({ inputs: input, outputs: output });
    this.#model.setWeights(weights.map(({ values, shape }) => tf.tensor(values, [...shape])));
  }

  logits({ inputs, rows, length }: Batch): tf.Tensor2D {
    const x = tf.oneHot(tf.tensor2d([...inputs], [rows, length], "int32"), this.#vocabularySize);
    const y = this.#model.apply(tf.cast(x, "float32"), { training: true }) as tf.Tensor;
    return tf.reshape(y, [-1, this.#vocabularySize]);
  }

  #loss(batch: Batch): tf.Scalar {
    const targets = tf.oneHot(tf.tensor1d([...batch.targets], "int32"), this.#vocabularySize);
    return tf.losses.softmaxCrossEntropy(targets, this.logits(batch)) as tf.Scalar;
  }

  gradient(batch: Batch): { loss: number; gradient: Float32Array[] } {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => this.#loss(batch));
      const gradient = this.#variables().map(({ name }) => grads[name]!.dataSync() as Float32Array);
      return { loss: value.dataSync()[0]!, gradient };
    });
  }

  /** One step; `clipNorm` and `decay` are what TensorFlow.js's own optimizers lack. */
  train(batch: Batch, optimizer: tf.Optimizer, { clipNorm = 0, decay = 0 } = {}): number {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => this.#loss(batch));
      const norm = Math.sqrt(Object.values(grads).reduce((sum, g) => sum + tf.sum(tf.square(g)).dataSync()[0]!, 0));
      const scale = clipNorm > 0 ? clipNorm / Math.max(norm, clipNorm) : 1;
      for (const variable of this.#variables()) variable.assign(tf.mul(variable, 1 - decay));
      optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, tf.mul(g, scale)])));
      return value.dataSync()[0]!;
    });
  }

  #variables(): tf.Variable[] {
    return this.#model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  dispose(): void {
    this.#model.dispose();
  }
}
