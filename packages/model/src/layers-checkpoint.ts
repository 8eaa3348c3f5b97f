import type { LayersModel } from "@tensorflow/tfjs-layers";
import { buildModel } from "./char-lstm.js";
import type { Architecture, Checkpoint, NamedTensor } from "./checkpoint/types.js";
import { weightSpecs } from "./checkpoint/weights.js";
import { ModelError } from "./errors.js";
import { setWeights } from "./set-weights.js";

/**
 * The layers model of a checkpoint, for `predict`, `fit` or `save`; not compiled.
 *
 * @throws {ModelError} `BAD_WEIGHTS` when the weights do not fit the architecture.
 */
export function modelFromCheckpoint({
  architecture,
  weights,
}: Pick<Checkpoint, "architecture" | "weights">): LayersModel {
  const given = weights.map(({ name, shape }) => `${name} [${shape}]`).join(", ");
  const expected = weightSpecs(architecture)
    .map(({ name, shape }) => `${name} [${shape}]`)
    .join(", ");
  if (given !== expected)
    throw new ModelError("BAD_WEIGHTS", `the weights are ${given}; this architecture has ${expected}`, {
      given,
      expected,
    });
  const model = buildModel(architecture);
  setWeights(model, weights);
  return model;
}

/** What a checkpoint of a layers model needs beside the model itself. */
export interface CheckpointFacts extends Pick<Checkpoint, "architecture" | "vocabulary"> {
  objective?: Checkpoint["objective"];
  metadata?: Checkpoint["metadata"];
}

/**
 * A checkpoint of a model that `createCharLstm` made.
 *
 * @throws {ModelError} `BAD_WEIGHTS` when the model has other weights than the architecture says.
 */
export async function checkpointFromModel(model: LayersModel, facts: CheckpointFacts): Promise<Checkpoint> {
  const { architecture, vocabulary, objective = "window", metadata = {} } = facts;
  return {
    architecture,
    vocabulary,
    objective,
    weights: await readWeights(model, architecture),
    history: [],
    settings: {},
    metadata,
  };
}

async function readWeights(model: LayersModel, architecture: Architecture): Promise<NamedTensor[]> {
  const specs = weightSpecs(architecture);
  const tensors = model.getWeights();
  const given = tensors.map(({ shape }) => `[${shape}]`).join(" ");
  const expected = specs.map(({ shape }) => `[${shape}]`).join(" ");
  if (given !== expected)
    throw new ModelError("BAD_WEIGHTS", `the model's weights are ${given}; this architecture has ${expected}`, {
      given,
      expected,
    });
  return Promise.all(
    specs.map(async (spec, index) => ({ ...spec, values: Float32Array.from(await tensors[index]!.data()) })),
  );
}
