import { strToU8 } from "fflate";
import { zipFiles } from "../archive.js";
import { asciiJson, writeHdf5 } from "../hdf5/write.js";
import type { JsonObject } from "../json.js";
import { type LayerConfig, layerConfigs } from "../layers/keras-config.js";
import { scaleGates } from "../layers/layout.js";
import { kerasOptimizer, orderedSlots } from "../optimizer/optimizer.js";
import { checkModel, type PortableModel, type PortableOptimizer } from "../portable-model.js";
import { OBJECTIVE_ENTRY, VOCABULARY_ENTRY } from "./read.js";

/** The oldest Keras that reads everything written here. */
const WRITTEN_AS = "3.0.0";

/**
 * Writes a `.keras` model, which Keras 3 opens: configuration, weights and optimizer state in one stored zip archive.
 *
 * Vocabulary and objective are extra entries, `charlstm_vocabulary.json` and `charlstm_objective.txt`, which Keras passes
 * over (and does not keep on saving). Gates that are hard_sigmoid are scaled to Keras 3's function of that name, and the
 * optimizer's slots, which belong to the arrays as they were, are left out.
 *
 * @throws {FormatError} `BAD_MODEL`.
 */
export function writeKerasV3(given: PortableModel): Uint8Array {
  checkModel(given);
  const model = given.architecture.recurrentActivation ? withScaledGates(given) : given;
  const { vocabulary, objective } = model;
  const weights = writeWeights(model);
  const metadata = { keras_version: WRITTEN_AS, date_saved: "1980-01-01@00:00:00" };
  const entries = new Map([
    ["metadata.json", strToU8(JSON.stringify(metadata))],
    ["config.json", strToU8(asciiJson(modelConfig(model)))],
    ["model.weights.h5", weights],
  ]);
  if (vocabulary) entries.set(VOCABULARY_ENTRY, strToU8(JSON.stringify(vocabulary)));
  if (objective) entries.set(OBJECTIVE_ENTRY, strToU8(objective));
  return zipFiles(entries);
}

/** clip(0.2 x + 0.5) is Keras 3's clip(y / 6 + 0.5) of y = 1.2 x. */
function withScaledGates({ optimizer: _, ...model }: PortableModel): PortableModel {
  const weights = model.weights.map((weight) =>
    weight.name.startsWith("lstm") ? { ...weight, values: Float32Array.from(scaleGates(weight, 1.2).values) } : weight,
  );
  return { ...model, weights };
}

/** Keras 3's way to name a class. */
function registered(module: string, className: string, config: JsonObject): JsonObject {
  return { module, class_name: className, config, registered_name: null };
}

function modelConfig({ architecture, optimizer }: PortableModel): JsonObject {
  const { window, vocabularySize } = architecture;
  const shape = [null, window, vocabularySize];
  const input = { batch_shape: shape, dtype: "float32", sparse: false, name: "input_layer" };
  const layers = [registered("keras.layers", "InputLayer", input), ...layerConfigs(architecture).map(layerJson)];
  const config = { name: "char_lstm", trainable: true, dtype: "float32", layers, build_input_shape: shape };
  return {
    ...registered("keras", "Sequential", config),
    build_config: { input_shape: shape },
    ...(optimizer ? { compile_config: compileConfig(optimizer) } : {}),
  };
}

function layerJson({ className, config, inputShape }: LayerConfig): JsonObject {
  return { ...registered("keras.layers", className, config), build_config: { input_shape: inputShape } };
}

/** Whether to compile is left to Keras: `jit_compile: false` would make every JAX step a hundred times slower. */
function compileConfig(optimizer: PortableOptimizer): JsonObject {
  const { className, config } = kerasOptimizer(optimizer);
  return {
    optimizer: registered("keras.optimizers", className, config),
    loss: "categorical_crossentropy",
    loss_weights: null,
    metrics: null,
    weighted_metrics: null,
  };
}

/** `model.weights.h5`: arrays numbered per layer, layers numbered per class. */
function writeWeights({ architecture, weights, optimizer }: PortableModel): Uint8Array {
  const arrays = [...weights];
  const names = layerConfigs(architecture).map(({ className, config }) => ({ className, name: config.name }));
  return writeHdf5((file) => {
    file.group("/vars");
    for (const { className, name } of names) {
      file.group(`/layers/${name}/vars`);
      if (className === "Dropout") continue;
      const folder = className === "LSTM" ? `/layers/${name}/cell/vars` : `/layers/${name}/vars`;
      arrays.splice(0, className === "LSTM" ? 3 : 2).forEach(({ shape, values }, index) => {
        file.floats(`${folder}/${index}`, shape, values);
      });
    }
    if (!optimizer) return;
    file.integer("/optimizer/vars/0", optimizer.state.step);
    file.float("/optimizer/vars/1", optimizer.learningRate ?? 0.001);
    orderedSlots(optimizer, weights, slotOrder(optimizer)).forEach(({ shape, values }, index) => {
      file.floats(`/optimizer/vars/${index + 2}`, shape, values);
    });
  });
}

/** Keras 3 makes Adam's two slots weight by weight, RMSprop's one after the other. */
function slotOrder({ config }: PortableOptimizer): "alternating" | "by slot" {
  return config.name === "adam" || config.name === "adamw" ? "alternating" : "by slot";
}
