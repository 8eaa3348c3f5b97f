import { KerasError } from "./errors.js";
import { countOf, type JsonObject, objectOf, optionalNumber } from "./json.js";
import { chainOf, type LayerEntry } from "./layer-chain.js";
import type { Objective } from "./objective.js";

/** A layer with weights. */
export interface WeightedLayer {
  readonly kind: "embedding" | "lstm" | "dense";
  /** Its name in the file. */
  readonly name: string;
  readonly units: number;
  readonly useBias: boolean;
  /** Inside a TimeDistributed layer. */
  readonly wrapped: boolean;
}

/** What a model's JSON says, checked to be a network of ours. */
export interface Topology {
  readonly layers: readonly WeightedLayer[];
  /** Characters, where the input layer or an embedding tells. */
  readonly inputSize: number | undefined;
  readonly window: number | undefined;
  readonly dropout: number;
  /** `"sequence"` for a model that predicts after every character, `"window"` after the last; missing where nothing tells. */
  readonly objective?: Objective;
  readonly warnings: readonly string[];
}

interface Reading {
  layers: WeightedLayer[];
  inputSize: number | undefined;
  window: number | undefined;
  rates: (number | undefined)[];
  objective: Objective;
  softmax: boolean;
  warnings: string[];
}

/**
 * Reads the `{ class_name, config }` of a Sequential or functional model of Keras 2, Keras 3 or TensorFlow.js.
 *
 * @throws {KerasError} `UNSUPPORTED_LAYER` and `UNSUPPORTED_ACTIVATION` name the layer; `CORRUPT_FILE`.
 */
export function readTopology(model: JsonObject): Topology {
  const reading: Reading = {
    layers: [],
    inputSize: undefined,
    window: undefined,
    rates: [],
    objective: "window",
    softmax: false,
    warnings: [],
  };
  for (const entry of chainOf(model)) {
    const read = LAYERS[entry.className];
    if (!read) throw refuse(entry, `a ${entry.className} layer has no counterpart here`);
    readInputShape(entry, reading);
    read(entry, reading);
  }
  const last = reading.layers.at(-1);
  if (last?.kind !== "dense") {
    throw new KerasError("UNSUPPORTED_LAYER", "the model does not end in a Dense layer over the characters", {});
  }
  if (!reading.softmax) {
    reading.warnings.push(`layer "${last.name}" has no softmax: its output is taken as logits`);
  }
  return { ...reading, dropout: commonRate(reading) };
}

const LAYERS: Readonly<Record<string, ((entry: LayerEntry, reading: Reading) => void) | undefined>> = {
  InputLayer: () => {},
  Embedding(entry, reading) {
    if (reading.layers.length > 0) throw refuse(entry, "an Embedding layer can only come first");
    if (entry.config.mask_zero === true) throw refuse(entry, "mask_zero has no counterpart here");
    const units = countOf(entry.config.output_dim, `output_dim of layer "${entry.name}"`);
    reading.inputSize = countOf(entry.config.input_dim, `input_dim of layer "${entry.name}"`);
    reading.layers.push({ kind: "embedding", name: entry.name, units, useBias: false, wrapped: false });
    reading.warnings.push(
      `layer "${entry.name}" (Embedding) was multiplied into the first LSTM kernel: the same predictions, ` +
        "but further training no longer keeps the embedding's narrower shape",
    );
  },
  LSTM(entry, reading) {
    if (reading.layers.at(-1)?.kind === "dense") throw refuse(entry, "an LSTM layer cannot come after a Dense layer");
    checkLstm(entry, reading);
    const units = countOf(entry.config.units, `units of layer "${entry.name}"`);
    const useBias = entry.config.use_bias !== false;
    reading.layers.push({ kind: "lstm", name: entry.name, units, useBias, wrapped: false });
    reading.rates.push(undefined);
    reading.objective = entry.config.return_sequences === true ? "sequence" : "window";
  },
  Dropout(entry, reading) {
    const rate = optionalNumber(entry.config.rate) ?? 0;
    if (!(rate >= 0 && rate < 1)) throw refuse(entry, `a rate of ${rate} is not in [0, 1)`);
    const before = reading.layers.at(-1)?.kind;
    if (before === "lstm") reading.rates[reading.rates.length - 1] = rate;
    else if (before !== "dense") reading.warnings.push(`dropout of the input (layer "${entry.name}") is left out`);
    else throw refuse(entry, "dropout after the Dense layer has no counterpart here");
  },
  Dense(entry, reading) {
    readDense(entry, reading, false);
  },
  TimeDistributed(entry, reading) {
    const inner = objectOf(entry.config.layer, `the layer inside "${entry.name}"`);
    if (inner.class_name !== "Dense") {
      throw refuse(entry, `a ${String(inner.class_name)} layer inside it has no counterpart here`);
    }
    readDense({ ...entry, config: objectOf(inner.config, `the layer inside "${entry.name}"`) }, reading, true);
  },
  Activation(entry, reading) {
    const activation = nameOf(entry.config.activation);
    if (activation === "softmax" && reading.layers.at(-1)?.kind === "dense") reading.softmax = true;
    else if (activation !== "linear") throw refuse(entry, `${activation} cannot stand here`, "UNSUPPORTED_ACTIVATION");
  },
  Softmax(entry, reading) {
    if (reading.layers.at(-1)?.kind !== "dense") throw refuse(entry, "softmax can only come after the Dense layer");
    reading.softmax = true;
  },
};

function checkLstm(entry: LayerEntry, reading: Reading): void {
  const { config, name } = entry;
  const recurrent = nameOf(config.recurrent_activation ?? "hard_sigmoid"); // the default before Keras 2.3
  if (recurrent === "hardsigmoid") {
    throw refuse(
      entry,
      "its recurrent activation is hard_sigmoid (two different functions in Keras 2 and 3), " +
        "which no sigmoid network can reproduce: train it with recurrent_activation='sigmoid'",
      "UNSUPPORTED_ACTIVATION",
    );
  }
  if (recurrent !== "sigmoid") {
    throw refuse(entry, `its recurrent activation is ${recurrent}, expected sigmoid`, "UNSUPPORTED_ACTIVATION");
  }
  const activation = nameOf(config.activation ?? "tanh");
  if (activation !== "tanh") {
    throw refuse(entry, `its activation is ${activation}, expected tanh`, "UNSUPPORTED_ACTIVATION");
  }
  for (const flag of ["go_backwards", "return_state", "time_major"]) {
    if (config[flag] === true) throw refuse(entry, `${flag} has no counterpart here`);
  }
  for (const rate of ["dropout", "recurrent_dropout"]) {
    if (optionalNumber(config[rate])) {
      reading.warnings.push(`${rate} inside layer "${name}" is left out: predictions stay the same, training does not`);
    }
  }
}

function readDense(entry: LayerEntry, reading: Reading, wrapped: boolean): void {
  if (reading.layers.at(-1)?.kind !== "lstm") throw refuse(entry, "a Dense layer can only follow the LSTM layers");
  const activation = nameOf(entry.config.activation ?? "linear");
  if (activation !== "softmax" && activation !== "linear") {
    throw refuse(entry, `its activation is ${activation}, expected softmax`, "UNSUPPORTED_ACTIVATION");
  }
  reading.softmax = activation === "softmax";
  const units = countOf(entry.config.units, `units of layer "${entry.name}"`);
  const useBias = entry.config.use_bias !== false;
  reading.layers.push({ kind: "dense", name: entry.name, units, useBias, wrapped });
}

/** `[batch, window, characters]`, or `[batch, window]` before an embedding; Keras 2 and 3 name it differently. */
function readInputShape({ config }: LayerEntry, reading: Reading): void {
  const shape = config.batch_shape ?? config.batch_input_shape ?? config.batchInputShape;
  if (!Array.isArray(shape) || reading.layers.length > 0) return;
  reading.window ??= optionalNumber(shape[1]);
  if (shape.length === 3) reading.inputSize ??= optionalNumber(shape[2]);
}

/** One rate for all layers; the largest where the file has several. */
function commonRate({ rates, warnings }: Reading): number {
  const rate = Math.max(...rates.map((value) => value ?? 0));
  if (rates.some((value) => (value ?? 0) !== rate)) {
    warnings.push(`the dropout rates ${rates.map((value) => value ?? 0).join(", ")} become ${rate} after every layer`);
  }
  return rate;
}

/** An activation's name, whether Keras wrote text or an object; letters only, so hardSigmoid is hard_sigmoid. */
function nameOf(value: unknown): string {
  if (typeof value === "string") return value.toLowerCase().replaceAll("_", "");
  if (typeof value === "object" && value !== null) {
    const { class_name: className, config } = value as { class_name?: unknown; config?: unknown };
    return nameOf(typeof config === "string" ? config : className);
  }
  return String(value);
}

function refuse(
  { name, className }: LayerEntry,
  reason: string,
  code: "UNSUPPORTED_LAYER" | "UNSUPPORTED_ACTIVATION" = "UNSUPPORTED_LAYER",
): KerasError {
  return new KerasError(
    code,
    `layer "${name}" (${className}): ${reason}; a model of one-hot or embedded characters, LSTM layers and one ` +
      "Dense(softmax) layer can be read",
    { layer: name, className },
  );
}
