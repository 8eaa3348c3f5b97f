import { assemble, type RawTensor } from "./assemble.js";
import { KerasError } from "./errors.js";
import { type JsonObject, objectOf, parseJson } from "./json.js";
import { embeddedObjective } from "./objective.js";
import type { ImportedModel, NamedTensor, OptimizerState, PortableOptimizer } from "./portable-model.js";
import { checkReadOptions, type ReadOptions } from "./read-options.js";
import { readManifest } from "./tfjs-weights.js";
import { readTopology, type WeightedLayer } from "./topology.js";
import { embeddedVocabulary } from "./vocabulary.js";

/** A tfjs layers model: the text of model.json and the weight files by the paths it names. */
export interface TfjsFiles {
  readonly modelJson: string;
  readonly weights: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a TensorFlow.js layers model: written by tfjs, by the Python converter (4 MB shards, quantized or not) or
 * converted from Keras 3, whose `batch_shape` plain tfjs refuses.
 *
 * @throws {KerasError} As {@link readKeras}.
 */
export function readTfjsLayersModel(files: TfjsFiles, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options);
  const json = parseJson(files.modelJson, "model.json");
  const outer = objectOf(json.modelTopology ?? {}, "modelTopology");
  if (json.format === "graph-model" || (!("class_name" in outer) && !("model_config" in outer))) {
    throw new KerasError(
      "NOT_A_MODEL",
      "model.json holds no layers model (a graph model keeps no layers): convert it with --output_format tfjs_layers_model",
      { format: json.format },
    );
  }
  const topology = readTopology("model_config" in outer ? objectOf(outer.model_config, "model_config") : outer);
  const tensors = readManifest(json.weightsManifest, files.weights);
  const tensorsOf = topology.layers.map((layer) => layerArrays(layer, tensors));
  const { architecture, weights, warnings } = assemble(topology, tensorsOf, options);
  const notes = [...warnings];
  const optimizer = optimizerOf(json, topology.layers, tensors, weights, notes);
  const metadata = json.userDefinedMetadata;
  const own: JsonObject = typeof metadata === "object" && metadata !== null ? (metadata as JsonObject) : {};
  const vocabulary = embeddedVocabulary(
    own.vocabulary === undefined ? undefined : JSON.stringify(own.vocabulary),
    architecture.vocabularySize,
    notes,
  );
  const objective = embeddedObjective(own.objective, notes) ?? topology.objective;
  return {
    architecture,
    weights,
    ...(optimizer ? { optimizer } : {}),
    ...(vocabulary ? { vocabulary } : {}),
    objective,
    source: `tfjs layers model (${String(json.generatedBy ?? outer.keras_version ?? "unknown writer")})`,
    warnings: notes,
  };
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
      throw new KerasError("MISSING_WEIGHTS", `the manifest has no ${suffix} for layer "${layer.name}"`, {
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

/** tfjs's words for the slots, in the order of the slots here. */
const TFJS_SLOTS = {
  RMSProp: { name: "rmsprop", slots: { rms: "velocity", momentum: "momentum" } },
  Adam: { name: "adam", slots: { m: "m", v: "v" } },
} as const;

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
  const known = TFJS_SLOTS[className as keyof typeof TFJS_SLOTS];
  const names = layers.flatMap((layer) => SUFFIXES[layer.kind].map((suffix) => weightName(layer, suffix, tensors)));
  if (!known || names.length !== weights.length || config?.centered === true) {
    warnings.push(`the optimizer ${String(className)} has no counterpart here: its state is left out`);
    return undefined;
  }
  const state = slotsOf(known, names, tensors, weights);
  if (!state) return undefined; // saved without includeOptimizer
  const number = (key: string, fallback: number) => (typeof config?.[key] === "number" ? config[key] : fallback);
  const epsilon = number("epsilon", 1e-7);
  return {
    config:
      known.name === "adam"
        ? { name: "adam", beta1: number("beta1", 0.9), beta2: number("beta2", 0.999), epsilon }
        : { name: "rmsprop", rho: number("decay", 0.9), momentum: number("momentum", 0), epsilon },
    state,
    learningRate: number("learningRate", 0.001),
  };
}

function slotsOf(
  { name, slots }: (typeof TFJS_SLOTS)[keyof typeof TFJS_SLOTS],
  names: readonly (string | undefined)[],
  tensors: ReadonlyMap<string, RawTensor>,
  weights: readonly NamedTensor[],
): OptimizerState | undefined {
  const found: NamedTensor[] = [];
  weights.forEach(({ name: weight, shape }, index) => {
    for (const [theirs, ours] of Object.entries(slots)) {
      const tensor = tensors.get(`${names[index]}/${theirs}`);
      if (tensor?.shape.join() === shape.join()) {
        found.push({ name: `${weight}/${ours}`, shape, values: Float32Array.from(tensor.values) });
      }
    }
  });
  const step = Math.round(tensors.get("iter")?.values[0] ?? 0);
  return found.length === 0 ? undefined : { name, step, slots: found };
}
