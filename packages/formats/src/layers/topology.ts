import { FormatError } from "../errors.js";
import type { JsonObject } from "../json.js";
import type { Objective } from "../objective.js";
import { chainOf } from "./layer-chain.js";
import { type Reading, readLayer, refuse, type WeightedLayer } from "./layers.js";

/** What a model's JSON says, checked to be a network of ours. */
export interface Topology {
  readonly layers: readonly WeightedLayer[];
  /** Characters, where the input layer or an embedding tells. */
  readonly inputSize: number | undefined;
  readonly window: number | undefined;
  readonly dropout: number;
  /** The gates' activation: one of the two functions that are called hard_sigmoid, by the Keras that has it. */
  readonly gates: Gates;
  /** `"sequence"` for a model that predicts after every character, `"window"` after the last; missing where nothing tells. */
  readonly objective?: Objective;
  readonly warnings: readonly string[];
}

/** `hard_sigmoid` is `clip(0.2 x + 0.5)` in Keras 2 and TensorFlow.js, `clip(x / 6 + 0.5)` in Keras 3. */
type Gates = "sigmoid" | "hard-sigmoid-2" | "hard-sigmoid-3";

/** Whose words a file's `keras_version` means; `tfjs-layers 4.22.0` has Keras 2's. */
export function kerasOf(version: unknown): 2 | 3 {
  return typeof version === "string" && /^([3-9]|\d\d)/.test(version) ? 3 : 2;
}

/**
 * Reads the `{ class_name, config }` of a Sequential or functional model of Keras 2, Keras 3 or TensorFlow.js.
 *
 * @param keras Whose words they are: `hard_sigmoid` means another function in Keras 3.
 * @throws {FormatError} `UNSUPPORTED_LAYER` and `UNSUPPORTED_ACTIVATION` name the layer; `CORRUPT_FILE`.
 */
export function readTopology(model: JsonObject, keras: 2 | 3): Topology {
  const reading: Reading = {
    layers: [],
    inputSize: undefined,
    window: undefined,
    rates: [],
    gates: [],
    stateful: [],
    objective: "window",
    softmax: false,
    warnings: [],
  };
  const chain = chainOf(model);
  for (const entry of chain) {
    readInputShape(entry.config, reading);
    readLayer(entry, reading);
  }
  const last = reading.layers.at(-1);
  if (last?.kind !== "dense") {
    throw new FormatError("UNSUPPORTED_LAYER", "the model does not end in a Dense layer over the characters", {});
  }
  if (!reading.softmax) {
    reading.warnings.push(`layer "${last.name}" has no softmax: its output is taken as logits`);
  }
  const [gates, ...others] = new Set(reading.gates);
  if (others.length > 0) {
    const lstm = chain.find(({ className }) => className.endsWith("LSTM"))!;
    throw refuse(lstm, "the LSTM layers have different recurrent activations", "UNSUPPORTED_ACTIVATION");
  }
  const { layers, inputSize, warnings } = reading;
  return {
    ...{ layers, inputSize, warnings },
    dropout: commonRate(reading),
    gates: gates === "sigmoid" ? "sigmoid" : `hard-sigmoid-${keras}`,
    ...howItReads(reading),
  };
}

/** `[batch, window, characters]`, or `[batch, window]` before an embedding; Keras 2 and 3 name it differently. */
function readInputShape(config: JsonObject, reading: Reading): void {
  const shape = config.batch_shape ?? config.batch_input_shape ?? config.batchInputShape;
  if (!Array.isArray(shape) || reading.layers.length > 0) return;
  const length = (value: unknown) => (typeof value === "number" && Number.isSafeInteger(value) ? value : undefined);
  reading.window ??= length(shape[1]);
  if (shape.length === 3) reading.inputSize ??= length(shape[2]);
}

/**
 * Windows or a stream. Stateful layers go on where the last call left them: such a model reads a stream, and the one
 * character that it takes at a time, when it is the copy that is made for writing, is no window.
 */
function howItReads({ stateful, objective, window, warnings }: Reading): Pick<Topology, "objective" | "window"> {
  if (!stateful.includes(true)) return { objective, window };
  if (stateful.includes(false)) {
    warnings.push("only some LSTM layers are stateful, which has no counterpart here: all of them keep their state");
  }
  warnings.push(
    "the LSTM layers are stateful: the model is read as one of streams, which keeps its state as it writes",
  );
  return { objective: "sequence", window: window === 1 ? undefined : window };
}

/** One rate for all layers; the largest where the file has several. */
function commonRate({ rates, warnings }: Reading): number {
  const rate = Math.max(...rates.map((value) => value ?? 0));
  if (rates.some((value) => (value ?? 0) !== rate)) {
    warnings.push(`the dropout rates ${rates.map((value) => value ?? 0).join(", ")} become ${rate} after every layer`);
  }
  return rate;
}
