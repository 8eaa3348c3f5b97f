import { initialWeights } from "@charlstm/model/checkpoint";
import { createEngineBackend } from "@charlstm/training";
import { expect, test } from "vitest";
import { cellStep } from "./cell-step.js";

test("gates at 0 let half through: half of what was held stays, and nothing is written", () => {
  const zeros = { kernel: [0, 0, 0, 0], recurrent: [0, 0, 0, 0], bias: [0, 0, 0, 0] };
  expect(cellStep(zeros, 0, { h: [0], c: [1] }, 0)).toEqual({
    ...{ input: 0.5, forget: 0.5, candidate: 0, output: 0.5, before: 1, after: 0.5 },
    told: 0.5 * Math.tanh(0.5),
  });
});

test("the gates of every cell of both layers give the state that the engine has after the step", async () => {
  const architecture = { vocabularySize: 5, window: 8, units: [6, 4], dropout: 0 };
  const backend = await createEngineBackend({
    ...{ architecture, objective: "sequence", optimizer: { name: "sgd" }, rows: 1, seed: 3, purpose: "streams" },
  });
  const weights = initialWeights(architecture, { seed: 3 });
  backend.writeWeights(weights);
  const stream = backend.openStream();
  for (const id of [1, 4, 0, 2]) stream.step([id]);
  const before = stream.readState().slice();
  stream.step([3]);
  const after = stream.readState().slice();
  stream.dispose();
  await backend.dispose();
  let from = 0;
  for (const [layer, units] of architecture.units.entries()) {
    const [kernel, recurrent, bias] = weights.slice(3 * layer).map(({ values }) => values);
    const state = { h: before.subarray(from, from + units), c: before.subarray(from + units, from + 2 * units) };
    const input = layer === 0 ? 3 : after.subarray(0, architecture.units[0]!);
    for (let cell = 0; cell < units; cell++) {
      const step = cellStep({ kernel: kernel!, recurrent: recurrent!, bias: bias! }, input, state, cell);
      expect(step.told).toBeCloseTo(after[from + cell]!, 5);
      expect(step.after).toBeCloseTo(after[from + units + cell]!, 5);
    }
    from += 2 * units;
  }
});
