import { weightSpecs } from "@charlstm/model/checkpoint";
import { slotNames } from "@charlstm/network";
import type { Architecture, NamedTensor, OptimizerConfig, PortableModel, PortableOptimizer } from "../src/index.js";

/** Repeatable numbers in [0, 1). @see Knuth's and Lewis's linear congruential generator. */
export function repeatable(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const CHARACTERS = [
  ..."\n\t \"\\'aebc,é中😀".normalize("NFC"),
  ...Array.from({ length: 200 }, (_, k) => String.fromCodePoint(0x3b1 + k)),
];

/** A model of random weights, with a vocabulary of one- to four-byte characters. */
export function randomModel(architecture: Architecture, seed = 1): PortableModel {
  const random = repeatable(seed);
  const weights = weightSpecs(architecture).map((spec) => filled(spec, () => (random() - 0.5) * 1.6));
  return { architecture, weights, vocabulary: CHARACTERS.slice(0, architecture.vocabularySize) };
}

/** The same model with an optimizer whose slots are not zero. */
export function withOptimizer(model: PortableModel, config: OptimizerConfig, step = 3): PortableModel {
  const random = repeatable(9);
  const slots = model.weights.flatMap(({ name, shape }) =>
    slotNames(config).map((slot) => filled({ name: `${name}/${slot}`, shape }, () => random() * 1e-3)),
  );
  const optimizer: PortableOptimizer = { config, state: { name: config.name, step, slots }, learningRate: 0.0078125 };
  return { ...model, optimizer };
}

function filled({ name, shape }: { name: string; shape: readonly number[] }, next: () => number): NamedTensor {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next);
  return { name, shape, values };
}

export function randomWindows(count: number, { window, vocabularySize }: Architecture, seed = 2): number[][] {
  const random = repeatable(seed);
  const id = () => Math.floor(random() * vocabularySize);
  return Array.from({ length: count }, () => Array.from({ length: window }, id));
}
