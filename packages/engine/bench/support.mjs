// What the benchmarks share: the environment, test data, medians.
import os from "node:os";
import { createEngine } from "@charlstm/engine";

export const NOTEBOOK = { vocabularySize: 59, units: [128], rows: 128, length: 60, objective: "window" };
export const SEQUENCE = { vocabularySize: 59, units: [128], rows: 32, length: 64, objective: "sequence" };

export function printEnvironment() {
  const { model } = os.cpus()[0];
  console.log(`node ${process.versions.node}, ${os.platform()} ${os.arch()}, ${model} x ${os.availableParallelism()}`);
}

/** An engine with small random weights and one random batch that fits it. */
export async function prepare(options) {
  const engine = await createEngine(options);
  const { vocabularySize, rows, length, objective } = options;
  const weights = engine.readWeights();
  for (const { values } of weights) {
    for (let index = 0; index < values.length; index++) values[index] = (Math.random() - 0.5) * 0.15;
  }
  engine.writeWeights(weights);
  const ids = (size) => Uint16Array.from({ length: size }, () => Math.floor(Math.random() * vocabularySize));
  const targets = ids(objective === "sequence" ? rows * length : rows);
  return { engine, batch: { inputs: ids(rows * length), targets, rows, length } };
}

/** Milliseconds of one call. */
export async function time(call) {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

export function median(values) {
  return quantile(values, 0.5);
}

/** Median and half the distance between the quartiles, in milliseconds. */
export function summary(values) {
  return `${median(values).toFixed(2)} ± ${((quantile(values, 0.75) - quantile(values, 0.25)) / 2).toFixed(2)} ms`;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))];
}

/** Runs the tasks one after the other, again and again, and returns the times of each; the first rounds do not count. */
export async function interleave(tasks, rounds, warmUp = 3) {
  const times = tasks.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [index, task] of tasks.entries()) {
      const milliseconds = await task();
      if (round >= 0) times[index].push(milliseconds);
    }
  }
  return times;
}
