import { FormatError } from "../errors.js";
import { arrayOf, type JsonObject, objectOf, parseJson, shapeOf, shown, stringOf } from "../json.js";
import { assemble } from "../layers/assemble.js";
import type { WeightedLayer } from "../layers/layers.js";
import { type RawTensor, reorderColumns } from "../layers/layout.js";
import type { ImportedModel } from "../portable-model.js";
import { checkReadOptions, type ReadOptions } from "../read-options.js";
import { parseVocabulary } from "../vocabulary.js";

/** A model of ml5.js's charRNN: the texts of its two JSON files and the other files by the names that the manifest has. */
export interface Ml5Files {
  readonly manifestJson: string;
  readonly vocabJson: string;
  readonly weights: ReadonlyMap<string, Uint8Array>;
}

/** TensorFlow 1 orders a BasicLSTMCell's gates i, j, f, o; Keras, which calls j c, i, f, c, o. */
const GATE_ORDER = [0, 2, 1, 3];

/**
 * Reads a model of ml5.js's charRNN (training-charRNN): an embedding, BasicLSTM cells and a softmax, as TensorFlow 1 names them.
 * One kernel holds the rows of the input and of the state, and 1 is added to the forget gate while it runs.
 *
 * @throws {FormatError} As {@link readKeras}.
 */
export function readMl5CharRnn(files: Ml5Files, options: ReadOptions = {}): ImportedModel {
  checkReadOptions(options);
  const tensors = readVariables(parseJson(files.manifestJson, "manifest.json"), files.weights);
  const { layers, arrays, warnings } = layersOf(tensors);
  const topology = { layers, inputSize: undefined, window: undefined, dropout: 0, gates: "sigmoid", warnings } as const;
  const parts = assemble(topology, arrays, options);
  return {
    ...parts,
    vocabulary: readVocabulary(parseJson(files.vocabJson, "vocab.json"), parts.architecture.vocabularySize),
    objective: "sequence",
    source: "ml5.js charRNN",
  };
}

/** The variables of the network; what the optimizer kept is passed over. */
function readVariables(manifest: JsonObject, files: ReadonlyMap<string, Uint8Array>): Map<string, RawTensor> {
  const unread = new Map(files);
  const tensors = new Map<string, RawTensor>();
  for (const [name, value] of Object.entries(manifest)) {
    if (!/^embedding$|softmax|(cell|lstm)_\d/i.test(name) || /adam|rmsprop/i.test(name)) continue;
    const { filename, shape: given } = objectOf(value, `"${name}" of the manifest`);
    const shape = shapeOf(given, `the shape of "${name}"`);
    const file = stringOf(filename, `the file of "${name}"`);
    const bytes = unread.get(file);
    if (!bytes) {
      const code = files.has(file) ? "CORRUPT_FILE" : "MISSING_WEIGHTS";
      const reason = files.has(file) ? "is named more than once" : "is missing beside manifest.json";
      throw new FormatError(code, `the weight file "${shown(file)}" ${reason}`, { file });
    }
    unread.delete(file);
    const count = shape.reduce((product, size) => product * size, 1);
    if (bytes.length !== 4 * count) {
      throw new FormatError(
        "CORRUPT_FILE",
        `"${file}" has ${bytes.length} bytes, its shape [${shape}] needs ${4 * count}`,
        {
          file,
        },
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    tensors.set(name, {
      shape,
      values: Float32Array.from({ length: count }, (_, index) => view.getFloat32(4 * index, true)),
    });
  }
  return tensors;
}

function layersOf(tensors: ReadonlyMap<string, RawTensor>): {
  layers: WeightedLayer[];
  arrays: RawTensor[][];
  warnings: string[];
} {
  const find = (pattern: RegExp, what: string): RawTensor => {
    const found = [...tensors].filter(([name]) => pattern.test(name));
    if (found.length === 1) return found[0]![1];
    const names = found.map(([name]) => name);
    throw new FormatError("MISSING_WEIGHTS", `the manifest has ${found.length} variables for ${what}, expected one`, {
      names,
    });
  };
  const numbers = [...tensors.keys()].flatMap((name) => /(?:cell|lstm)_(\d+)/i.exec(name)?.[1] ?? []);
  const cells = [...new Set(numbers.map(Number))].sort((a, b) => a - b);
  if (cells.length === 0) {
    throw new FormatError(
      "NOT_A_MODEL",
      "manifest.json names no LSTM cells (cell_0 …): it is no charRNN of ml5.js",
      {},
    );
  }
  const layers: WeightedLayer[] = [];
  const arrays: RawTensor[][] = [];
  const add = (kind: WeightedLayer["kind"], name: string, units: number, parts: RawTensor[]) => {
    layers.push({ kind, name, units, useBias: kind !== "embedding", wrapped: false });
    arrays.push(parts);
  };
  const embedding = tensors.get("embedding");
  if (embedding) add("embedding", "embedding", matrix(embedding, "embedding")[1], [embedding]);
  for (const number of cells) {
    const part = (names: string) =>
      find(new RegExp(`(cell|lstm)_${number}(/|_|$).*(${names})$`, "i"), `cell ${number}`);
    const bias = part("bias|biases");
    add("lstm", `cell_${number}`, bias.shape[0]! / 4, splitCell(part("weights?|kernels?"), bias, number));
  }
  const weight = find(/softmax.*(w|weights?|kernels?)$/i, "the softmax");
  add("dense", "softmax", matrix(weight, "softmax")[1], [weight, find(/softmax.*(b|bias|biases)$/i, "the softmax")]);
  const warnings = embedding ? ["the embedding was multiplied into the first LSTM kernel: the same predictions"] : [];
  return { layers, arrays, warnings };
}

/** Kernel, recurrent kernel and bias out of a cell's one kernel `[inputs + units, 4 · units]` and its bias. */
function splitCell(kernel: RawTensor, bias: RawTensor, number: number): RawTensor[] {
  const [rows, columns] = matrix(kernel, `cell ${number}`);
  const units = columns / 4;
  const inputs = rows - units;
  if (bias.shape.length !== 1 || bias.shape[0] !== columns || !Number.isInteger(units) || inputs < 1) {
    throw new FormatError(
      "BAD_SHAPE",
      `cell ${number} has a kernel [${kernel.shape}] and a bias [${bias.shape}], which are no BasicLSTMCell's`,
      { kernel: kernel.shape, bias: bias.shape },
    );
  }
  const ordered = reorderColumns(kernel, GATE_ORDER).values;
  const biases = reorderColumns({ shape: [1, columns], values: bias.values }, GATE_ORDER).values;
  return [
    { shape: [inputs, columns], values: ordered.subarray(0, inputs * columns) },
    { shape: [units, columns], values: ordered.subarray(inputs * columns) },
    { shape: [columns], values: biases.map((value, at) => (Math.floor(at / units) === 1 ? value + 1 : value)) },
  ];
}

function matrix({ shape }: RawTensor, name: string): readonly [number, number] {
  if (shape.length === 2 && shape[0]! > 0 && shape[1]! > 0) return shape as readonly [number, number];
  throw new FormatError("BAD_SHAPE", `"${name}" has the shape [${shape}], a matrix was expected`, { name });
}

/** `{ character: id }`. @throws {FormatError} `BAD_VOCABULARY`. */
function readVocabulary(json: JsonObject, size: number): string[] {
  const characters: unknown[] = Array.from({ length: size }, () => null);
  for (const [character, id] of Object.entries(json)) {
    if (typeof id === "number" && id in characters) characters[id] = character;
    else
      throw new FormatError(
        "BAD_VOCABULARY",
        `vocab.json gives ${shown(character)} the id ${shown(id)}, the model has ${size} characters`,
      );
  }
  return parseVocabulary(JSON.stringify(arrayOf(characters, "vocab.json")));
}
