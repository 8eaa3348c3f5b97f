import type { RawTensor } from "./assemble.js";
import { KerasError } from "./errors.js";
import type { WeightedLayer } from "./layers.js";
import { transpose } from "./layout.js";
import type { Topology } from "./topology.js";

const RECURRENT = /^(.*?)\.?weight_ih_l(\d+)$/;

/**
 * Finds the LSTM layers, the Linear layer and an Embedding among the tensors of a PyTorch module.
 *
 * @throws {KerasError} `UNSUPPORTED_LAYER` for what nn.LSTM can do and this network cannot; `MISSING_WEIGHTS`.
 */
export function pytorchTopology(
  tensors: ReadonlyMap<string, RawTensor>,
  { window, dropout }: { window: number | undefined; dropout: number },
): { topology: Topology; arrays: RawTensor[][] } {
  const odd = [...tensors.keys()].find((name) => /(_l\d+_reverse|weight_hr_l\d+)$/.test(name));
  if (odd) {
    throw new KerasError("UNSUPPORTED_LAYER", `"${odd}": bidirectional and projected LSTMs have no counterpart here`, {
      layer: odd,
    });
  }
  const used = new Set<string>();
  const take = (name: string): RawTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw new KerasError("MISSING_WEIGHTS", `the tensor "${name}" is missing`, { name });
    used.add(name);
    return tensor;
  };
  const layers: WeightedLayer[] = [];
  const arrays: RawTensor[][] = [];
  for (const { prefix, number } of lstmLayers(tensors)) {
    const at = (part: string) => `${prefix === "" ? "" : `${prefix}.`}${part}_l${number}`;
    const recurrent = matrix(take(at("weight_hh")), at("weight_hh"));
    const kernel = matrix(take(at("weight_ih")), at("weight_ih"));
    const useBias = tensors.has(at("bias_ih"));
    layers.push({ kind: "lstm", name: at("lstm"), units: recurrent.shape[0], useBias, wrapped: false });
    arrays.push([kernel, recurrent, ...(useBias ? [sum(take(at("bias_ih")), take(at("bias_hh")))] : [])]);
  }
  if (layers.length === 0) {
    throw new KerasError("NOT_A_MODEL", "the file has no nn.LSTM: no tensor is called weight_ih_l0", {});
  }
  const dense = denseName(tensors, used, layers.at(-1)!.units);
  const weight = matrix(take(`${dense}weight`), `${dense}weight`);
  const useBias = tensors.has(`${dense}bias`);
  layers.push({
    kind: "dense",
    name: dense.replace(/\.$/, "") || "weight",
    units: weight.shape[1],
    useBias,
    wrapped: false,
  });
  arrays.push([weight, ...(useBias ? [take(`${dense}bias`)] : [])]);
  const warnings = embed(tensors, used, layers, arrays);
  return { topology: { layers, inputSize: undefined, window, dropout, gates: "sigmoid", warnings }, arrays };
}

/** The LSTM layers in order: by module name (numbers as numbers), then by layer number. */
function lstmLayers(tensors: ReadonlyMap<string, RawTensor>): { prefix: string; number: number }[] {
  const found = [...tensors.keys()].flatMap((name) => {
    const match = RECURRENT.exec(name);
    return match ? [{ prefix: match[1]!, number: Number(match[2]) }] : [];
  });
  const { compare } = new Intl.Collator("en", { numeric: true });
  return found.sort((a, b) => compare(a.prefix, b.prefix) || a.number - b.number);
}

/** The module of the output layer: the one matrix left that takes the last LSTM's output, bias preferred. */
function denseName(tensors: ReadonlyMap<string, RawTensor>, used: ReadonlySet<string>, units: number): string {
  const candidates = [...tensors].filter(
    ([name, { shape }]) => !used.has(name) && /(^|\.)weight$/.test(name) && shape.length === 2 && shape[1] === units,
  );
  const names = candidates.map(([name]) => name.slice(0, -"weight".length));
  const found = names.find((name) => tensors.has(`${name}bias`)) ?? names.at(-1);
  if (found === undefined) {
    throw new KerasError("MISSING_WEIGHTS", `the file has no output layer: a weight of [characters, ${units}]`, {
      units,
    });
  }
  return found;
}

/** Puts an Embedding in front of the layers, if a matrix is left for it; refuses what is left besides. */
function embed(
  tensors: ReadonlyMap<string, RawTensor>,
  used: ReadonlySet<string>,
  layers: WeightedLayer[],
  arrays: RawTensor[][],
): string[] {
  const left = [...tensors].filter(([name]) => !used.has(name));
  if (left.length === 0) return [];
  const [name, tensor] = left[0]!;
  const inputs = arrays[0]![0]!.shape[0]!;
  if (left.length > 1 || !name.endsWith("weight") || tensor.shape.length !== 2 || tensor.shape[1] !== inputs) {
    const names = left.map(([other]) => other).join(", ");
    throw new KerasError("UNSUPPORTED_LAYER", `the tensors ${names} belong to no Embedding, LSTM or Linear layer`, {
      layer: name,
    });
  }
  layers.unshift({ kind: "embedding", name, units: inputs, useBias: false, wrapped: false });
  arrays.unshift([tensor]);
  return [`"${name}" (Embedding) was multiplied into the first LSTM kernel: the same predictions`];
}

function matrix(tensor: RawTensor, name: string): { shape: [number, number]; values: Float32Array } {
  if (tensor.shape.length !== 2) {
    throw new KerasError("BAD_SHAPE", `"${name}" has the shape [${tensor.shape}], a matrix was expected`, { name });
  }
  return transpose(tensor);
}

function sum(a: RawTensor, b: RawTensor): RawTensor {
  if (a.shape.join() !== b.shape.join()) {
    throw new KerasError("BAD_SHAPE", `the two biases have the shapes [${a.shape}] and [${b.shape}]`, {});
  }
  return { shape: a.shape, values: Float32Array.from(a.values, (value, index) => value + b.values[index]!) };
}
