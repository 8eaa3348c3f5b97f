import { fileURLToPath } from "node:url";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { InferenceSession } from "onnxruntime-node";
import { expect, test } from "vitest";
import { writeWithOnnx } from "../examples/onnx.js";
import { writeWithTfjs } from "../examples/tfjs.js";
import { writeWithTransformers } from "../examples/transformers-js.js";

const V = 5;
/** Row i favours id (i + 1) mod V, so strongly that any sensible draw counts upwards. */
const counting = Float32Array.from({ length: V * V }, (_, index) =>
  index % V === (Math.floor(index / V) + 1) % V ? 30 : 0,
);

test("the TensorFlow.js example writes what the model makes likely, and leaves no tensor behind", async () => {
  const model = sequential({
    layers: [layers.dense({ units: V, inputShape: [V], useBias: false, activation: "softmax" })],
  });
  const kernel = tf.tensor2d(counting, [V, V]);
  model.setWeights([kernel]);
  const before = tf.memory().numTensors;
  expect(await writeWithTfjs(model, 2, 7, 1)).toEqual([2, 3, 4, 0, 1, 2, 3]);
  expect(tf.memory().numTensors).toBe(before);
});

test("the ONNX Runtime example writes what the model makes likely, and the same again from the same seed", async () => {
  const session = await InferenceSession.create(fileURLToPath(new URL("fixtures/table.onnx", import.meta.url)));
  const ids = await writeWithOnnx(session, 0, 200, 7);
  expect(await writeWithOnnx(session, 0, 200, 7)).toEqual(ids);
  const followed = ids.filter((id, index) => index > 0 && id === (ids[index - 1]! + 1) % V).length;
  expect(followed).toBeGreaterThan(180); // e^4 to 4: 93 %, and all of it after top-p 0.95 cuts two of the four
});

test("the transformers.js example samples the last position, after a prompt", async () => {
  // The shape that AutoModelForCausalLM returns: logits [1, T, V], with every earlier position's row before the last.
  const model = async ({ input_ids }: { input_ids: readonly number[] }) => ({
    logits: {
      dims: [1, input_ids.length, V],
      data: Float32Array.from(input_ids.flatMap((id) => Array.from(counting.subarray(id * V, (id + 1) * V)))),
    },
  });
  const ids = await writeWithTransformers(model, (input_ids) => ({ input_ids }), [3, 1, 4], 8, 1);
  expect(ids).toEqual([3, 1, 4, 0, 1, 2, 3, 4]);
});
