import { FormatError } from "../errors.js";
import type { WeightedLayer } from "../layers/layers.js";
import type { RawTensor } from "../layers/layout.js";
import { transpose } from "../layers/layout.js";
import type { Topology } from "../layers/topology.js";

const RECURRENT = /^(.*?)\.?weight_ih_l(\d+)$/;

/**
 * Finds the LSTM layers, the Linear layer and an Embedding among the tensors of a PyTorch module.
 *
 * @throws {FormatError} `AMBIGUOUS` where sizes and names leave a choice; `UNSUPPORTED_LAYER` for what nn.LSTM can do and this network cannot; `MISSING_WEIGHTS`.
 */
export function pytorchTopology(
  tensors: ReadonlyMap<string, RawTensor>,
  { window, dropout }: { window: number | undefined; dropout: number },
): { topology: Topology; arrays: RawTensor[][] } {
  const odd = [...tensors.keys()].find((name) => /(_l\d+_reverse|weight_hr_l\d+)$/.test(name));
  if (odd) {
    throw new FormatError("UNSUPPORTED_LAYER", `"${odd}": bidirectional and projected LSTMs have no counterpart here`, {
      layer: odd,
    });
  }
  const used = new Set<string>();
  const take = (name: string): RawTensor => {
    const tensor = tensors.get(name);
    if (!tensor) throw new FormatError("MISSING_WEIGHTS", `the tensor "${name}" is missing`, { name });
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
    throw new FormatError("NOT_A_MODEL", "the file has no nn.LSTM: no tensor is called weight_ih_l0", {});
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

/** Modules whose order is tried out by their sizes; more are refused. */
const MOST_MODULES = 6;

/** The LSTM layers in order, by module and by layer number. */
function lstmLayers(tensors: ReadonlyMap<string, RawTensor>): { prefix: string; number: number }[] {
  const modules = new Map<string, number[]>();
  for (const name of tensors.keys()) {
    const [, prefix, number] = RECURRENT.exec(name) ?? [];
    if (prefix !== undefined) modules.set(prefix, [...(modules.get(prefix) ?? []), Number(number)]);
  }
  return orderedModules([...modules.keys()], tensors).flatMap((prefix) =>
    modules
      .get(prefix)!
      .sort((a, b) => a - b)
      .map((number) => ({ prefix, number })),
  );
}

/**
 * Modules that differ by numbers in their names stand in the order of these. Otherwise the order is the one in which each takes
 * what the one before gives, and a Linear layer what the last gives, if there is only one such.
 *
 * @throws {FormatError} `AMBIGUOUS`.
 */
function orderedModules(prefixes: readonly string[], tensors: ReadonlyMap<string, RawTensor>): readonly string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  if (new Set(prefixes.map((prefix) => prefix.replace(/[._]?\d+/g, ""))).size <= 1) return [...prefixes].sort(compare);
  const sizes = (prefix: string) => {
    const at = prefix === "" ? "" : `${prefix}.`;
    const last = Math.max(
      ...[...tensors.keys()].flatMap((name) => {
        const [, owner, number] = RECURRENT.exec(name) ?? [];
        return owner === prefix ? [Number(number)] : [];
      }),
    );
    return {
      takes: tensors.get(`${at}weight_ih_l0`)?.shape[1],
      gives: tensors.get(`${at}weight_hh_l${last}`)?.shape[1],
    };
  };
  const isRead = (size: number | undefined) =>
    [...tensors].some(([name, { shape }]) => /(^|\.)weight$/.test(name) && shape.length === 2 && shape[1] === size);
  const chains = (left: readonly string[], given: number | undefined): string[][] =>
    left.length === 0
      ? isRead(given)
        ? [[]]
        : []
      : left.flatMap((next) => {
          const { takes, gives } = sizes(next);
          if (given !== undefined && takes !== given) return [];
          return chains(
            left.filter((other) => other !== next),
            gives,
          ).map((rest) => [next, ...rest]);
        });
  const found = prefixes.length > MOST_MODULES ? [] : chains(prefixes, undefined);
  if (found.length === 1) return found[0]!;
  throw ambiguous(prefixes, "the order of the LSTM modules", "number them in their order (lstm.0, lstm.1)");
}

/**
 * The module of the output layer: the matrix that takes the last LSTM's output and has a bias, which no Embedding has. Without a bias
 * an Embedding of the same size looks the same; then the name has to tell.
 *
 * @throws {FormatError} `AMBIGUOUS`, `MISSING_WEIGHTS`.
 */
function denseName(tensors: ReadonlyMap<string, RawTensor>, used: ReadonlySet<string>, units: number): string {
  const names = [...tensors].flatMap(([name, { shape }]) =>
    !used.has(name) && /(^|\.)weight$/.test(name) && shape.length === 2 && shape[1] === units
      ? [name.slice(0, -"weight".length)]
      : [],
  );
  const withBias = names.filter((name) => tensors.has(`${name}bias`));
  const notEmbeddings = names.filter((name) => !/emb|wte|encoder/i.test(name));
  const candidates = withBias.length > 0 ? withBias : names.length > 1 ? notEmbeddings : names;
  if (candidates.length === 1) return candidates[0]!;
  if (names.length > 0) {
    throw ambiguous(
      names.map((name) => `${name}weight`),
      "which is the output layer and which the Embedding",
      "call them embedding.weight and dense.weight",
    );
  }
  throw new FormatError("MISSING_WEIGHTS", `the file has no output layer: a weight of [characters, ${units}]`, {
    units,
  });
}

function ambiguous(names: readonly string[], question: string, remedy: string): FormatError {
  return new FormatError(
    "AMBIGUOUS",
    `safetensors does not tell ${question} (${names.join(", ")}), and more than one answer fits: ` +
      `${remedy} in the dictionary that is saved, and save it again`,
    { names },
  );
}

/** Puts an Embedding in front of the layers, if a matrix is left for it; refuses what is left besides. */
function embed(
  tensors: ReadonlyMap<string, RawTensor>,
  used: ReadonlySet<string>,
  layers: WeightedLayer[],
  arrays: RawTensor[][],
): string[] {
  const left = [...tensors].filter(([name]) => !used.has(name));
  const inputs = arrays[0]![0]!.shape[0]!;
  if (left.length === 0) {
    // Saved once where it serves as output layer too: an Embedding as wide as the state, for more characters than it is wide.
    const dense = arrays.at(-1)![0]!;
    if (inputs === dense.shape[1] || inputs !== dense.shape[0]) return [];
    layers.unshift({ kind: "embedding", name: layers.at(-1)!.name, units: inputs, useBias: false, wrapped: false });
    arrays.unshift([transpose(dense)]);
    return ["the Embedding is the output layer's matrix: it was multiplied into the first LSTM kernel"];
  }
  const [name, tensor] = left[0]!;
  if (left.length > 1 || !name.endsWith("weight") || tensor.shape.length !== 2 || tensor.shape[1] !== inputs) {
    const names = left.map(([other]) => other).join(", ");
    throw new FormatError("UNSUPPORTED_LAYER", `the tensors ${names} belong to no Embedding, LSTM or Linear layer`, {
      layer: name,
    });
  }
  layers.unshift({ kind: "embedding", name, units: inputs, useBias: false, wrapped: false });
  arrays.unshift([tensor]);
  return [`"${name}" (Embedding) was multiplied into the first LSTM kernel: the same predictions`];
}

function matrix(tensor: RawTensor, name: string): { shape: [number, number]; values: Float32Array } {
  if (tensor.shape.length !== 2) {
    throw new FormatError("BAD_SHAPE", `"${name}" has the shape [${tensor.shape}], a matrix was expected`, { name });
  }
  return transpose(tensor);
}

function sum(a: RawTensor, b: RawTensor): RawTensor {
  if (a.shape.join() !== b.shape.join()) {
    throw new FormatError("BAD_SHAPE", `the two biases have the shapes [${a.shape}] and [${b.shape}]`, {});
  }
  return { shape: a.shape, values: Float32Array.from(a.values, (value, index) => value + b.values[index]!) };
}
