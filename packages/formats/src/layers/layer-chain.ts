import { FormatError } from "../errors.js";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../json.js";

/** One layer of a model's JSON. */
export interface LayerEntry {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
}

/**
 * The layers of a Sequential or functional model, in the order in which data passes through them.
 *
 * @throws {FormatError} `UNSUPPORTED_LAYER` when a functional model is more than one chain; `CORRUPT_FILE`.
 */
export function chainOf(model: JsonObject): LayerEntry[] {
  const className = stringOf(model.class_name, "the model's class_name");
  const { config } = model;
  if (className === "Sequential") {
    // Before Keras 2.2.3 the configuration was the list itself.
    const list = Array.isArray(config) ? config : objectOf(config, "the model's config").layers;
    return arrayOf(list, "the model's layers").map(readEntry);
  }
  if (className !== "Functional" && className !== "Model") {
    throw new FormatError(
      "UNSUPPORTED_LAYER",
      `the model is a ${className}, a Sequential or functional model was expected: ` +
        "a subclassed model keeps its structure in Python code, which is never run here",
      { className },
    );
  }
  const layers = arrayOf(objectOf(config, "the model's config").layers, "the model's layers");
  return followInputs(layers.map((layer) => objectOf(layer, "a layer")));
}

function readEntry(value: unknown): LayerEntry {
  const layer = objectOf(value, "a layer");
  const config = objectOf(layer.config, "a layer's config");
  const name = config.name ?? layer.name;
  return {
    className: stringOf(layer.class_name, "a layer's class_name"),
    name: typeof name === "string" ? name : "(without a name)",
    config,
  };
}

/** Orders functional layers by their one input each. */
function followInputs(layers: readonly JsonObject[]): LayerEntry[] {
  const after = new Map<string | undefined, JsonObject>();
  for (const layer of layers) {
    const sources = sourcesOf(layer.inbound_nodes);
    const source = [...sources][0];
    if (sources.size > 1 || after.has(source)) {
      const { name, className } = readEntry(layer);
      throw new FormatError(
        "UNSUPPORTED_LAYER",
        `layer "${name}" (${className}) makes the model branch: layers in one line can be read`,
        { layer: name, className },
      );
    }
    after.set(source, layer);
  }
  const chain: LayerEntry[] = [];
  for (let next = after.get(undefined); next && chain.length <= layers.length; next = after.get(chain.at(-1)?.name)) {
    chain.push(readEntry(next));
  }
  if (chain.length !== layers.length) {
    throw new FormatError("CORRUPT_FILE", "the layers of the functional model do not form one line", {});
  }
  return chain;
}

/** Names of the layers that feed a layer: `["lstm", 0, 0, {}]` in Keras 2, `keras_history` in Keras 3. */
function sourcesOf(nodes: unknown): Set<string> {
  const sources = new Set<string>();
  const pending: unknown[] = [nodes];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      if (typeof value[0] === "string" && typeof value[1] === "number") sources.add(value[0]);
      else pending.push(...value);
    } else if (typeof value === "object" && value !== null) pending.push(...Object.values(value));
  }
  return sources;
}
