import { lstmName, slotNames } from "@charlstm/network";
import { optimizerConfig } from "../checkpoint.js";
import { FormatError } from "../errors.js";
import { type JsonObject, objectOf, optionalNumber, parseJson } from "../json.js";
import { assemble } from "../layers/assemble.js";
import { type RawTensor, transpose } from "../layers/layout.js";
import { embeddedObjective, OBJECTIVE_KEY } from "../objective.js";
import { checkModel, type ImportedModel, type PortableModel, type PortableOptimizer } from "../portable-model.js";
import { checkReadOptions, type ReadOptions } from "../read-options.js";
import { embeddedVocabulary, VOCABULARY_KEY } from "../vocabulary.js";
import { pack, readTensors, unpack } from "./container.js";
import { pytorchTopology } from "./pytorch-names.js";

const WINDOW_KEY = "charlstm_window";
const DROPOUT_KEY = "charlstm_dropout";
const OPTIMIZER_KEY = "charlstm_optimizer";

/** Before the names of the optimizer's arrays: the kind of slot, then the weight's own name. */
const SLOT = "optimizer.";

/** What a file for going on with the training holds beside the weights, which `load_state_dict` would not take. */
export interface SafetensorsTraining {
  /** Arrays of the run's own, by names without a `weight` or `bias`. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

/**
 * Writes the weights as PyTorch names and keeps them: `lstm.weight_ih_l0 [4H, in]`, two biases (the second zero),
 * `dense.weight [V, H]`. Gates are i, f, g, o, which is Keras's order. Layers of different widths, which one nn.LSTM
 * cannot have, become `lstm.0`, `lstm.1`, … of one layer each.
 *
 * @param training Also writes the optimizer, as `optimizer.<slot>.<weight>`, and these arrays.
 * @throws {FormatError} `BAD_MODEL`; `UNSUPPORTED_ACTIVATION` for hard_sigmoid gates.
 */
export function writeSafetensors(model: PortableModel, training?: SafetensorsTraining): Uint8Array {
  checkModel(model);
  if (model.architecture.recurrentActivation) {
    throw new FormatError(
      "UNSUPPORTED_ACTIVATION",
      "the model's gates are hard_sigmoid, and nn.LSTM has sigmoid gates alone: write .h5, .keras, tfjs or ONNX",
    );
  }
  const { units, window, dropout } = model.architecture;
  const oneModule = units.every((width) => width === units[0]);
  const moduleOf = (k: number) => (oneModule ? (["lstm", k] as const) : ([`lstm.${k}`, 0] as const));
  const weight = (name: string) => model.weights.find((tensor) => tensor.name === name)!;
  const tensors = pytorchTensors(units, moduleOf, weight);
  units.forEach((width, k) => {
    const [prefix, layer] = moduleOf(k);
    tensors.set(`${prefix}.bias_hh_l${layer}`, { shape: [4 * width], values: new Float32Array(4 * width) });
  });
  const metadata: Record<string, string> = {
    format: "pt",
    [WINDOW_KEY]: String(window),
    [DROPOUT_KEY]: String(dropout),
  };
  if (model.vocabulary) metadata[VOCABULARY_KEY] = JSON.stringify(model.vocabulary);
  if (model.objective) metadata[OBJECTIVE_KEY] = model.objective;
  if (training && model.optimizer) {
    const { state, ...optimizer } = model.optimizer;
    for (const kind of slotNames(optimizer.config)) {
      // Slots that are not there are zero.
      const slot = (name: string) =>
        state.slots.find((tensor) => tensor.name === `${name}/${kind}`) ?? zerosLike(weight(name));
      for (const [name, tensor] of pytorchTensors(units, moduleOf, slot)) tensors.set(`${SLOT}${kind}.${name}`, tensor);
    }
    metadata[OPTIMIZER_KEY] = JSON.stringify({ ...optimizer, step: state.step });
  }
  for (const [name, tensor] of training?.tensors ?? []) tensors.set(name, tensor);
  return pack(tensors, metadata);
}

/** Arrays in Keras's layout, which `of` finds by their weights' names, by PyTorch's names and in its layout. */
function pytorchTensors(
  units: readonly number[],
  moduleOf: (layer: number) => readonly [prefix: string, layer: number],
  of: (weight: string) => RawTensor,
): Map<string, RawTensor> {
  const tensors = new Map<string, RawTensor>();
  for (const k of units.keys()) {
    const [prefix, layer] = moduleOf(k);
    const from = lstmName(k);
    tensors.set(`${prefix}.weight_ih_l${layer}`, transpose(of(`${from}/kernel`)));
    tensors.set(`${prefix}.weight_hh_l${layer}`, transpose(of(`${from}/recurrent_kernel`)));
    tensors.set(`${prefix}.bias_ih_l${layer}`, of(`${from}/bias`));
  }
  tensors.set("dense.weight", transpose(of("dense/kernel")));
  tensors.set("dense.bias", of("dense/bias"));
  return tensors;
}

/**
 * Whether a file is meant to be safetensors: by its name, or, since it has no signature, by a length and as much text between braces
 * (and spaces behind them).
 */
export function isSafetensors(name: string, bytes: Uint8Array): boolean {
  if (/\.safetensors$/i.test(name)) return true;
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const last = length <= BigInt(bytes.length - 8) ? bytes[7 + Number(length)] : undefined;
  return last === 0x7d || last === 0x20;
}

/**
 * Reads the weights of a PyTorch nn.LSTM and the Linear layer after it, whatever their modules are called; the two
 * biases are added, an Embedding is multiplied into the first kernel.
 *
 * @throws {FormatError} As {@link readKeras}.
 */
export function readSafetensors(bytes: Uint8Array, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options);
  const { header, data } = unpack(bytes);
  const all = readTensors(header, data);
  const metadata = objectOf(header.__metadata__ ?? {}, "the metadata");
  const isTraining = typeof metadata[OPTIMIZER_KEY] === "string";
  // A run's own arrays belong to no layer.
  const isWeight = (name: string) => !isTraining || /^(lstm|dense)\./.test(name);
  const tensors = new Map([...all].filter(([name]) => isWeight(name)));
  const facts = { window: positive(metadata[WINDOW_KEY]), dropout: share(metadata[DROPOUT_KEY]) };
  const { topology, arrays } = pytorchTopology(tensors, facts);
  const { architecture, weights, warnings } = assemble(topology, arrays, options);
  const notes = [...warnings];
  const kept = metadata[VOCABULARY_KEY];
  const vocabulary = embeddedVocabulary(
    typeof kept === "string" ? kept : undefined,
    architecture.vocabularySize,
    notes,
  );
  const objective = embeddedObjective(metadata[OBJECTIVE_KEY], notes);
  return {
    architecture,
    weights,
    ...(vocabulary ? { vocabulary } : {}),
    ...(isTraining ? readOptimizer(all, tensors, { metadata, facts, options, notes }) : {}),
    objective,
    source: "safetensors (PyTorch)",
    warnings: notes,
  };
}

/** The optimizer that `writeSafetensors` wrote: its arrays are those of a network again, kind by kind. */
function readOptimizer(
  all: ReadonlyMap<string, RawTensor>,
  weights: ReadonlyMap<string, RawTensor>,
  {
    metadata,
    facts,
    options,
    notes,
  }: {
    metadata: JsonObject;
    facts: { window: number | undefined; dropout: number };
    options: ReadOptions;
    notes: string[];
  },
): { optimizer?: PortableOptimizer } {
  const said = objectOf(parseJson(metadata[OPTIMIZER_KEY] as string, "the optimizer in the metadata"), "the optimizer");
  const config = optimizerConfig(said.config);
  const step = optionalNumber(said.step);
  if (!config || step === undefined || !Number.isSafeInteger(step) || step < 0) {
    notes.push("the optimizer's state is of a kind that is not known here and is left out");
    return {};
  }
  const kinds = slotNames(config).map((kind) => {
    // The second bias, which has no slot, is zero.
    const network = [...weights].map(
      ([name, weight]) => [name, all.get(`${SLOT}${kind}.${name}`) ?? zerosLike(weight)] as const,
    );
    const { topology, arrays } = pytorchTopology(new Map(network), facts);
    const slots = assemble(topology, arrays, options).weights;
    return slots.map((tensor) => ({ ...tensor, name: `${tensor.name}/${kind}` }));
  });
  const slots = (kinds[0] ?? []).flatMap((_, weight) => kinds.map((tensors) => tensors[weight]!));
  const [learningRate, clipNorm] = [optionalNumber(said.learningRate), optionalNumber(said.clipNorm)];
  return {
    optimizer: {
      ...{ config, state: { name: config.name, step, slots } },
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(clipNorm === undefined ? {} : { clipNorm }),
    },
  };
}

function zerosLike({ shape, values }: RawTensor): RawTensor {
  return { shape, values: new Float32Array(values.length) };
}

/** Metadata of safetensors is text. */
function positive(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : 0;
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function share(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : 0;
  return number > 0 && number < 1 ? number : 0;
}
