import { archiveNames, readArchive } from "../archive.js";
import { FormatError } from "../errors.js";
import { notAKerasArchive } from "../foreign-files.js";
import { layerArrays, layersGroup, numberedArrays } from "../h5/weights.js";
import { type Group, isHdf5, openHdf5 } from "../hdf5/read.js";
import { parseJson, textOf } from "../json.js";
import { assemble, keepsArrays } from "../layers/assemble.js";
import { importedModel } from "../layers/imported-model.js";
import { kerasOf, readTopology } from "../layers/topology.js";
import { OBJECTIVE_KEY } from "../objective.js";
import { optimizerOrWarning, readOptimizer } from "../optimizer/optimizer.js";
import type { ImportedModel } from "../portable-model.js";
import { type ReadOptions, refuseConfig } from "../read-options.js";
import { VOCABULARY_KEY } from "../vocabulary.js";

/** The archive entries that carry vocabulary and objective; Keras looks only for the entries it knows. */
export const VOCABULARY_ENTRY = `${VOCABULARY_KEY}.json`;
export const OBJECTIVE_ENTRY = `${OBJECTIVE_KEY}.txt`;

/**
 * Reads a `.keras` model (Keras 3, and Keras 2 from 2.12 on).
 *
 * Weights lie under `layers/<class>_<number>`, counted by class and not by the layer's name; 2.12 and 2.13 call the
 * folder `_layer_checkpoint_dependencies` and leave gaps in the numbers.
 *
 * @throws {FormatError} As {@link readKeras}.
 */
export function readKerasV3(bytes: Uint8Array, options: ReadOptions = {}): ImportedModel {
  refuseConfig(options);
  const own = [VOCABULARY_ENTRY, OBJECTIVE_ENTRY];
  const entries = readArchive(bytes, ["metadata.json", "config.json", "model.weights.h5", ...own]);
  const config = entries.get("config.json");
  const weightsFile = entries.get("model.weights.h5");
  if (!config || !weightsFile || !isHdf5(weightsFile)) throw notAKerasArchive(archiveNames(bytes));
  const model = parseJson(textOf(config), "config.json");
  const metadata = entries.get("metadata.json");
  const version = metadata ? parseJson(textOf(metadata), "metadata.json").keras_version : undefined;
  const topology = readTopology(model, kerasOf(version ?? "3"));
  const file = openHdf5(weightsFile);
  const container = layersGroup(file);
  if (!container) throw new FormatError("MISSING_WEIGHTS", "model.weights.h5 has no layers", {});
  const tensors = topology.layers.map((layer) => layerArrays(container, layer, topology.layers));
  const { architecture, weights, warnings } = assemble(topology, tensors, options);
  const notes = [...warnings];
  const optimizer = keepsArrays(topology)
    ? optimizerOrWarning(notes, () => optimizerOf(model.compile_config, file, weights, notes))
    : undefined;
  const ownText = (name: string) => entries.get(name) && textOf(entries.get(name)!);
  return importedModel({
    architecture,
    weights,
    optimizer,
    topology,
    own: { vocabulary: ownText(VOCABULARY_ENTRY), objective: ownText(OBJECTIVE_ENTRY) },
    source: `Keras ${typeof version === "string" ? version : "3"} .keras`,
    notes,
  });
}

function optimizerOf(
  compileConfig: unknown,
  file: Group,
  weights: ImportedModel["weights"],
  warnings: string[],
): ImportedModel["optimizer"] {
  const vars = file.group("optimizer/vars");
  if (!vars || typeof compileConfig !== "object" || compileConfig === null) return undefined;
  const { optimizer } = compileConfig as { optimizer?: unknown };
  // Keras 3 itself forgets the optimizer's kind when a model was saved as .h5 before.
  return readOptimizer(optimizer, numberedArrays(vars), weights, warnings);
}
