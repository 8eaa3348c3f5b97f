import { weightSpecs } from "@charlstm/network";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { buildModel } from "./char-lstm.js";
import { checkArchitecture, describeSpecs } from "./checkpoint/architecture.js";
import { checkCheckpoint } from "./checkpoint/check-checkpoint.js";
import type { Architecture, Checkpoint, NamedTensor } from "./checkpoint/types.js";
import { ModelError } from "./errors.js";
import { architectureOfModel } from "./model-architecture.js";
import { setWeights } from "./set-weights.js";

/**
 * The layers model of a checkpoint, for `predict`, `fit` or `save`; not compiled.
 *
 * @throws {ModelError} `BAD_ARCHITECTURE`, or `BAD_WEIGHTS` when the weights do not fit the architecture.
 */
export function modelFromCheckpoint({
  architecture,
  weights,
}: Pick<Checkpoint, "architecture" | "weights">): LayersModel {
  checkArchitecture(architecture);
  const given = describeSpecs(weights);
  const expected = describeSpecs(weightSpecs(architecture));
  if (given !== expected) {
    const message = `the weights are ${given}; this architecture has ${expected}`;
    throw new ModelError("BAD_WEIGHTS", message, { given, expected });
  }
  const model = buildModel(architecture);
  setWeights(model, weights);
  return model;
}

/** What a checkpoint of a layers model holds beside the model itself. */
export type CheckpointFacts = Pick<Checkpoint, "vocabulary"> &
  Partial<Pick<Checkpoint, "objective" | "history" | "settings" | "metadata">>;

/**
 * A checkpoint of a model of `createCharLstm`, or of any layers model of the same make: its architecture and a copy of its
 * weights. The optimizer's slots are not in it: tfjs-layers does not give them out by name.
 *
 * @throws {ModelError} `BAD_MODEL` when the model is another kind of network, naming the layer; `BAD_CHECKPOINT` when the
 *   vocabulary is not the model's.
 */
export async function checkpointFromModel(model: LayersModel, facts: CheckpointFacts): Promise<Checkpoint> {
  const { vocabulary, objective = "window", history = [], settings = {}, metadata = {} } = facts;
  const architecture = architectureOfModel(model);
  const weights = await readWeights(model, architecture);
  const checkpoint: Checkpoint = { architecture, vocabulary, objective, weights, history, settings, metadata };
  checkCheckpoint(checkpoint);
  return checkpoint;
}

function readWeights(model: LayersModel, architecture: Architecture): Promise<NamedTensor[]> {
  const tensors = model.getWeights(); // the model's own: not ours to dispose
  return Promise.all(
    weightSpecs(architecture).map(async (spec, index) => ({
      ...spec,
      values: Float32Array.from(await tensors[index]!.data()),
    })),
  );
}
