// What is timed: training steps of the notebook, of whole sequences, and as two presets take them; and characters of streams.
import type { Architecture, NamedTensor } from "@charlstm/model/checkpoint";
import { initialWeights } from "@charlstm/model/checkpoint";
import { createRandom } from "@charlstm/sampling";
import { type Batch, type Objective, type OptimizerConfig, type PresetName, presets } from "@charlstm/training";

export const workNames = [
  ...["notebook-step", "sequence-step", "quick-step", "large-step", "stream", "streams-16"],
] as const;
export type WorkName = (typeof workNames)[number];

/** A training step: what every backend gets, weights and ids included. */
export interface StepWork {
  name: Extract<WorkName, `${string}-step`>;
  architecture: Architecture;
  objective: Objective;
  /** N and T of its batch. */
  rows: number;
  length: number;
  optimizer: OptimizerConfig;
  clipNorm: number;
}

/** Texts that move on by one character at a time. */
export interface StreamWork {
  name: Extract<WorkName, `stream${string}`>;
  architecture: Architecture;
  /** Streams side by side. */
  count: number;
}

export type Work = StepWork | StreamWork;

/** V of the notebook's edition, H of its layer. */
const notebook: Architecture = { vocabularySize: 59, window: 60, units: [128], dropout: 0 };

/** A step as a preset takes it, on as many characters as the notebook's edition has. */
function presetStep(preset: PresetName): StepWork {
  const { window, units, dropout, objective, batch, optimizer, clipNorm = 0 } = presets[preset];
  const architecture = { vocabularySize: notebook.vocabularySize, window, units, dropout };
  const name = `${preset}-step` as StepWork["name"];
  return { name, architecture, objective, rows: batch, length: window, optimizer, clipNorm };
}

/** Sequences are timed with the notebook's optimizer, too. */
const rmsprop = { optimizer: { name: "rmsprop" }, clipNorm: 0 } as const;

export const works: Readonly<Record<WorkName, Work>> = {
  "notebook-step": {
    ...{ name: "notebook-step", architecture: notebook, objective: "window", rows: 128, length: 60 },
    ...rmsprop,
  },
  "sequence-step": {
    name: "sequence-step",
    architecture: { ...notebook, window: 64 },
    objective: "sequence",
    rows: 32,
    length: 64,
    ...rmsprop,
  },
  "quick-step": presetStep("quick"),
  "large-step": presetStep("large"),
  stream: { name: "stream", architecture: notebook, count: 1 },
  "streams-16": { name: "streams-16", architecture: notebook, count: 16 },
};

export function isStep(work: Work): work is StepWork {
  return "rows" in work;
}

/** Slower than any recipe's, so that a batch which comes again and again stays a normal one. */
export const learningRate = 0.001;

export function weightsOf({ architecture }: Work): NamedTensor[] {
  return initialWeights(architecture, { seed: 1 });
}

/** The batch that every backend trains on. */
export function batchOf({ architecture, objective, rows, length }: StepWork): Batch {
  const ids = randomIds(architecture.vocabularySize, 2);
  return { inputs: ids(rows * length), targets: ids(objective === "sequence" ? rows * length : rows), rows, length };
}

/** One window for each stream, and the character that follows it, as a batch. */
export function windowsOf({ architecture, count }: StreamWork): Batch {
  const ids = randomIds(architecture.vocabularySize, 3);
  const { window } = architecture;
  return { inputs: ids(count * window), targets: ids(count), rows: count, length: window };
}

function randomIds(vocabularySize: number, seed: number): (size: number) => Uint16Array {
  const random = createRandom(seed);
  return (size) => Uint16Array.from({ length: size }, () => Math.floor(random() * vocabularySize));
}
