// What all packages know of the network. Bundled into each of them: nothing of this is published by itself.

/** How gradients become updates: Keras 3's arithmetic and defaults. The learning rate is given at each step. */
export type OptimizerConfig =
  | { readonly name: "rmsprop"; readonly rho?: number; readonly momentum?: number; readonly epsilon?: number }
  | { readonly name: "adam"; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }
  | {
      readonly name: "adamw";
      readonly beta1?: number;
      readonly beta2?: number;
      readonly epsilon?: number;
      readonly weightDecay?: number;
    }
  | { readonly name: "sgd"; readonly momentum?: number };

/** The settings of each optimizer, beside its name. */
export const optimizerSettings: Readonly<Record<OptimizerConfig["name"], readonly string[]>> = {
  rmsprop: ["rho", "momentum", "epsilon"],
  adam: ["beta1", "beta2", "epsilon"],
  adamw: ["beta1", "beta2", "epsilon", "weightDecay"],
  sgd: ["momentum"],
};

/** What an optimizer keeps for each weight, in the order in which Keras creates it. */
export function slotNames({
  name,
  momentum = 0,
}: {
  name: OptimizerConfig["name"];
  momentum?: number;
}): readonly string[] {
  if (name === "adam" || name === "adamw") return ["m", "v"];
  return [...(name === "rmsprop" ? ["velocity"] : []), ...(momentum > 0 ? ["momentum"] : [])];
}

/** Layer names as Keras gives them: `lstm`, `lstm_1`, … */
export function lstmName(layer: number): string {
  return layer === 0 ? "lstm" : `lstm_${layer}`;
}

/** Name and shape of every weight, in Keras's order: kernel, recurrent kernel and bias of each layer, then of the dense layer. */
export function weightSpecs({
  vocabularySize,
  units,
}: {
  readonly vocabularySize: number;
  readonly units: readonly number[];
}): { name: string; shape: readonly number[] }[] {
  const layers = units.flatMap((width, layer) => [
    { name: `${lstmName(layer)}/kernel`, shape: [layer === 0 ? vocabularySize : units[layer - 1]!, 4 * width] },
    { name: `${lstmName(layer)}/recurrent_kernel`, shape: [width, 4 * width] },
    { name: `${lstmName(layer)}/bias`, shape: [4 * width] },
  ]);
  const width = units.at(-1)!;
  return [
    ...layers,
    { name: "dense/kernel", shape: [width, vocabularySize] },
    { name: "dense/bias", shape: [vocabularySize] },
  ];
}
