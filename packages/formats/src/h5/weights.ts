import { FormatError } from "../errors.js";
import type { Group } from "../hdf5/read.js";
import type { WeightedLayer } from "../layers/layers.js";
import type { RawTensor } from "../layers/layout.js";
import type { Topology } from "../layers/topology.js";

/** Where Keras 3 (and 2.12 on) keeps the layers in a `.weights.h5` file. */
export function layersGroup(file: Group): Group | undefined {
  return file.group("layers") ?? file.group("_layer_checkpoint_dependencies");
}

/** One layer's arrays by the class that its group is called after: counted by class, not by the layer's own name. */
export function layerArrays(container: Group, layer: WeightedLayer, layers: readonly WeightedLayer[]): RawTensor[] {
  const stem = layer.wrapped ? "time_distributed" : layer.kind;
  const vars = varsOf(layer);
  const number = (name: string) => Number(name.slice(stem.length + 1));
  const groups = container
    .names()
    .filter((name) => new RegExp(`^${stem}(_\\d+)?$`).test(name) && container.has(`${name}/${vars}/0`))
    .sort((a, b) => number(a) - number(b));
  const position = layers.filter(({ kind }) => kind === layer.kind).indexOf(layer);
  const name = groups[position];
  const group = name === undefined ? undefined : container.group(`${name}/${vars}`);
  if (!group) {
    throw new FormatError("MISSING_WEIGHTS", `the file has no weights for layer "${layer.name}"`, {
      layer: layer.name,
    });
  }
  return numberedArrays(group);
}

function varsOf({ kind, wrapped }: Pick<WeightedLayer, "kind" | "wrapped">): string {
  return wrapped ? "layer/vars" : kind === "lstm" ? "cell/vars" : "vars";
}

/** Arrays named 0, 1, 2, …, in that order. */
export function numberedArrays(group: Group): RawTensor[] {
  const arrays: RawTensor[] = [];
  for (let index = 0; ; index++) {
    const array = group.dataset(String(index));
    if (!array) return arrays;
    arrays.push(array);
  }
}

const KINDS: readonly (readonly [stem: RegExp, kind: WeightedLayer["kind"], wrapped: boolean])[] = [
  [/^embedding(_\d+)?$/, "embedding", false],
  [/^lstm(_\d+)?$/, "lstm", false],
  [/^dense(_\d+)?$/, "dense", false],
  [/^time_distributed(_\d+)?$/, "dense", true],
];

/**
 * What a `.weights.h5` file tells of its model by the names and shapes in it. It says nothing of activations, the window or what the
 * model was trained for: Keras 3's defaults are assumed, and said.
 *
 * @throws {FormatError} `UNSUPPORTED_LAYER` for groups of other layers; `NOT_A_MODEL` without an LSTM and a Dense layer.
 */
export function topologyOfWeights(container: Group): Topology {
  const found = container.names().flatMap((name) => {
    const known = KINDS.find(([stem]) => stem.test(name));
    if (!known) {
      if (!container.has(`${name}/vars/0`) && !container.has(`${name}/cell/vars/0`)) return []; // dropout, input: no arrays
      throw new FormatError("UNSUPPORTED_LAYER", `the layer "${name}" of the weights file has no counterpart here`, {
        layer: name,
      });
    }
    const [, kind, wrapped] = known;
    const shapes = shapesIn(container, `${name}/${varsOf({ kind, wrapped })}`);
    return shapes.length === 0 ? [] : [{ name, kind, wrapped, shapes }];
  });
  const order = ["embedding", "lstm", "dense"];
  const { compare } = new Intl.Collator("en", { numeric: true });
  found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || compare(a.name, b.name));
  const layers = found.map(({ name, kind, wrapped, shapes }): WeightedLayer => {
    const units = kind === "lstm" ? (shapes[1]?.[0] ?? 0) : (shapes[0]?.[1] ?? 0);
    return { kind, name, units, useBias: shapes.length === (kind === "lstm" ? 3 : 2), wrapped };
  });
  const count = (kind: string) => layers.filter((layer) => layer.kind === kind).length;
  if (count("lstm") === 0 || count("dense") !== 1 || count("embedding") > 1) {
    throw new FormatError(
      "NOT_A_MODEL",
      `the weights file has ${count("lstm")} LSTM and ${count("dense")} Dense layers, one or more and one were expected: ` +
        "give the model's structure with it (config; --config in the command line; in the page its .json file, chosen along with it), or save the whole model in Keras",
      { layers: layers.map(({ name }) => name) },
    );
  }
  const warnings = [
    "the file holds weights without their model: sigmoid gates and softmax over the Dense layer are assumed; " +
      "what model.to_json() writes says it for certain (config; --config in the command line; in the page its .json file, chosen along with it)",
  ];
  if (container.names().some((name) => /^dropout(_\d+)?$/.test(name))) {
    warnings.push("the model has dropout, whose rate the file does not tell: none is assumed");
  }
  return { layers, inputSize: undefined, window: undefined, dropout: 0, gates: "sigmoid", warnings };
}

function shapesIn(container: Group, path: string): (readonly number[])[] {
  const group = container.group(path);
  const names = group?.names().filter((name) => /^\d$/.test(name)) ?? [];
  return names.sort().map((name) => group?.shape(name) ?? []);
}
