import { assemble, type RawTensor } from "./assemble.js";
import { KerasError } from "./errors.js";
import { halfToNumber } from "./hdf5/datatype.js";
import { arrayOf, type JsonObject, objectOf, parseJson, stringOf } from "./json.js";
import { transpose } from "./layout.js";
import { embeddedObjective, OBJECTIVE_KEY } from "./objective.js";
import { checkModel, type ImportedModel, lstmName, type PortableModel } from "./portable-model.js";
import { pytorchTopology } from "./pytorch-names.js";
import { checkReadOptions, type ReadOptions } from "./read-options.js";
import { embeddedVocabulary, VOCABULARY_KEY } from "./vocabulary.js";

const WINDOW_KEY = "charlstm_window";
const DROPOUT_KEY = "charlstm_dropout";

/**
 * Writes the weights as PyTorch names and keeps them: `lstm.weight_ih_l0 [4H, in]`, two biases (the second zero),
 * `dense.weight [V, H]`. Gates are i, f, g, o, which is Keras's order. Layers of different widths, which one nn.LSTM
 * cannot have, become `lstm.0`, `lstm.1`, … of one layer each.
 *
 * @throws {KerasError} `BAD_MODEL`.
 */
export function writeSafetensors(model: PortableModel): Uint8Array {
  checkModel(model);
  const { units, window, dropout } = model.architecture;
  const oneModule = units.every((width) => width === units[0]);
  const tensors = new Map<string, RawTensor>();
  const weight = (name: string) => model.weights.find((tensor) => tensor.name === name)!;
  units.forEach((width, k) => {
    const [prefix, layer] = oneModule ? ["lstm", k] : [`lstm.${k}`, 0];
    const from = lstmName(k);
    tensors.set(`${prefix}.weight_ih_l${layer}`, transpose(weight(`${from}/kernel`)));
    tensors.set(`${prefix}.weight_hh_l${layer}`, transpose(weight(`${from}/recurrent_kernel`)));
    tensors.set(`${prefix}.bias_ih_l${layer}`, weight(`${from}/bias`));
    tensors.set(`${prefix}.bias_hh_l${layer}`, { shape: [4 * width], values: new Float32Array(4 * width) });
  });
  tensors.set("dense.weight", transpose(weight("dense/kernel")));
  tensors.set("dense.bias", weight("dense/bias"));
  const metadata: Record<string, string> = {
    format: "pt",
    [WINDOW_KEY]: String(window),
    [DROPOUT_KEY]: String(dropout),
  };
  if (model.vocabulary) metadata[VOCABULARY_KEY] = JSON.stringify(model.vocabulary);
  if (model.objective) metadata[OBJECTIVE_KEY] = model.objective;
  return pack(tensors, metadata);
}

/** The file: length of the header in 8 bytes, the header as JSON, the arrays. */
function pack(tensors: ReadonlyMap<string, RawTensor>, metadata: Record<string, string>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * values.length] };
    offset += 4 * values.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + 8 * Math.ceil(json.length / 8); // arrays start at a multiple of 8; the header is padded with spaces
  const bytes = new Uint8Array(start + offset).fill(0x20, 8, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const { values } of tensors.values()) {
    for (let index = 0; index < values.length; index++, at += 4) view.setFloat32(at, values[index]!, true);
  }
  return bytes;
}

/**
 * Reads the weights of a PyTorch nn.LSTM and the Linear layer after it, whatever their modules are called; the two
 * biases are added, an Embedding is multiplied into the first kernel.
 *
 * @throws {KerasError} As {@link readKeras}.
 */
export function readSafetensors(bytes: Uint8Array, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options);
  const { header, data } = unpack(bytes);
  const tensors = new Map<string, RawTensor>();
  const metadata = (header.__metadata__ ?? {}) as Readonly<Record<string, unknown>>;
  for (const [name, spec] of Object.entries(header)) {
    if (name !== "__metadata__") tensors.set(name, readTensor(data, objectOf(spec, `tensor "${name}"`), name));
  }
  const { topology, arrays } = pytorchTopology(tensors, {
    window: positive(metadata[WINDOW_KEY]),
    dropout: Number(metadata[DROPOUT_KEY] ?? 0) || 0,
  });
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
    objective,
    source: "safetensors (PyTorch)",
    warnings: notes,
  };
}

function positive(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

function unpack(bytes: Uint8Array): { header: JsonObject; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= 10 ? view.getBigUint64(0, true) : -1n;
  if (length < 2n || bytes[8] !== 0x7b) {
    throw new KerasError("NOT_A_MODEL", `the ${bytes.length} bytes do not start as a safetensors file`, {});
  }
  if (length > BigInt(bytes.length - 8)) {
    throw new KerasError("CORRUPT_FILE", `the header claims ${length} bytes, the file has ${bytes.length}`, {});
  }
  const end = 8 + Number(length);
  const text = new TextDecoder().decode(bytes.subarray(8, end));
  return { header: parseJson(text, "the safetensors header"), data: bytes.subarray(end) };
}

const WIDTHS: Readonly<Record<string, number | undefined>> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

function readTensor(data: Uint8Array, spec: JsonObject, name: string): RawTensor {
  const shape = arrayOf(spec.shape, `the shape of "${name}"`) as number[];
  const [begin, end] = arrayOf(spec.data_offsets, `the place of "${name}"`) as [number, number];
  const dtype = stringOf(spec.dtype, `the dtype of "${name}"`);
  const width = WIDTHS[dtype];
  if (width === undefined) {
    throw new KerasError("UNSUPPORTED_FILE", `"${name}" is of type ${dtype}, expected F32, F64, F16 or BF16`, { name });
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const fits = Number.isSafeInteger(begin) && begin >= 0 && end <= data.length && end - begin === count * width;
  if (!fits || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new KerasError("CORRUPT_FILE", `"${name}" does not lie in the file: copy the file again`, { name, shape });
  }
  const view = new DataView(data.buffer, data.byteOffset + begin, end - begin);
  const read: Record<string, (index: number) => number> = {
    F64: (index) => view.getFloat64(8 * index, true),
    F32: (index) => view.getFloat32(4 * index, true),
    F16: (index) => halfToNumber(view.getUint16(2 * index, true)),
    BF16: (index) => bfloatToNumber(view.getUint16(2 * index, true)),
  };
  return { shape, values: Float32Array.from({ length: count }, (_, index) => read[dtype]!(index)) };
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a 32-bit float. */
function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
