import { FormatError } from "../errors.js";
import { type JsonObject, objectOf, optionalNumber, parseJson, shown } from "../json.js";
import { assemble, keepsArrays } from "../layers/assemble.js";
import { importedModel } from "../layers/imported-model.js";
import type { WeightedLayer } from "../layers/layers.js";
import type { RawTensor } from "../layers/layout.js";
import { kerasOf, readTopology } from "../layers/topology.js";
import { readConfig } from "../optimizer/optimizer.js";
import type { ImportedModel, NamedTensor, PortableOptimizer } from "../portable-model.js";
import { checkReadOptions, type ReadOptions } from "../read-options.js";
import { readManifest } from "./weights.js";

/** A tfjs layers model: the text of model.json and the weight files by the paths it names. */
export interface TfjsFiles {
  readonly modelJson: string;
  readonly weights: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a TensorFlow.js layers model: written by tfjs, by the Python converter (4 MB shards, quantized or not) or
 * converted from Keras 3, whose `batch_shape` plain tfjs refuses.
 *
 * @throws {FormatError} As {@link readKeras}.
 */
export function readTfjsLayersModel(files: TfjsFiles, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options);
  const json = parseJson(files.modelJson, "model.json");
  if ("class_name" in json && !("modelTopology" in json)) {
    throw new FormatError(
      "NOT_A_MODEL",
      "the JSON is a model's structure alone, as model.to_json() writes it: import the file of its weights (.weights.h5) and " +
        "give this one with it (config; --config in the command line; in the page its .json file, chosen along with it)",
      {},
    );
  }
  const outer = objectOf(json.modelTopology ?? {}, "modelTopology");
  if (json.format === "graph-model" || (!("class_name" in outer) && !("model_config" in outer))) {
    throw new FormatError(
      "NOT_A_MODEL",
      "model.json holds no layers model (a graph model keeps no layers): convert it with --output_format tfjs_layers_model",
      { format: json.format },
    );
  }
  const keras = kerasOf(outer.keras_version);
  const topology = readTopology("model_config" in outer ? objectOf(outer.model_config, "model_config") : outer, keras);
  const tensors = readManifest(json.weightsManifest, files.weights);
  const tensorsOf = topology.layers.map((layer) => layerArrays(layer, tensors));
  const { architecture, weights, warnings } = assemble(topology, tensorsOf, options);
  const notes = [...warnings];
  if (topology.gates === "hard-sigmoid-3") {
    notes.push("it was made with Keras 3, whose hard_sigmoid it has here; TensorFlow.js computes Keras 2's with it");
  }
  const optimizer = keepsArrays(topology) ? optimizerOf(json, topology.layers, tensors, weights, notes) : undefined;
  const metadata = json.userDefinedMetadata;
  const own: JsonObject = typeof metadata === "object" && metadata !== null ? (metadata as JsonObject) : {};
  return importedModel({
    architecture,
    weights,
    optimizer,
    topology,
    own: {
      vocabulary: own.vocabulary === undefined ? undefined : JSON.stringify(own.vocabulary),
      objective: own.objective,
    },
    source: `tfjs layers model (${shown(json.generatedBy ?? outer.keras_version ?? "unknown writer")})`,
    notes,
  });
}

const SUFFIXES = {
  embedding: ["embeddings"],
  lstm: ["kernel", "recurrent_kernel", "bias"],
  dense: ["kernel", "bias"],
} as const;

/** A layer's arrays by name: `lstm/kernel`, `lstm/lstm_cell/kernel`, `sequential/lstm/lstm_cell/kernel`. */
function layerArrays(layer: WeightedLayer, tensors: ReadonlyMap<string, RawTensor>): RawTensor[] {
  const suffixes = SUFFIXES[layer.kind].filter((suffix) => layer.useBias || suffix !== "bias");
  return suffixes.map((suffix) => {
    const name = weightName(layer, suffix, tensors);
    if (name === undefined) {
      throw new FormatError("MISSING_WEIGHTS", `the manifest has no ${suffix} for layer "${layer.name}"`, {
        layer: layer.name,
        suffix,
      });
    }
    return tensors.get(name)!;
  });
}

function weightName(layer: WeightedLayer, suffix: string, tensors: ReadonlyMap<string, RawTensor>): string | undefined {
  for (const name of tensors.keys()) {
    const parts = name.replace(/:0$/, "").split("/");
    if (parts.includes(layer.name) && parts.at(-1) === suffix) return name;
  }
  return undefined;
}

/** tfjs's words for settings and slots, and Keras's. */
const TFJS_OPTIMIZERS: ReadonlyMap<unknown, TfjsOptimizer> = new Map<unknown, TfjsOptimizer>([
  [
    "RMSProp",
    {
      settings: { rho: "decay", momentum: "momentum", epsilon: "epsilon", centered: "centered" },
      slots: { rms: "velocity", momentum: "momentum" },
    },
  ],
  ["Adam", { settings: { beta_1: "beta1", beta_2: "beta2", epsilon: "epsilon" }, slots: { m: "m", v: "v" } }],
]);

interface TfjsOptimizer {
  readonly settings: Readonly<Record<string, string>>;
  readonly slots: Readonly<Record<string, string>>;
}

/** Reads tfjs's RMSProp and Adam as `model.save(..., { includeOptimizer: true })` keeps them. */
function optimizerOf(
  json: JsonObject,
  layers: readonly WeightedLayer[],
  tensors: ReadonlyMap<string, RawTensor>,
  weights: readonly NamedTensor[],
  warnings: string[],
): PortableOptimizer | undefined {
  const training = json.trainingConfig;
  if (typeof training !== "object" || training === null) return undefined;
  const description = (training as JsonObject).optimizer_config;
  if (typeof description !== "object" || description === null) return undefined;
  const { class_name: className, config } = description as { class_name?: unknown; config?: JsonObject };
  const known = TFJS_OPTIMIZERS.get(className);
  if (!known) {
    warnings.push(`the optimizer ${shown(className)} has no counterpart here: its state is left out`);
    return undefined;
  }
  const names = layers.flatMap((layer) => SUFFIXES[layer.kind].map((suffix) => weightName(layer, suffix, tensors)));
  const slots = slotsOf(known, names, tensors, weights);
  if (slots.length === 0) return undefined; // saved without includeOptimizer
  const settings = Object.entries(known.settings).map(([keras, tfjs]) => [keras, config?.[tfjs]]);
  const read = readConfig({ class_name: className, config: Object.fromEntries(settings) as JsonObject });
  if (typeof read === "string" || !slots.every(({ values }) => values.every(Number.isFinite))) {
    warnings.push(
      typeof read === "string" ? read : "the state of the optimizer holds numbers that are not finite and is left out",
    );
    return undefined;
  }
  const step = Math.max(0, Math.round(tensors.get("iter")?.values[0] ?? 0) || 0);
  return {
    ...{ config: read, state: { name: read.name, step, slots } },
    learningRate: optionalNumber(config?.learningRate) ?? 0.001,
  };
}

function slotsOf(
  { slots }: TfjsOptimizer,
  names: readonly (string | undefined)[],
  tensors: ReadonlyMap<string, RawTensor>,
  weights: readonly NamedTensor[],
): NamedTensor[] {
  return weights.flatMap(({ name: weight, shape }, index) =>
    Object.entries(slots).flatMap(([theirs, ours]) => {
      const tensor = tensors.get(`${names[index]}/${theirs}`);
      if (tensor?.shape.join() !== shape.join()) return [];
      return [{ name: `${weight}/${ours}`, shape, values: Float32Array.from(tensor.values) }];
    }),
  );
}
