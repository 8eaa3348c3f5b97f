import { expect, test } from "vitest";
import { checkpointFromPortable, type ModelFormat, readModel, writeModel } from "../src/index.js";
import { randomModel, withOptimizer } from "./models.js";

const architecture = { vocabularySize: 8, window: 6, units: [4, 3], dropout: 0.25 };
const model = { ...withOptimizer(randomModel(architecture), { name: "rmsprop" }, 3), objective: "window" as const };
const checkpoint = checkpointFromPortable({ ...model, source: "", warnings: [] }, model.vocabulary!);

test.each<[ModelFormat, string[]]>([
  ["h5", ["model.h5"]],
  ["keras", ["model.keras"]],
  ["tfjs", ["model.json", "weights.bin"]],
  ["safetensors", ["model.safetensors"]],
])("a model in %s is read again with its weights, characters and objective", (format, names) => {
  const { files } = writeModel(checkpoint, format);
  expect([...files.keys()]).toEqual(names);
  const { checkpoint: read } = readModel(files);
  expect(read.weights).toEqual(checkpoint.weights);
  expect(read.vocabulary).toEqual(checkpoint.vocabulary);
  expect(read.objective).toBe("window");
  expect(read.optimizer).toEqual(format === "h5" || format === "keras" ? checkpoint.optimizer : undefined);
});

test("a .charlstm file holds all of a checkpoint", () => {
  const { files, notes } = writeModel(checkpoint, "charlstm");
  expect([...files.keys()]).toEqual(["model.charlstm"]);
  expect(readModel(files).checkpoint).toEqual({ ...checkpoint, tensors: [] });
  expect(notes).toEqual([]);
});

test("ONNX is one file", () => {
  expect([...writeModel(checkpoint, "onnx").files.keys()]).toEqual(["model.onnx"]);
});

test("what a format loses is noted, and nothing that it keeps", () => {
  const notes = (format: ModelFormat, of = checkpoint) => writeModel(of, format).notes;
  const { optimizer: _, ...plain } = checkpoint;
  expect(notes("h5")).toEqual([expect.stringMatching(/Keras 3 predicts .* write \.keras/)]);
  expect(notes("h5", plain)).toEqual([]);
  expect(notes("keras")).toEqual([]);
  expect(notes("onnx", { ...plain, objective: "sequence" })).toEqual([]);
  expect(notes("tfjs", { ...plain, objective: "sequence" })).toEqual([expect.stringMatching(/whole sequences/)]);
});
