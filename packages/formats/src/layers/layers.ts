import { FormatError } from "../errors.js";
import { countOf, objectOf, optionalNumber, shown } from "../json.js";
import type { Objective } from "../objective.js";
import type { LayerEntry } from "./layer-chain.js";

/** A layer with weights. */
export interface WeightedLayer {
  readonly kind: "embedding" | "lstm" | "dense";
  /** Its name in the file. */
  readonly name: string;
  readonly units: number;
  readonly useBias: boolean;
  /** Inside a TimeDistributed layer. */
  readonly wrapped: boolean;
  /** An LSTM whose arrays lie as NVIDIA's library wants them. */
  readonly cudnn?: boolean;
}

/** What the layers up to now have said; the readers below add to it. */
export interface Reading {
  layers: WeightedLayer[];
  inputSize: number | undefined;
  window: number | undefined;
  /** Of each LSTM layer: the dropout after it, its gates' activation, whether it goes on where the last call left it. */
  rates: (number | undefined)[];
  gates: ("sigmoid" | "hardsigmoid")[];
  stateful: boolean[];
  objective: Objective;
  softmax: boolean;
  warnings: string[];
}

type LayerReader = (entry: LayerEntry, reading: Reading, wrapped: boolean) => void;

/** By class; a Map, since a file may name a class `constructor`. */
const READERS: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ["InputLayer", () => {}],
  ["Embedding", readEmbedding],
  ["LSTM", readLstm],
  ["CuDNNLSTM", readCudnnLstm],
  ["Dropout", readDropout],
  ["Dense", readDense],
  ["TimeDistributed", readTimeDistributed],
  ["Activation", readActivation],
  ["Softmax", readSoftmax],
  ["Masking", readMasking],
  ["Identity", () => {}],
  ["SpatialDropout1D", passOver],
  ["GaussianNoise", passOver],
  ["GaussianDropout", passOver],
  ["AlphaDropout", passOver],
  ["ActivityRegularization", passOver],
]);

/** Layers that work on every character alone, so that TimeDistributed changes nothing. */
const WRAPPED: ReadonlySet<string> = new Set([
  ...["Dense", "Dropout", "Activation", "Softmax", "Identity"],
  ...["GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"],
]);

/** @throws {FormatError} `UNSUPPORTED_LAYER` and `UNSUPPORTED_ACTIVATION` name the layer; `CORRUPT_FILE`. */
export function readLayer(entry: LayerEntry, reading: Reading): void {
  const read = READERS.get(entry.className);
  if (!read) throw refuse(entry, `a ${entry.className} layer has no counterpart here`);
  read(entry, reading, false);
}

function readEmbedding(entry: LayerEntry, reading: Reading): void {
  if (reading.layers.length > 0) throw refuse(entry, "an Embedding layer can only come first");
  if (entry.config.mask_zero === true) throw refuse(entry, "mask_zero has no counterpart here");
  const units = countOf(entry.config.output_dim, `output_dim of layer "${entry.name}"`);
  reading.inputSize = countOf(entry.config.input_dim, `input_dim of layer "${entry.name}"`);
  reading.layers.push({ kind: "embedding", name: entry.name, units, useBias: false, wrapped: false });
  reading.warnings.push(
    `layer "${entry.name}" (Embedding) was multiplied into the first LSTM kernel: the same predictions, ` +
      "but further training no longer keeps the embedding's narrower shape",
  );
}

function readLstm(entry: LayerEntry, reading: Reading): void {
  const { config, name } = entry;
  const gates = nameOf(config.recurrent_activation ?? "hard_sigmoid"); // the default before Keras 2.3
  if (gates !== "sigmoid" && gates !== "hardsigmoid") {
    throw refuse(entry, `its recurrent activation is ${gates}, expected sigmoid`, "UNSUPPORTED_ACTIVATION");
  }
  const activation = nameOf(config.activation ?? "tanh");
  if (activation !== "tanh") {
    throw refuse(entry, `its activation is ${activation}, expected tanh`, "UNSUPPORTED_ACTIVATION");
  }
  for (const rate of ["dropout", "recurrent_dropout"]) {
    if (optionalNumber(config[rate])) {
      reading.warnings.push(`${rate} inside layer "${name}" is left out: predictions stay the same, training does not`);
    }
  }
  addLstm(entry, reading, gates, config.use_bias !== false, false);
}

/** The layer for GPUs of Keras 2: sigmoid gates, no options, arrays in another order. */
function readCudnnLstm(entry: LayerEntry, reading: Reading): void {
  addLstm(entry, reading, "sigmoid", true, true);
}

function addLstm(
  entry: LayerEntry,
  reading: Reading,
  gates: Reading["gates"][number],
  useBias: boolean,
  cudnn: boolean,
): void {
  const { config, name } = entry;
  if (reading.layers.at(-1)?.kind === "dense") throw refuse(entry, "an LSTM layer cannot come after a Dense layer");
  for (const flag of ["go_backwards", "return_state", "time_major"]) {
    if (config[flag] === true) throw refuse(entry, `${flag} has no counterpart here`);
  }
  const units = countOf(config.units, `units of layer "${name}"`);
  reading.layers.push({ kind: "lstm", name, units, useBias, wrapped: false, cudnn });
  reading.rates.push(undefined);
  reading.gates.push(gates);
  reading.stateful.push(config.stateful === true);
  reading.objective = config.return_sequences === true ? "sequence" : "window";
}

function readDropout(entry: LayerEntry, reading: Reading): void {
  const rate = optionalNumber(entry.config.rate) ?? 0;
  if (!(rate >= 0 && rate < 1)) throw refuse(entry, `a rate of ${rate} is not in [0, 1)`);
  if (reading.layers.at(-1)?.kind === "lstm") reading.rates[reading.rates.length - 1] = rate;
  else passOver(entry, reading);
}

/** Layers that act in training alone. */
function passOver({ name, className }: LayerEntry, reading: Reading): void {
  reading.warnings.push(
    `layer "${name}" (${className}) is left out: predictions stay the same, further training does not`,
  );
}

/** No character's one-hot row is all zeros, so that zeros mask nothing. */
function readMasking(entry: LayerEntry, reading: Reading): void {
  if (reading.layers.length > 0 || (entry.config.mask_value ?? 0) !== 0) {
    throw refuse(
      entry,
      "only masking of zeros before the first layer, which one-hot characters never are, can be read",
    );
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

function readTimeDistributed(entry: LayerEntry, reading: Reading): void {
  const inner = objectOf(entry.config.layer, `the layer inside "${entry.name}"`);
  const className = shown(inner.class_name);
  const read = WRAPPED.has(className) ? READERS.get(className) : undefined;
  if (!read) throw refuse(entry, `a ${className} layer inside it has no counterpart here`);
  const config = objectOf(inner.config, `the layer inside "${entry.name}"`);
  read({ name: entry.name, className, config }, reading, true);
}

function readActivation(entry: LayerEntry, reading: Reading): void {
  const activation = nameOf(entry.config.activation);
  if (activation === "softmax") addSoftmax(entry, reading);
  else if (activation !== "linear") throw refuse(entry, `${activation} cannot stand here`, "UNSUPPORTED_ACTIVATION");
}

function readSoftmax(entry: LayerEntry, reading: Reading, wrapped: boolean): void {
  const rank = reading.objective === "sequence" && !wrapped ? 3 : 2;
  const axes = [entry.config.axis ?? -1].flat();
  if (axes.length !== 1 || (axes[0] !== -1 && axes[0] !== rank - 1)) {
    throw refuse(entry, `its axis is ${shown(entry.config.axis)}, expected the last, the characters`);
  }
  addSoftmax(entry, reading);
}

/** The one softmax over the characters; a second one would make other probabilities of the first one's. */
function addSoftmax(entry: LayerEntry, reading: Reading): void {
  if (reading.layers.at(-1)?.kind !== "dense") throw refuse(entry, "softmax can only come after the Dense layer");
  if (reading.softmax) throw refuse(entry, "a second softmax has no counterpart here");
  reading.softmax = true;
}

/** An activation's name, whether Keras wrote text or an object; letters only, so hardSigmoid is hard_sigmoid. */
function nameOf(value: unknown): string {
  if (typeof value === "string") return value.toLowerCase().replaceAll("_", "");
  if (typeof value === "object" && value !== null) {
    const { class_name: className, config } = value as { class_name?: unknown; config?: unknown };
    return typeof config === "string"
      ? nameOf(config)
      : typeof className === "string"
        ? nameOf(className)
        : "(unknown)";
  }
  return String(value);
}

export function refuse(
  { name, className }: LayerEntry,
  reason: string,
  code: "UNSUPPORTED_LAYER" | "UNSUPPORTED_ACTIVATION" = "UNSUPPORTED_LAYER",
): FormatError {
  return new FormatError(
    code,
    `layer "${name}" (${className}): ${reason}; a model of one-hot or embedded characters, LSTM layers and one ` +
      "Dense(softmax) layer can be read",
    { layer: name, className },
  );
}
