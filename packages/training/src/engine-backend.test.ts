import { initialWeights } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { createEngineBackend } from "./engine-backend.js";

const options = {
  architecture: { vocabularySize: 3, window: 2, units: [2, 3], dropout: 0 },
  ...{ objective: "sequence" as const, optimizer: { name: "adam" as const }, rows: 2, seed: 5, threads: 1 },
};
const batch = { inputs: Uint8Array.of(0, 1, 2, 0), targets: Uint8Array.of(1, 2, 0, 1), rows: 2, length: 2 };

test("the engine's weights are the seed's, its state and its optimizer's go out and in again", async () => {
  const backend = await createEngineBackend({ ...options, build: "simd" });
  expect(backend).toMatchObject({ name: "engine", facts: { threads: 1, build: "simd" } });
  expect(backend.options).toEqual({ ...options, build: "simd" });
  expect(await backend.readWeights()).toEqual(initialWeights(options.architecture, { seed: 5 }));
  // [layers][h, c][rows][units]
  expect(backend.readState()).toEqual(new Float32Array(2 * 2 * (2 + 3)));
  await backend.trainBatch(batch, 0.1);
  const state = backend.readState();
  expect(state.every((value) => value !== 0)).toBe(true);
  const optimizer = await backend.readOptimizer();
  expect(optimizer).toMatchObject({ name: "adam", step: 1 });
  expect(optimizer.slots).toHaveLength(2 * 8);
  backend.resetState();
  expect(backend.readState()).toEqual(new Float32Array(state.length));
  backend.writeState(state);
  expect(backend.readState()).toEqual(state);
  backend.writeOptimizer({ ...optimizer, step: 7 });
  expect(await backend.readOptimizer()).toEqual({ ...optimizer, step: 7 });
  await backend.dispose();
  await expect(backend.trainBatch(batch, 0.1)).rejects.toMatchObject({ code: "CLOSED" });
});

test("a stream begins at zero, again after a reset, and goes on from a state", async () => {
  const backend = await createEngineBackend(options);
  const stream = backend.openStream(2);
  expect(stream.count).toBe(2);
  expect(backend.openStream().count).toBe(1);
  const first = [...stream.step([0, 1])];
  const state = stream.readState();
  expect(state).toHaveLength(2 * 2 * (2 + 3));
  const second = [...stream.step([2, 2])];
  expect(second).not.toEqual(first);
  stream.reset();
  expect([...stream.step([0, 1])]).toEqual(first);
  stream.reset();
  stream.writeState(state);
  expect([...stream.step([2, 2])]).toEqual(second);
  stream.dispose();
  expect(() => stream.step([0, 1])).toThrow(expect.objectContaining({ code: "CLOSED" }));
  await backend.dispose();
});

test("an engine for streams waits for the weights of a model", async () => {
  const backend = await createEngineBackend({ ...options, purpose: "streams" });
  expect((await backend.readWeights()).every(({ values }) => values.every((value) => value === 0))).toBe(true);
  await backend.dispose();
});

test("gates that the engine does not have are refused, with what has them", async () => {
  const architecture = { ...options.architecture, recurrentActivation: "hard_sigmoid" as const };
  await expect(createEngineBackend({ ...options, architecture })).rejects.toMatchObject({
    code: "UNSUPPORTED_ACTIVATION",
    message:
      "the model's gates are hard_sigmoid, the engine has sigmoid gates: use a TensorFlow.js backend (createTfjsBackend; --backend tfjs-cpu in the command line)",
    details: { recurrentActivation: "hard_sigmoid" },
  });
});
