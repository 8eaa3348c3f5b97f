// Nothing is saved that could not be loaded.
import { expect, test } from "vitest";
import { type Checkpoint, encodeCheckpoint } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

const { weights, optimizer, tensors } = sampleCheckpoint();
const [kernel] = weights as [(typeof weights)[number]];
const [slot] = optimizer.slots as [(typeof weights)[number]];
const [state] = tensors as [(typeof weights)[number]];
const circular: Record<string, unknown> = {};
circular.self = circular;

test.each<[code: string, what: string, change: object]>([
  [
    "BAD_ARCHITECTURE",
    "another architecture's field",
    { architecture: { ...sampleCheckpoint().architecture, units: [] } },
  ],
  ["BAD_WEIGHTS", "weights of another architecture", { weights: sampleCheckpoint({ units: [3] }).weights }],
  ["BAD_WEIGHTS", "weights in another order", { weights: weights.toReversed() }],
  ["BAD_WEIGHTS", "a weight too few", { weights: weights.slice(1) }],
  [
    "BAD_WEIGHTS",
    "a weight with too few numbers",
    { weights: [{ ...kernel, values: new Float32Array(3) }, ...weights.slice(1)] },
  ],
  [
    "BAD_WEIGHTS",
    "64-bit numbers",
    { weights: [{ ...kernel, values: Float64Array.from(kernel.values) }, ...weights.slice(1)] },
  ],
  ["BAD_CHECKPOINT", "a shape that is a text", { weights: [{ ...kernel, shape: "3,8" }, ...weights.slice(1)] }],
  ["BAD_CHECKPOINT", "a slot twice", { optimizer: { ...optimizer, slots: [slot, slot] } }],
  ["BAD_CHECKPOINT", "an unknown slot", { optimizer: { ...optimizer, slots: [{ ...slot, name: "lstm/kernel/m" }] } }],
  ["BAD_CHECKPOINT", "an unknown optimizer", { optimizer: { ...optimizer, name: "adagrad" } }],
  ["BAD_CHECKPOINT", "half a step", { optimizer: { ...optimizer, step: 0.5 } }],
  ["BAD_CHECKPOINT", "an array by the name of a slot", { tensors: [{ ...state, name: slot.name }] }],
  ["BAD_CHECKPOINT", "an array without name", { tensors: [{ ...state, name: undefined }] }],
  ["BAD_CHECKPOINT", "an array of negative shape", { tensors: [{ ...state, shape: [-1, -2] }] }],
  ["BAD_WEIGHTS", "an array of another size", { tensors: [{ ...state, shape: [3] }] }],
  [
    "BAD_WEIGHTS",
    "an array that is infinite",
    { tensors: [{ ...state, values: Float32Array.of(0, Number.POSITIVE_INFINITY) }] },
  ],
  ["BAD_CHECKPOINT", "an unsorted vocabulary", { vocabulary: sampleCheckpoint().vocabulary.toReversed() }],
  ["BAD_CHECKPOINT", "an objective that there is not", { objective: "chunk" }],
  ["BAD_CHECKPOINT", "a history that is none", { history: [1] }],
  ["NOT_JSON", "NaN in the history", { history: [{ loss: Number.NaN }] }],
  ["NOT_JSON", "infinity in the settings", { settings: { clipNorm: Number.POSITIVE_INFINITY } }],
  ["NOT_JSON", "a Map in the progress", { progress: { random: new Map() } }],
  ["NOT_JSON", "a typed array in the progress", { progress: { random: new Uint32Array(4) } }],
  ["NOT_JSON", "a date in the metadata", { metadata: { at: [new Date(0)] } }],
  ["NOT_JSON", "a function in the metadata", { metadata: { toJSON: () => ({}) } }],
  ["NOT_JSON", "undefined in a list", { metadata: { list: [undefined] } }],
  ["NOT_JSON", "a bigint in the metadata", { metadata: { count: 1n } }],
  ["NOT_JSON", "metadata that holds itself", { metadata: circular }],
])("%s: %s is refused", (code, _what, change) => {
  expect(() => encodeCheckpoint({ ...sampleCheckpoint(), ...change } as Checkpoint)).toThrow(
    expect.objectContaining({ name: "ModelError", code }),
  );
});

test("a refusal names the place", () => {
  const history = [{ loss: 1 }, { loss: Number.NaN }];
  expect(() => encodeCheckpoint({ ...sampleCheckpoint(), history })).toThrow(/history\[1\]\.loss is NaN/);
  const broken = sampleCheckpoint();
  broken.weights[2]!.values[5] = Number.NaN;
  expect(() => encodeCheckpoint(broken)).toThrow(/lstm\/bias holds NaN at place 5/);
});

test("objects of another realm or without prototype are plain ones", async () => {
  const { runInNewContext } = await import("node:vm");
  const settings = runInNewContext("({ learningRate: 0.01, betas: [0.9, 0.999] })");
  const metadata = Object.assign(Object.create(null), { corpus: "a book" });
  expect(() => encodeCheckpoint({ ...sampleCheckpoint(), settings, metadata })).not.toThrow();
});
