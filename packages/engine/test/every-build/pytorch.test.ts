// What PyTorch computed in float64 from the same weights and batches; test/fixtures has the script.
import { readFileSync } from "node:fs";
import type { Objective } from "@charlstm/engine";
import { describe, expect, test } from "vitest";
import { gradientOf, openEngine, randomBatch, randomWeights, relativeError } from "../support.js";

type Shape = {
  vocabularySize: number;
  units: number[];
  rows: number;
  length: number;
  objective: Objective;
  dropout: number;
  seed: number;
};
/** A gradient is a block's float32 values in base64. */
type Case = { shape: Shape; loss: number; gradient: string[]; rate: number; clipNorm: number; losses: number[] };

const { cases }: { cases: Case[] } = JSON.parse(
  readFileSync(new URL("../fixtures/pytorch.json", import.meta.url), "utf8"),
);

const decode = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);

describe.each(cases)("with $shape", ({ shape, loss, gradient, rate, clipNorm, losses }) => {
  const { vocabularySize, units, rows, length, objective, seed } = shape;
  const weights = randomWeights(vocabularySize, units, seed);
  const batch = (seed: number) => randomBatch(vocabularySize, rows, length, objective === "sequence", seed);

  test.each([1, 3])("every block's gradient is PyTorch's within 1e-4, on %i threads", async (threads) => {
    const engine = await openEngine({ ...shape, threads, optimizer: { name: "sgd" } });
    engine.writeWeights(weights);
    const ours = await gradientOf(engine, batch(seed));
    expect(Math.abs(ours.loss - loss)).toBeLessThan(1e-5);
    expect(ours.gradient).toHaveLength(gradient.length);
    for (const [index, { name, values }] of ours.gradient.entries()) {
      expect(relativeError(values, decode(gradient[index]!)), name).toBeLessThan(1e-4);
    }
  });

  test("fifty steps lose what PyTorch's lose within 1e-3", async () => {
    const engine = await openEngine({ ...shape, threads: 2, optimizer: { name: "sgd" }, clipNorm });
    engine.writeWeights(weights);
    for (const [step, expected] of losses.entries()) {
      const { loss } = await engine.trainBatch(batch(step % 4), rate);
      expect(Math.abs(loss - expected), `step ${step}`).toBeLessThan(1e-3);
    }
  });
});
