// The browser's half of page-tfjs.js: TensorFlow.js as an application would use it.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgl";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { layers, sequential } from "@tensorflow/tfjs-layers";

/** Steps that are timed, after one that is not. */
const steps = 3;

/** Seconds of each step of `model.fit`, or the reason why there is no such backend. */
globalThis.fitSteps = async ({ backend, batch, window, units, vocabulary }) => {
  setWasmPaths("/");
  try {
    if (!(await tf.setBackend(backend))) return { reason: "setBackend gives false" };
  } catch (error) {
    return { reason: String(error) };
  }
  const model = sequential();
  model.add(layers.lstm({ units, inputShape: [window, vocabulary] }));
  model.add(layers.dense({ units: vocabulary, activation: "softmax" }));
  model.compile({ optimizer: tf.train.rmsprop(0.01), loss: "categoricalCrossentropy" });
  const examples = batch * (steps + 1);
  const ids = (shape) => tf.randomUniform(shape, 0, vocabulary, "int32", 1);
  const oneHot = (shape) => tf.tidy(() => tf.cast(tf.oneHot(ids(shape), vocabulary), "float32"));
  const times = [];
  await model.fit(oneHot([examples, window]), oneHot([examples]), {
    batchSize: batch,
    epochs: 1,
    callbacks: { onBatchEnd: () => void times.push(performance.now()) },
  });
  return { seconds: times.slice(1).map((time, index) => (time - times[index]) / 1000) };
};
