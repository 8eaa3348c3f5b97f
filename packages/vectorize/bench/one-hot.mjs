// Question: how much faster are one-hot batches than the usual way, a tf.buffer() that is set element by element?
//
// node bench/one-hot.mjs [cleaned text]
//
// The usual way fills one buffer with all the windows that are to be trained next, as the tfjs-examples text generator does; here for 100
// batches at a time, since the whole corpus is 3.4 GB. A buffer for each batch is its kindest form. All ways read the same ids in the same
// shuffled order and end in tensors, which are disposed of. They take turns, and must agree before they are timed.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { createVocabulary, encode, oneHotBatches, windowBatches } from "../dist/index.js";
import { benchText, environment, median } from "./text.mjs";

const shape = { window: 60, stride: 3, batch: 128 };
const rounds = 11;
const warmUp = 3;
const batchesPerRound = 100;

const text = benchText(process.argv[2]);
const vocabulary = createVocabulary(text);
const ids = encode(text, vocabulary);
const V = vocabulary.size;

/** Tensors `[rows, T, V]` and `[rows, V]`, of `batch` windows each. */
function* withBuffer(batch) {
  for (const { inputs, targets, rows, length } of windowBatches(ids, { ...shape, batch })) {
    const x = tf.buffer([rows, length, V]);
    const y = tf.buffer([rows, V]);
    for (let row = 0; row < rows; row++) {
      for (let t = 0; t < length; t++) x.set(1, row, t, inputs[row * length + t]);
      y.set(1, row, targets[row]);
    }
    yield [x.toTensor(), y.toTensor()];
  }
}

function* withBatches(options) {
  for (const { x, y, rows, length } of oneHotBatches(ids, { ...shape, ...options, vocabularySize: V })) {
    yield [tf.tensor3d(x, [rows, length, V]), tf.tensor2d(y, [rows, V])];
  }
}

/** What makes the tensors, and how many pulls a round takes. */
const ways = [
  { name: "tf.buffer().set", make: () => withBuffer(batchesPerRound * shape.batch), pulls: 1 },
  { name: "the same, batch by batch", make: () => withBuffer(shape.batch), pulls: batchesPerRound },
  { name: "oneHotBatches, reuse", make: () => withBatches({ reuse: true }), pulls: batchesPerRound },
  { name: "oneHotBatches", make: () => withBatches({}), pulls: batchesPerRound },
];

agree();
const runs = ways.map((way) => ({ ...way, tensors: way.make(), times: [] }));
for (let round = 0; round < warmUp + rounds; round++) {
  for (const { tensors, pulls, times } of runs) {
    const start = performance.now();
    for (let pull = 0; pull < pulls; pull++) tf.dispose(tensors.next().value);
    if (round >= warmUp) times.push((performance.now() - start) / batchesPerRound);
  }
}

console.log(environment(`tfjs ${tf.version_core} ${tf.getBackend()}`));
console.log(`one-hot batch, N = ${shape.batch}, T = ${shape.window}, V = ${V}, text of ${ids.length} characters`);
console.log(`a batch, median of ${rounds} rounds of ${batchesPerRound} after ${warmUp}`);
const reference = median(runs[0].times);
for (const { name, times } of runs) {
  const middle = median(times);
  const spread = median(times.map((time) => Math.abs(time - middle)));
  const ratio = (reference / middle).toFixed(1);
  console.log(`${name.padEnd(26)} ${middle.toFixed(3).padStart(7)} ms ± ${spread.toFixed(3)} ${ratio.padStart(7)}x`);
}

/** All ways give the same first round, byte for byte. */
function agree() {
  const [expected, ...others] = ways.map(({ make, pulls }) => {
    const tensors = make();
    const bytes = { x: [], y: [] };
    for (let pull = 0; pull < pulls; pull++) {
      const [x, y] = tensors.next().value;
      bytes.x.push(bytesOf(x));
      bytes.y.push(bytesOf(y));
      tf.dispose([x, y]);
    }
    return { x: Buffer.concat(bytes.x), y: Buffer.concat(bytes.y) };
  });
  for (const { x, y } of others) {
    if (!x.equals(expected.x) || !y.equals(expected.y)) throw new Error("the ways do not make the same batches");
  }
}

/** A copy: the next batch may be written over this one. */
function bytesOf(tensor) {
  const values = tensor.dataSync();
  return Buffer.from(values.slice().buffer);
}
