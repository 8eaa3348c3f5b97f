import { asciiJson, type Hdf5Writer, textParts, writeHdf5 } from "../hdf5/write.js";
import { layerConfigs } from "../layers/keras-config.js";
import { OBJECTIVE_KEY } from "../objective.js";
import { kerasOptimizer, orderedSlots } from "../optimizer/optimizer.js";
import { checkModel, type PortableModel, type PortableOptimizer } from "../portable-model.js";
import { VOCABULARY_KEY } from "../vocabulary.js";

/** What TensorFlow 2.7's Keras, the format's reference here, writes as its version. */
const WRITTEN_AS = "2.7.0";

/**
 * Writes a `.h5` model as TensorFlow 2.7 does; TensorFlow 2.7 to 2.15, tf_keras and Keras 3 open it. Keras 2.2 and 2.3 do not.
 *
 * The vocabulary goes into the attribute `charlstm_vocabulary`, split like Keras's own long attributes, the objective
 * into `charlstm_objective`. The optimizer goes along as Keras 2 keeps it, except AdamW, whose name differs between the
 * Keras versions that have it. Keras 3 predicts from any such file, but can go on training none with an optimizer in it,
 * not even its own: leave `optimizer` out of the model for it, or write `.keras`.
 *
 * @throws {FormatError} `BAD_MODEL`.
 */
export function writeKerasH5(model: PortableModel): Uint8Array {
  checkModel(model);
  const { vocabulary, objective } = model;
  const optimizer = model.optimizer?.config.name === "adamw" ? undefined : model.optimizer;
  return writeHdf5((file) => {
    file.text("/", "keras_version", WRITTEN_AS);
    file.text("/", "backend", "tensorflow");
    file.text("/", "model_config", asciiJson(modelConfig(model)));
    if (objective) file.text("/", OBJECTIVE_KEY, objective);
    if (vocabulary) file.texts("/", VOCABULARY_KEY, textParts(asciiJson(vocabulary)));
    writeWeights(file, model);
    if (optimizer) {
      file.text("/", "training_config", asciiJson(trainingConfig(optimizer)));
      writeOptimizer(file, model, optimizer);
    }
  });
}

function modelConfig({ architecture }: PortableModel): unknown {
  const { window, vocabularySize } = architecture;
  const shape = { batch_input_shape: [null, window, vocabularySize] };
  const layers = layerConfigs(architecture).map(({ className, config }, index) => ({
    class_name: className,
    config: index === 0 ? { ...config, ...shape } : config,
  }));
  const input = { ...shape, dtype: "float32", sparse: false, name: "lstm_input" };
  return {
    class_name: "Sequential",
    config: { name: "char_lstm", layers: [{ class_name: "InputLayer", config: input }, ...layers] },
  };
}

function writeWeights(file: Hdf5Writer, { architecture, weights }: PortableModel): void {
  const names = layerConfigs(architecture).map(({ config }) => config.name as string);
  file.group("/model_weights");
  file.texts("/model_weights", "layer_names", names);
  file.text("/model_weights", "backend", "tensorflow");
  file.text("/model_weights", "keras_version", WRITTEN_AS);
  for (const name of names) {
    const owned = weights.filter((weight) => weight.name.startsWith(`${name}/`));
    file.group(`/model_weights/${name}`);
    // A layer without weights has no list: Keras takes a missing one for empty.
    if (owned.length > 0) file.texts(`/model_weights/${name}`, "weight_names", owned.map(kerasName));
    for (const weight of owned) {
      file.floats(`/model_weights/${name}/${kerasName(weight)}`, weight.shape, weight.values);
    }
  }
}

/** `lstm_1/kernel` is `lstm_1/lstm_cell_1/kernel:0` in TensorFlow's Keras. */
function kerasName({ name }: { readonly name: string }): string {
  return `${name.replace(/^lstm(_\d+)?\//, (_, number: string | undefined) => `lstm${number ?? ""}/lstm_cell${number ?? ""}/`)}:0`;
}

function trainingConfig(optimizer: PortableOptimizer): unknown {
  const { className, config } = kerasOptimizer(optimizer);
  return {
    loss: "categorical_crossentropy",
    metrics: null,
    weighted_metrics: null,
    loss_weights: null,
    optimizer_config: { class_name: className, config },
  };
}

function writeOptimizer(file: Hdf5Writer, { weights }: PortableModel, optimizer: PortableOptimizer): void {
  const { className } = kerasOptimizer(optimizer);
  const slots = orderedSlots(optimizer, weights, "by slot").map((slot) => {
    const cut = slot.name.lastIndexOf("/");
    const kind = slot.name.slice(cut + 1);
    const weight = kerasName({ name: slot.name.slice(0, cut) }).slice(0, -2);
    return { ...slot, path: `${className}/${weight}/${kind === "velocity" ? "rms" : kind}:0` };
  });
  const step = `${className}/iter:0`;
  file.group("/optimizer_weights");
  file.texts("/optimizer_weights", "weight_names", [step, ...slots.map(({ path }) => path)]);
  file.integer(`/optimizer_weights/${step}`, optimizer.state.step);
  for (const { path, shape, values } of slots) file.floats(`/optimizer_weights/${path}`, shape, values);
}
