import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, modelTopology } from "../src/checkpoint-node.js";
import { createCharLstm, modelFromCheckpoint } from "../src/index.js";
import { architectures, sampleCheckpoint } from "./checkpoints.js";

const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test("the topology that is written without TensorFlow.js is the one that it writes", async () => {
  await tf.setBackend("cpu");
  await fc.assert(
    fc.asyncProperty(architectures(), async (architecture) => {
      const model = createCharLstm(architecture);
      expect(json(modelTopology(architecture))).toEqual(json(model.toJSON(null, false)));
      model.dispose();
      model.optimizer.dispose();
    }),
    { numRuns: 30 },
  );
  expect(tf.memory().numTensors).toBe(0);
});

test.each([{}, { recurrentActivation: "hard_sigmoid" as const }])(
  "model.json is the one that TensorFlow.js saves, but for the vocabulary and the objective in it %o",
  async (gates) => {
    await tf.setBackend("cpu");
    const checkpoint = sampleCheckpoint({ units: [2, 3], dropout: 0.5, ...gates });
    const files = encodeCheckpoint(checkpoint);
    const model = modelFromCheckpoint(decodeCheckpoint(files));
    let artifacts: tf.io.ModelArtifacts = {};
    await model.save(
      tf.io.withSaveHandler(async (given) => {
        artifacts = given;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
      }),
    );
    model.dispose();
    const { weightSpecs, weightData, ...rest } = artifacts;
    const written = JSON.parse(new TextDecoder().decode(files.get("model.json")));
    expect(written).toEqual({
      ...(json(rest) as object),
      weightsManifest: [{ paths: ["weights.bin"], weights: json(weightSpecs) }],
      userDefinedMetadata: { vocabulary: checkpoint.vocabulary, objective: checkpoint.objective },
    });
    const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData!));
    expect(files.get("weights.bin")).toEqual(bytes);
  },
);
