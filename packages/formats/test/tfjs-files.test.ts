import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { readKeras, readTfjsLayersModel } from "../src/index.js";
import { expectedOf, fixture, tfjsFixture } from "./fixtures.js";
import { ReferenceNetwork } from "./reference.js";

describe.each([
  ["tfjs-converter-shards", "keras-2.7-adam-two-layers.h5", 1e-5],
  ["tfjs-converter-keras-3", "keras-3.15-functional.h5", 1e-5],
  ["tfjs-converter-uint16", "keras-2.7-rmsprop.h5", 1e-4], // 16 bits a weight
])("%s", (name, original, tolerance) => {
  test("predicts what the Keras model it was converted from predicts", () => {
    const network = new ReferenceNetwork(readTfjsLayersModel(tfjsFixture(name)));
    const { windows, probabilities } = expectedOf(original);
    windows.forEach((window, row) => {
      expectClose(network.predict(window), probabilities[row]!, tolerance);
    });
  });
});

test("shards are joined to the very numbers of the Keras file", () => {
  const model = readTfjsLayersModel(tfjsFixture("tfjs-converter-shards"));
  expect(model.weights).toEqual(readKeras(fixture("keras-2.7-adam-two-layers.h5")).weights);
});

test("a missing shard is named", () => {
  const { modelJson, weights } = tfjsFixture("tfjs-converter-shards");
  weights.delete("group1-shard2of2.bin");
  expect(() => readTfjsLayersModel({ modelJson, weights })).toThrow(
    expect.objectContaining({ code: "MISSING_WEIGHTS", message: expect.stringContaining("group1-shard2of2.bin") }),
  );
});

test.each(["../../etc/passwd", "/etc/passwd", "C:\\secret", "file:///etc/passwd"])(
  "a manifest cannot reach for %s",
  (path) => {
    const { modelJson, weights } = tfjsFixture("tfjs-converter-shards");
    const json = JSON.parse(modelJson) as { weightsManifest: { paths: string[] }[] };
    json.weightsManifest[0]!.paths[0] = path;
    expect(() => readTfjsLayersModel({ modelJson: JSON.stringify(json), weights })).toThrow(
      expect.objectContaining({ code: "UNSAFE_PATH" }),
    );
  },
);

test("what to_json() wrote is refused as a structure without weights", () => {
  const modelJson = JSON.stringify({ class_name: "Sequential", config: { layers: [] }, keras_version: "2.7.0" });
  expect(() => readTfjsLayersModel({ modelJson, weights: new Map() })).toThrow(
    expect.objectContaining({ code: "NOT_A_MODEL", message: expect.stringMatching(/to_json\(\).*--config/) }),
  );
});

test("a graph model is refused with the way out", () => {
  const modelJson = JSON.stringify({ format: "graph-model", modelTopology: { node: [] }, weightsManifest: [] });
  expect(() => readTfjsLayersModel({ modelJson, weights: new Map() })).toThrow(
    expect.objectContaining({ code: "NOT_A_MODEL", message: expect.stringContaining("tfjs_layers_model") }),
  );
});
