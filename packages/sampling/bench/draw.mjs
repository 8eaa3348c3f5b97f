// How long does one draw take, for a character model (V = 59) and for a token model (V = 50,000)?
//
// Rivals, in the same process, interleaved, on the same logits, from logits to an id:
//   tf.multinomial    @tensorflow/tfjs-core on its CPU backend; the logits are a tensor already, as a model leaves them.
//   transformers.js   what MultinomialSampler of @huggingface/transformers 4.3 does: the ONNX operator TopK (all V ids
//                     unless top_k is set), softmax, a weighted index. Written out here, since installing the package
//                     brings 470 MB; the operator runs in the same ONNX Runtime.
// All must draw with the frequencies of the softmax before they are timed.
//
//   pnpm --filter @charlstm/sampling bench

import { readFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { createRandom, createSampler, sample, sampleLogits, softmax } from "@charlstm/sampling";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import ort from "onnxruntime-node";

const ROUNDS = 25;
const WARM_UP = 5;
const SECONDS_A_ROUND = 0.01;

const topK = await ort.InferenceSession.create(readFileSync(new URL("../test/fixtures/top-k.onnx", import.meta.url)));
const version = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url))).version;

console.log(
  `node ${process.version}, ${platform()} ${arch()}, ${cpus()[0].model} x ${cpus().length}, ` +
    `tfjs ${version("@tensorflow/tfjs-core")} cpu, onnxruntime-node ${version("onnxruntime-node")}`,
);
console.log(
  `microseconds a draw, median of ${ROUNDS} rounds after ${WARM_UP} ± half the middle half; x: against the first row\n`,
);

for (const vocabularySize of [59, 50_000]) {
  const logits = normalLogits(vocabularySize);
  const rivals = drawsOf(logits);
  for (const [name, draw] of Object.entries(rivals)) await checkFrequency(name, draw, logits);
  await compare(`V = ${vocabularySize}, temperature 1`, rivals, logits);
  await compare(`V = ${vocabularySize}, top-k 40`, drawsWithTopK(logits, 40), logits);
  await compare(`V = ${vocabularySize}, this package's other samplers`, otherDraws(logits), logits);
}

function drawsOf(logits) {
  const scratch = new Float64Array(logits.length);
  const random = createRandom(1);
  const tensor = tf.tensor1d(logits);
  return {
    sampleLogits: () => sampleLogits(logits, { random, scratch }),
    createSampler: createSampler({ random }),
    "tf.multinomial": () => tf.tidy(() => tf.multinomial(tensor, 1).dataSync()[0]),
    "transformers.js": () => transformersDraw(logits, logits.length, random),
  };
}

function drawsWithTopK(logits, k) {
  const random = createRandom(2);
  return {
    createSampler: createSampler({ topK: k, random }),
    "transformers.js": () => transformersDraw(logits, k, random),
  };
}

function otherDraws(logits) {
  const random = createRandom(3);
  const scratch = new Float64Array(logits.length);
  const probabilities = Float32Array.from(softmax(logits));
  return {
    "sample, from probabilities": () => sample(probabilities, { random, scratch }),
    "temperature 0": createSampler({ temperature: 0 }),
    "top-p 0.95": createSampler({ topP: 0.95, random }),
    "min-p 0.05": createSampler({ minP: 0.05, random }),
    "typical 0.95": createSampler({ typicalP: 0.95, random }),
    penalties: createSampler({ repetitionPenalty: 1.1, frequencyPenalty: 0.1, random }),
    "top-k 40, top-p 0.95, temperature 0.8": createSampler({ topK: 40, topP: 0.95, temperature: 0.8, random }),
  };
}

async function transformersDraw(logits, k, random) {
  const { values, ids } = await topK.run({
    logits: new ort.Tensor("float32", logits, [logits.length]),
    k: new ort.Tensor("int64", BigInt64Array.of(BigInt(k)), [1]),
  });
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values.data) if (value > largest) largest = value;
  const weights = values.data.map((value) => Math.exp(value - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let position = random() * total;
  for (let index = 0; index < weights.length; index++) {
    position -= weights[index];
    if (position < 0) return Number(ids.data[index]);
  }
  return Number(ids.data[weights.length - 1]);
}

/** Peaked as a trained model's are: normal, with a deviation of 4 nats. */
function normalLogits(length) {
  const random = createRandom(59);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Float32Array.from({ length }, () => 4 * normal());
}

async function compare(title, draws, logits) {
  const names = Object.keys(draws);
  const repeats = Object.fromEntries(names.map((name) => [name, 1]));
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const name of names) {
      const seconds = await secondsFor(repeats[name], draws[name], logits);
      if (round >= 0) times[name].push((seconds / repeats[name]) * 1e6);
      else repeats[name] = Math.max(1, Math.round((repeats[name] * SECONDS_A_ROUND) / seconds));
    }
  }
  console.log(title);
  const first = quantile(times[names[0]], 0.5);
  for (const name of names) {
    const median = quantile(times[name], 0.5);
    const spread = (quantile(times[name], 0.75) - quantile(times[name], 0.25)) / 2;
    const cells = [name.padEnd(40), median.toFixed(2).padStart(10), `± ${spread.toFixed(2)}`.padEnd(10)];
    console.log(`  ${cells.join(" ")} ${(median / first).toFixed(2).padStart(8)}x`);
  }
  console.log();
}

/** The most probable id must come as often as it should, within five standard deviations. */
async function checkFrequency(name, draw, logits) {
  const probabilities = softmax(logits);
  const favourite = probabilities.indexOf(Math.max(...probabilities));
  const probability = probabilities[favourite];
  const count = 400;
  let seen = 0;
  for (let index = 0; index < count; index++) if ((await draw(logits)) === favourite) seen++;
  const deviation = Math.sqrt(count * probability * (1 - probability));
  if (Math.abs(seen - count * probability) > 5 * deviation) {
    throw new Error(
      `${name} drew id ${favourite} ${seen} times in ${count}, which its probability ${probability} does not allow`,
    );
  }
}

async function secondsFor(count, draw, logits) {
  const start = performance.now();
  const first = draw(logits);
  // Only what is a promise is awaited: a draw takes less time than the wait.
  if (first instanceof Promise) for (let index = 1; index < count; index++) await draw(logits);
  else for (let index = 1; index < count; index++) draw(logits);
  await first;
  return (performance.now() - start) / 1000;
}

function quantile(values, part) {
  return values.toSorted((a, b) => a - b)[Math.round(part * (values.length - 1))];
}
