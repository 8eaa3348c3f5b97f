import { FormatError } from "../errors.js";
import { type Group, openHdf5 } from "../hdf5/read.js";
import { parseJson } from "../json.js";
import { assemble, keepsArrays } from "../layers/assemble.js";
import { importedModel } from "../layers/imported-model.js";
import type { WeightedLayer } from "../layers/layers.js";
import type { RawTensor } from "../layers/layout.js";
import { kerasOf, readTopology, type Topology } from "../layers/topology.js";
import { OBJECTIVE_KEY } from "../objective.js";
import { optimizerOrWarning, readOptimizer } from "../optimizer/optimizer.js";
import type { ImportedModel } from "../portable-model.js";
import { type ReadOptions, refuseConfig } from "../read-options.js";
import { VOCABULARY_KEY } from "../vocabulary.js";
import { layersGroup, layerArrays as numberedLayerArrays, topologyOfWeights } from "./weights.js";

/**
 * Reads a `.h5` model of Keras 2 (also 2.0 to 2.2) or Keras 3: its weights are found by `layer_names` and
 * `weight_names`, never by guessing names.
 *
 * @throws {FormatError} As {@link readKeras}.
 */
export function readKerasH5(bytes: Uint8Array, options: ReadOptions = {}): ImportedModel {
  const file = openHdf5(bytes);
  const { modelConfig, weightsGroup } = modelOf(file);
  if (modelConfig === undefined || !weightsGroup) return readWeightsFile(file, options);
  refuseConfig(options);
  const version = textAttribute(file, "keras_version") ?? textAttribute(weightsGroup, "keras_version") ?? "1";
  if (/^[01](\.|$)/.test(version)) {
    throw new FormatError(
      "UNSUPPORTED_FILE",
      `the file was written by Keras ${version}, Keras 2 or 3 was expected: load it in Keras 2 and save it again`,
      { version },
    );
  }
  const topology = readTopology(parseJson(modelConfig, "the model configuration"), kerasOf(version));
  const tensors = topology.layers.map((layer) => layerArrays(weightsGroup, layer));
  const { architecture, weights, warnings } = assemble(topology, tensors, options);
  const notes = [...warnings];
  const optimizer = keepsArrays(topology)
    ? optimizerOrWarning(notes, () => optimizerOf(file, weights, notes))
    : undefined;
  return importedModel({
    architecture,
    weights,
    optimizer,
    topology,
    own: {
      vocabulary: splitAttribute(file, VOCABULARY_KEY)?.join(""),
      objective: file.attribute(OBJECTIVE_KEY)?.[0],
    },
    source: `Keras ${version} .h5`,
    notes,
  });
}

/** Whether a `.h5` file holds weights alone: its structure is elsewhere. @throws {FormatError} As {@link readKeras}. */
export function holdsWeightsAlone(bytes: Uint8Array): boolean {
  const { modelConfig, weightsGroup } = modelOf(openHdf5(bytes));
  return modelConfig === undefined || !weightsGroup;
}

function modelOf(file: Group): { modelConfig: string | undefined; weightsGroup: Group | undefined } {
  return { modelConfig: textAttribute(file, "model_config"), weightsGroup: file.group("model_weights") };
}

/**
 * Weights without their model: what `save_weights` writes, in Keras 3's layout or in Keras 2's.
 *
 * @throws {FormatError} `NOT_A_MODEL` where the structure is needed and not given.
 */
function readWeightsFile(file: Group, { config, ...options }: ReadOptions): ImportedModel {
  const container = layersGroup(file);
  const isKeras2 = file.attribute("layer_names") !== undefined || file.attribute("layer_names0") !== undefined;
  if (!container && !isKeras2) {
    throw new FormatError(
      "NOT_A_MODEL",
      "the HDF5 file holds no Keras model: it has no model_config and model_weights",
      {
        weightsOnly: false,
      },
    );
  }
  if (!container && config === undefined) {
    throw new FormatError(
      "NOT_A_MODEL",
      "the file holds weights without the model (save_weights): give its structure, as model.to_json() writes it, with them " +
        "(config; --config in the command line; in the page its .json file, chosen along with it), or save it in Keras with model.save(...)",
      { weightsOnly: true },
    );
  }
  const topology = config === undefined ? topologyOfWeights(container!) : topologyOfConfig(config);
  const { layers } = topology;
  const arrays = layers.map((layer) =>
    container ? numberedLayerArrays(container, layer, layers) : layerArrays(file, layer),
  );
  return { ...assemble(topology, arrays, options), objective: topology.objective, source: "Keras weights .h5" };
}

/** The structure that `model.to_json()` wrote, of Keras 2, which says so, or of Keras 3, which names its modules. */
function topologyOfConfig(config: string): Topology {
  const json = parseJson(config, "the model's structure (config)");
  return readTopology(json, kerasOf(json.keras_version ?? ("module" in json ? "3" : "2")));
}

function layerArrays(weights: Group, layer: WeightedLayer): RawTensor[] {
  const listed = splitAttribute(weights, "layer_names") ?? [];
  const group = listed.includes(layer.name) ? weights.group(layer.name) : undefined;
  if (!group) {
    throw new FormatError("MISSING_WEIGHTS", `the file has no weights for layer "${layer.name}"`, {
      layer: layer.name,
    });
  }
  return namedArrays(group, layer.name);
}

/** The arrays that a group's `weight_names` lists, in that order. */
function namedArrays(group: Group, owner: string): RawTensor[] {
  return (splitAttribute(group, "weight_names") ?? []).map((name) => {
    const found = group.dataset(name);
    if (!found)
      throw new FormatError("MISSING_WEIGHTS", `the array "${name}" of "${owner}" is missing`, { owner, name });
    return found;
  });
}

function optimizerOf(file: Group, weights: ImportedModel["weights"], warnings: string[]): ImportedModel["optimizer"] {
  const training = textAttribute(file, "training_config");
  const group = file.group("optimizer_weights");
  if (training === undefined || !group) return undefined;
  const { optimizer_config: description } = parseJson(training, "the training configuration");
  if (description === undefined || description === null) return undefined;
  return readOptimizer(description, namedArrays(group, "the optimizer"), weights, warnings);
}

function textAttribute(group: Group, name: string): string | undefined {
  const value = group.attribute(name)?.[0];
  return typeof value === "string" ? value : undefined;
}

/** A list of texts, which Keras splits over `name0`, `name1`, … when it is longer than an HDF5 header may be. */
function splitAttribute(group: Group, name: string): string[] | undefined {
  const whole = group.attribute(name);
  if (whole) return whole.map(String);
  const parts: string[] = [];
  for (let index = 0; ; index++) {
    const part = group.attribute(`${name}${index}`);
    if (!part) return index === 0 ? undefined : parts;
    parts.push(...part.map(String));
  }
}
