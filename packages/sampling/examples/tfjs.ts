import { createRandom, sample } from "@charlstm/sampling";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";

/**
 * Writes on from one id with a TensorFlow.js model that takes a one-hot id, shape `[1, V]`, and gives the probabilities
 * of the next, shape `[1, V]`.
 */
export async function writeWithTfjs(
  model: LayersModel,
  first: number,
  length: number,
  seed: number,
): Promise<number[]> {
  const vocabularySize = model.outputs[0]!.shape[1]!;
  const random = createRandom(seed);
  const ids = [first];
  while (ids.length < length) {
    const output = tf.tidy(() => model.predict(tf.oneHot([ids.at(-1)!], vocabularySize)) as tf.Tensor);
    const probabilities = await output.data<"float32">(); // leaves the backend here; everything after is plain arrays
    output.dispose();
    ids.push(sample(probabilities, { temperature: 0.5, random }));
  }
  return ids;
}
