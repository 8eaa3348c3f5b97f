import { weightSpecs } from "@charlstm/network";
import { FormatError } from "../errors.js";
import type { Architecture, ImportedModel, NamedTensor } from "../portable-model.js";
import type { WeightedLayer } from "./layers.js";
import type { RawTensor } from "./layout.js";
import { fromCudnn, scaleGates } from "./layout.js";
import type { Topology } from "./topology.js";

/** The window of a model whose file names none; the length only matters for further training on windows. */
const USUAL_WINDOW = 60;

/** Most characters that a vocabulary can have: Unicode's code points. */
const MOST_CHARACTERS = 0x110000;

type Parts = Pick<ImportedModel, "architecture" | "weights" | "warnings">;

/**
 * Joins a checked topology and each layer's arrays to a model; an Embedding becomes part of the first kernel.
 *
 * @param tensors For each layer of the topology, its arrays in Keras's order (kernel, recurrent kernel, bias).
 * @throws {FormatError} `MISSING_WEIGHTS`, `BAD_SHAPE`.
 */
export function assemble(
  topology: Topology,
  tensors: readonly (readonly RawTensor[])[],
  options: { window?: number | undefined } = {},
): Parts {
  const warnings = [...topology.warnings];
  const { layers } = topology;
  const vocabularySize = layers.at(-1)!.units;
  const units = layers.filter(({ kind }) => kind === "lstm").map((layer) => layer.units);
  if (topology.inputSize !== undefined && topology.inputSize !== vocabularySize) {
    throw new FormatError(
      "BAD_SHAPE",
      `the model reads ${topology.inputSize} characters and predicts ${vocabularySize}: one vocabulary is needed`,
      { inputs: topology.inputSize, outputs: vocabularySize },
    );
  }
  if (vocabularySize > MOST_CHARACTERS) {
    throw new FormatError("BAD_SHAPE", `the model claims ${vocabularySize} characters, more than Unicode has`, {});
  }
  const window = options.window ?? topology.window ?? USUAL_WINDOW;
  if (options.window === undefined && topology.window === undefined) {
    warnings.push(`the file does not say how long a window is: ${USUAL_WINDOW} characters are assumed`);
  }
  const hard = topology.gates !== "sigmoid";
  const architecture: Architecture = {
    ...{ vocabularySize, window, units, dropout: topology.dropout },
    ...(hard ? { recurrentActivation: "hard_sigmoid" } : {}),
  };
  const found = layers.flatMap((layer, index) => {
    const inputs = index === 0 ? vocabularySize : layers[index - 1]!.units;
    const read = layerTensors(layer, inputs, tensors[index] ?? [], warnings);
    // clip(x / 6 + 0.5) of Keras 3 is clip(0.2 x + 0.5), which is meant by the name here, of five sixths of x.
    const isScaled = topology.gates === "hard-sigmoid-3" && layer.kind === "lstm";
    return isScaled ? read.map((tensor) => scaleGates(tensor, 5 / 6)) : read;
  });
  if (layers[0]!.kind === "embedding") foldEmbedding(found);
  if (hard) {
    warnings.push(
      "its gates are hard_sigmoid: it is written and scored with TensorFlow.js (tfjs-cpu), slower than with the engine, " +
        "which has sigmoid gates alone and cannot train it",
    );
  }
  const weights = weightSpecs(architecture).map((spec, index): NamedTensor => {
    return { ...spec, values: Float32Array.from(found[index]!.values) };
  });
  if (weights.some(({ values }) => !values.every(Number.isFinite))) {
    warnings.push(
      "some weights are not finite numbers: the training of this model had diverged, or the file is damaged",
    );
  }
  return { architecture, weights, warnings };
}

/** Whether a model's arrays are those of the file, number by number: only then an optimizer's slots belong to them. */
export function keepsArrays({ layers, gates }: Topology): boolean {
  return (
    gates !== "hard-sigmoid-3" && layers.every(({ kind, useBias, cudnn }) => kind !== "embedding" && useBias && !cudnn)
  );
}

/** One layer's arrays with their shapes checked; a bias that the layer does without becomes zeros. */
function layerTensors(
  layer: WeightedLayer,
  inputs: number,
  given: readonly RawTensor[],
  warnings: string[],
): RawTensor[] {
  const { kind, name, units, useBias, cudnn } = layer;
  const expected =
    kind === "embedding"
      ? [[inputs, units]]
      : kind === "dense"
        ? [[inputs, units], [units]]
        : [[inputs, 4 * units], [units, 4 * units], [cudnn ? 8 * units : 4 * units]];
  const wanted = useBias ? expected : expected.slice(0, kind === "embedding" ? 1 : -1);
  if (given.length !== wanted.length) {
    throw new FormatError(
      "MISSING_WEIGHTS",
      `layer "${name}" has ${given.length} arrays in the file, ${wanted.length} were expected`,
      { layer: name, found: given.length, expected: wanted.length },
    );
  }
  given.forEach((tensor, index) => {
    const shape = wanted[index]!;
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== shape.reduce((a, b) => a * b, 1)) {
      throw new FormatError(
        "BAD_SHAPE",
        `array ${index} of layer "${name}" has the shape [${tensor.shape}], its configuration says [${shape}]`,
        { layer: name, found: tensor.shape, expected: shape },
      );
    }
  });
  if (cudnn) return fromCudnn(given);
  if (wanted.length === expected.length) return [...given];
  warnings.push(`layer "${name}" has no bias: zeros stand in for it, and further training will change them`);
  const shape = expected.at(-1)!; // as wide as the kernel, which the file holds
  return [...given, { shape, values: new Float32Array(shape[0]!) }];
}

/** Replaces the embedding [V, E] and the kernel [E, 4H] by their product, the kernel [V, 4H] for one-hot input. */
function foldEmbedding(tensors: RawTensor[]): void {
  const [embedding, kernel] = tensors.splice(0, 2) as [RawTensor, RawTensor];
  const [characters, size] = embedding.shape as [number, number];
  const columns = kernel.shape[1]!;
  const values = new Float64Array(characters * columns);
  for (let row = 0; row < characters; row++) {
    for (let k = 0; k < size; k++) {
      const factor = embedding.values[row * size + k]!;
      for (let column = 0; column < columns; column++) {
        values[row * columns + column]! += factor * kernel.values[k * columns + column]!;
      }
    }
  }
  tensors.unshift({ shape: [characters, columns], values });
}
