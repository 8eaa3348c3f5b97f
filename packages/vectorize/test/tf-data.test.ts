import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as data from "@tensorflow/tfjs-data";
import { expect, test } from "vitest";
import { createVocabulary, encode, oneHotBatches, streamBatches, windowBatches } from "../src/index.js";

const text = "it is a truth universally acknowledged";
const vocabulary = createVocabulary(text);
const ids = encode(text, vocabulary);
const shape = { window: 6, stride: 2, batch: 5, seed: 3 };

test("tf.data.generator takes one-hot batches, also ahead of their use, and no tensor is left", async () => {
  const dataset = data.generator(function* () {
    for (const { x, y, rows, length } of oneHotBatches(ids, { ...shape, vocabularySize: vocabulary.size })) {
      yield { xs: tf.tensor3d(x, [rows, length, vocabulary.size]), ys: tf.tensor2d(y, [rows, vocabulary.size]) };
    }
  });
  const before = tf.memory().numTensors;
  const expected = [...windowBatches(ids, shape)];
  let count = 0;
  await dataset.prefetch(3).forEachAsync((element) => {
    const { xs, ys } = element as { xs: tf.Tensor; ys: tf.Tensor };
    const { inputs, targets, rows } = expected[count++]!;
    expect(xs.shape).toEqual([rows, shape.window, vocabulary.size]);
    tf.tidy(() => {
      expect([...tf.argMax(xs, -1).dataSync()]).toEqual([...inputs]);
      expect([...tf.argMax(ys, -1).dataSync()]).toEqual([...targets]);
    });
    tf.dispose([xs, ys]);
  });
  expect(count).toBe(expected.length);
  expect(tf.memory().numTensors).toBe(before);
});

const idGenerators = {
  windows: () => windowBatches(ids, shape),
  streams: () => streamBatches(ids, { batch: 3, length: 4, seed: 3 }),
};

test.each(["windows", "streams"] as const)("tf.data.generator takes batches of ids of %s", async (kind) => {
  const dataset = data.generator(function* () {
    for (const { inputs, targets, rows, length } of idGenerators[kind]()) {
      const shapeOfTargets = targets.length === rows ? [rows] : [rows, length];
      yield { xs: tf.tensor(inputs, [rows, length], "int32"), ys: tf.tensor(targets, shapeOfTargets, "int32") };
    }
  });
  const expected = [...idGenerators[kind]()];
  let count = 0;
  await dataset.prefetch(3).forEachAsync((element) => {
    const { xs, ys } = element as { xs: tf.Tensor; ys: tf.Tensor };
    const { inputs, targets } = expected[count++]!;
    expect([...xs.dataSync()]).toEqual([...inputs]);
    expect([...ys.dataSync()]).toEqual([...targets]);
    tf.dispose([xs, ys]);
  });
  expect(count).toBe(expected.length);
  expect(count).toBeGreaterThan(1);
});
