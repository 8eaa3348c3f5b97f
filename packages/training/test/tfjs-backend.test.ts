import "@tensorflow/tfjs-backend-cpu";
import { createCharLstm } from "@charlstm/model";
import { expectClose } from "@charlstm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import type { BackendOptions, Batch } from "../src/index.js";
import { createTfjsBackend } from "../src/tfjs.js";

const shapes = [
  { units: [5], window: 4, vocabularySize: 7 },
  { units: [6, 3], window: 3, vocabularySize: 5 },
  { units: [1], window: 1, vocabularySize: 2 },
];

const optionsOf = (shape: (typeof shapes)[number], more: Partial<BackendOptions> = {}): BackendOptions => ({
  architecture: { ...shape, dropout: 0 },
  objective: "window",
  optimizer: { name: "rmsprop" },
  rows: 3,
  seed: 5,
  ...more,
});

const batchOf = ({ window, vocabularySize }: (typeof shapes)[number], rows = 3): Batch => ({
  inputs: Uint8Array.from({ length: rows * window }, (_, index) => (index * index + 1) % vocabularySize),
  targets: Uint8Array.from({ length: rows }, (_, index) => (3 * index + 1) % vocabularySize),
  rows,
  length: window,
});

describe.each(shapes)("on a network of $units units, window $window, $vocabularySize characters", (shape) => {
  test("a score equals the cross-entropy of the layers model's own prediction", async () => {
    await tf.setBackend("cpu");
    const backend = createTfjsBackend(optionsOf(shape));
    const model = createCharLstm({ ...shape });
    const weights = await backend.readWeights();
    model.setWeights(weights.map(({ values, shape }) => tf.tensor(values, [...shape])));
    const batch = batchOf(shape);
    const inputs = tf.tensor2d(Int32Array.from(batch.inputs), [batch.rows, batch.length], "int32");
    const predicted = model.predict(tf.oneHot(inputs, shape.vocabularySize)) as tf.Tensor;
    const probabilities = (await predicted.array()) as number[][];
    const losses = probabilities.map((row, index) => -Math.log(row[batch.targets[index]!]!));
    const { loss } = await backend.scoreBatch(batch);
    expect(loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / losses.length, 5);
    await backend.dispose();
  });

  test("a stream over a window gives the logits that the window's score is made of", async () => {
    const backend = createTfjsBackend(optionsOf(shape));
    const batch = batchOf(shape, 2);
    const stream = backend.openStream(2);
    let logits = new Float32Array(0);
    for (let time = 0; time < batch.length; time++) {
      logits = Float32Array.from(stream.step([batch.inputs[time]!, batch.inputs[batch.length + time]!]));
    }
    const size = shape.vocabularySize;
    const losses = [0, 1].map((row) => {
      const own = Array.from(logits.subarray(row * size, (row + 1) * size));
      return Math.log(own.reduce((sum, value) => sum + Math.exp(value), 0)) - own[batch.targets[row]!]!;
    });
    const { loss } = await backend.scoreBatch(batch);
    expect(loss).toBeCloseTo((losses[0]! + losses[1]!) / 2, 5);
    stream.dispose();
    await backend.dispose();
  });
});

describe.each([
  { name: "rmsprop" },
  { name: "rmsprop", momentum: 0.5 },
  { name: "adam" },
  { name: "adamw", weightDecay: 0.1 },
  { name: "sgd" },
  { name: "sgd", momentum: 0.9 },
] as const)("with optimizer %o", (optimizer) => {
  const shape = shapes[0]!;

  test("a step follows Keras's formula in float64, from numerical gradients", async () => {
    const options = optionsOf(shape, { optimizer, clipNorm: 0.05 });
    const backend = createTfjsBackend(options);
    const before = await backend.readWeights();
    const batch = batchOf(shape);
    const gradients = await numericalGradients(options, before, batch);
    const norm = Math.sqrt(gradients.flat().reduce((sum, g) => sum + g * g, 0));
    const result = await backend.trainBatch(batch, 0.1);
    expect(result.gradientNorm).toBeCloseTo(norm, 3);
    const clip = 0.05 / Math.max(norm, 0.05);
    const after = await backend.readWeights();
    // The last weights are the dense bias, whose gradients are large enough for differences of float32 losses to show.
    const last = before.length - 1;
    const expected = gradients[last]!.map((g, index) =>
      firstUpdate(optimizer, before[last]!.values[index]!, g * clip, 0.1),
    );
    expectClose(after[last]!.values, expected, 2e-3);
    await backend.dispose();
  });

  test("reading and writing the slots goes on exactly", async () => {
    const options = optionsOf(shape, { optimizer });
    const [whole, first, second] = [createTfjsBackend(options), createTfjsBackend(options), createTfjsBackend(options)];
    const batch = batchOf(shape);
    for (let step = 0; step < 4; step++) await whole.trainBatch(batch, 0.05);
    for (let step = 0; step < 2; step++) await first.trainBatch(batch, 0.05);
    second.writeWeights(await first.readWeights());
    second.writeOptimizer(await first.readOptimizer());
    for (let step = 0; step < 2; step++) await second.trainBatch(batch, 0.05);
    expect(await second.readWeights()).toEqual(await whole.readWeights());
    await Promise.all([whole, first, second].map((backend) => backend.dispose()));
  });
});

function firstUpdate(optimizer: BackendOptions["optimizer"], w: number, g: number, rate: number): number {
  switch (optimizer.name) {
    case "rmsprop":
      return w - (rate * g) / Math.sqrt(0.1 * g * g + 1e-7);
    case "adam":
      return w - (((rate * Math.sqrt(1 - 0.999)) / (1 - 0.9)) * (0.1 * g)) / (Math.sqrt(0.001 * g * g) + 1e-7);
    case "adamw":
      return (
        w * (1 - rate * 0.1) -
        (((rate * Math.sqrt(1 - 0.999)) / (1 - 0.9)) * (0.1 * g)) / (Math.sqrt(0.001 * g * g) + 1e-7)
      );
    case "sgd":
      return w - rate * g;
  }
}

/** Central differences of the score, for every weight. */
async function numericalGradients(
  options: BackendOptions,
  weights: readonly { name: string; shape: readonly number[]; values: Float32Array }[],
  batch: Batch,
): Promise<number[][]> {
  const probe = createTfjsBackend(options);
  const step = 1e-2;
  const gradients: number[][] = [];
  for (const weight of weights) {
    const own: number[] = [];
    for (let index = 0; index < weight.values.length; index++) {
      const losses: number[] = [];
      for (const sign of [1, -1]) {
        const moved = weights.map((other) => ({ ...other, values: other.values.slice() }));
        moved[weights.indexOf(weight)]!.values[index]! += sign * step;
        probe.writeWeights(moved);
        losses.push((await probe.scoreBatch(batch)).loss);
      }
      own.push((losses[0]! - losses[1]!) / (2 * step));
    }
    gradients.push(own);
  }
  await probe.dispose();
  return gradients;
}

test.each([
  [
    "an id outside the vocabulary",
    { inputs: Uint8Array.from([9, 0, 0, 0]), targets: Uint8Array.of(0), rows: 1, length: 4 },
  ],
  ["no rows", { inputs: new Uint8Array(0), targets: new Uint8Array(0), rows: 0, length: 4 }],
  ["too many rows", { inputs: new Uint8Array(16), targets: new Uint8Array(4), rows: 4, length: 4 }],
  ["targets that do not fit", { inputs: new Uint8Array(4), targets: new Uint8Array(2), rows: 1, length: 4 }],
])("a batch with %s is refused", async (_, batch) => {
  const backend = createTfjsBackend(optionsOf(shapes[0]!));
  await expect(backend.trainBatch(batch, 0.1)).rejects.toMatchObject({ code: "BAD_BATCH" });
  await backend.dispose();
});

test("a disposed backend says so", async () => {
  const backend = createTfjsBackend(optionsOf(shapes[0]!));
  await backend.dispose();
  await expect(backend.trainBatch(batchOf(shapes[0]!), 0.1)).rejects.toMatchObject({ code: "DISPOSED" });
});
