import type { LayersModel, layers } from "@tensorflow/tfjs-layers";
import type { Architecture } from "./checkpoint/types.js";
import { ModelError } from "./errors.js";

type Layer = layers.Layer;

/** What makes an LSTM layer another function than ours, and the values that ours has. */
const lstmConfig = {
  activation: "tanh",
  useBias: true,
  goBackwards: false,
  stateful: false,
  dropout: 0,
  recurrentDropout: 0,
} as const;
const denseConfig = { activation: "softmax", useBias: true } as const;

/**
 * Reads the architecture from a layers model: LSTM layers, all or none with a dropout layer of one rate after them, and a softmax.
 *
 * @throws {ModelError} `BAD_MODEL`, naming the layer and what is different.
 */
export function architectureOfModel(model: LayersModel): Architecture {
  const [window, vocabularySize] = inputShape(model);
  const network = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  expectConfig(network.at(-1)!, "Dense", { ...denseConfig, units: vocabularySize });

  const units: number[] = [];
  const rates = new Set<number>();
  const hidden = network.slice(0, -1);
  const lstms = hidden.filter((layer) => layer.getClassName() !== "Dropout");
  const isHard = lstms[0]?.getConfig().recurrentActivation === "hardSigmoid";
  for (const [index, layer] of lstms.entries()) {
    expectConfig(layer, "LSTM", {
      ...lstmConfig,
      recurrentActivation: isHard ? "hardSigmoid" : "sigmoid",
      returnSequences: index < lstms.length - 1,
    });
    units.push(layer.getConfig().units as number);
    const next = hidden[hidden.indexOf(layer) + 1];
    rates.add(next?.getClassName() === "Dropout" ? (next.getConfig().rate as number) : 0);
  }
  const [dropout = 0] = rates;
  if (units.length === 0) throw badModel("the model", "has no LSTM layer");
  if (rates.size > 1 || hidden.length !== lstms.length * (dropout > 0 ? 2 : 1)) {
    throw badModel("the model", "has dropout layers that differ, or not one after each LSTM layer");
  }
  return { vocabularySize, window, units, dropout, ...(isHard && { recurrentActivation: "hard_sigmoid" }) };
}

function inputShape(model: LayersModel): [window: number, vocabularySize: number] {
  const [, window, vocabularySize, ...rest] = model.inputs[0]?.shape ?? [];
  if (model.inputs.length !== 1 || rest.length > 0 || !window || !vocabularySize) {
    throw badModel("the model", "takes something else than windows of one-hot characters of one length");
  }
  return [window, vocabularySize];
}

function expectConfig(layer: Layer, className: string, expected: Readonly<Record<string, unknown>>): void {
  if (layer.getClassName() !== className) {
    throw badModel(`layer ${layer.name}`, `is a ${layer.getClassName()}, expected ${className}`);
  }
  const config = layer.getConfig();
  for (const [name, value] of Object.entries(expected)) {
    if ((config[name] ?? false) !== value) {
      throw badModel(
        `layer ${layer.name}`,
        `has ${name} ${JSON.stringify(config[name])}, expected ${JSON.stringify(value)}`,
      );
    }
  }
}

function badModel(what: string, problem: string): ModelError {
  return new ModelError("BAD_MODEL", `${what} ${problem}: a checkpoint holds networks that createCharLstm makes`, {
    what,
    problem,
  });
}
