import { expect, test } from "vitest";
import { createRandom, createSampler, keepTopP, sample, sampleLogits } from "../src/index.js";

const V = 5000;
const DRAWS = 200;
const random = createRandom(4);
const logits = Float32Array.from({ length: V }, () => 8 * random() - 4);
const probabilities = Float32Array.from(logits, (logit) => Math.exp(logit) / V);
const scratch = new Float64Array(2 * V);
const values = Float64Array.from(logits);

test.each([
  ["sample with scratch", () => sample(probabilities, { random, scratch })],
  ["sampleLogits with scratch", () => sampleLogits(logits, { random, scratch })],
  ["a sampler", createSampler({ random })],
  ["a sampler with every option", createSampler({ ...everything(), random })],
  ["a filter with scratch", () => keepTopP(values, 0.9, scratch)],
])("%s allocates no array in a draw", (_, draw) => {
  draw(logits);
  const before = process.memoryUsage().arrayBuffers;
  for (let index = 0; index < DRAWS; index++) draw(logits);
  // One array of V float64 numbers a draw would be 8 MB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(V * 8);
});

function everything() {
  const allowedIds = Uint16Array.from({ length: V - 10 }, (_, index) => index);
  const penalties = { repetitionPenalty: 1.1, frequencyPenalty: 0.1, presencePenalty: 0.1 };
  const filters = { temperature: 0.9, topK: 400, topP: 0.95, minP: 0.001, typicalP: 0.9 };
  const others = { topNSigma: 3, minKeep: 2, xtc: { probability: 0.5, threshold: 0.1 }, mirostat: { target: 8 } };
  return { ...penalties, ...filters, ...others, allowedIds, bannedIds: [1, 2, 3], dry: { multiplier: 1, window: 100 } };
}
