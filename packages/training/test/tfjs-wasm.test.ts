import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { Batch } from "../src/index.js";
import { createTfjsBackend } from "../src/tfjs.js";

const package_ = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json");
setWasmPaths(join(dirname(package_), "dist/"));

/** Losses and gradient norms of some updates, and the loss of a score after them. */
async function figures(name: "cpu" | "wasm", objective: "window" | "sequence"): Promise<number[]> {
  await tf.setBackend(name);
  await tf.ready();
  const backend = createTfjsBackend({
    architecture: { vocabularySize: 11, window: 6, units: [9], dropout: 0 },
    ...{ objective, optimizer: { name: "rmsprop" }, clipNorm: 5, rows: 4, seed: 3 },
  });
  const ids = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * index + 1) % 11);
  const batch: Batch = { inputs: ids(24), targets: ids(objective === "window" ? 4 : 24), rows: 4, length: 6 };
  const all: number[] = [];
  for (let step = 0; step < 5; step++) {
    const { loss, gradientNorm } = await backend.trainBatch(batch, 0.01);
    all.push(loss, gradientNorm);
  }
  all.push((await backend.scoreBatch(batch)).loss);
  await backend.dispose();
  return all;
}

test.each(["window", "sequence"] as const)(
  "the wasm backend trains with the %s objective as the plain one does",
  async (objective) => {
    const expected = await figures("cpu", objective);
    const actual = await figures("wasm", objective);
    expect(expected[0]).toBeGreaterThan(1);
    for (const [index, value] of actual.entries()) expect(value).toBeCloseTo(expected[index]!, 4);
  },
);
