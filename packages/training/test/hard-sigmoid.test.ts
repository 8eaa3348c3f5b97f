import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { createEngineBackend } from "../src/index.js";
import { createTfjsBackend } from "../src/tfjs.js";

const options = {
  architecture: { vocabularySize: 2, window: 3, units: [1], dropout: 0, recurrentActivation: "hard_sigmoid" as const },
  ...{ objective: "window" as const, optimizer: { name: "sgd" as const }, rows: 1, seed: 0 },
};

test("the engine refuses gates that it does not have, and says what has them", async () => {
  await expect(createEngineBackend(options)).rejects.toMatchObject({
    ...{ name: "TrainingError", code: "UNSUPPORTED_ACTIVATION" },
    message: expect.stringContaining("--backend tfjs-cpu"),
  });
});

test("TensorFlow.js's backend writes and trains with them", async () => {
  await tf.setBackend("cpu");
  const backend = createTfjsBackend(options);
  const values: Record<string, number[]> = {
    // Gates i, f, c, o of the two characters; o reaches the flat parts on either side.
    "lstm/kernel": [1, 0, 2, 4, -1, 0, 2, -4],
    "lstm/recurrent_kernel": [0, 0, 0, 0],
    "lstm/bias": [0.5, 1, 0, 0],
    "dense/kernel": [1, -1],
    "dense/bias": [0, 0],
  };
  const weights = await backend.readWeights();
  backend.writeWeights(weights.map((weight) => ({ ...weight, values: Float32Array.from(values[weight.name]!) })));
  const stream = backend.openStream();
  // i = 0.2 · 1.5 + 0.5, c = i · tanh 2, o = 1 (of 4); then i = 0.2 · -0.5 + 0.5, f = 0.7, o = 0 (of -4).
  const c = 0.8 * Math.tanh(2);
  expect(stream.step([0])[0]).toBeCloseTo(Math.tanh(c), 6);
  expect(stream.step([1])[0]).toBeCloseTo(0, 6);
  expect(stream.readState()[1]).toBeCloseTo(0.7 * c + 0.4 * Math.tanh(2), 6);
  stream.dispose();
  const batch = { inputs: Uint8Array.of(0, 1, 0), targets: Uint8Array.of(1), rows: 1, length: 3 };
  const first = await backend.trainBatch(batch, 0.5);
  expect((await backend.trainBatch(batch, 0.5)).loss).toBeLessThan(first.loss);
  await backend.dispose();
});
