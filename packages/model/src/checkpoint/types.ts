import type { OptimizerConfig } from "@charlstm/network";
/** A named array of 32-bit numbers. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  /** Row-major. */
  values: Float32Array;
}

/** The shape of a network: one-hot input → LSTM layers, each with dropout after it → dense softmax. */
export interface Architecture {
  /** Characters of the vocabulary, V. */
  vocabularySize: number;
  /** Characters of a window, T. */
  window: number;
  /** Width of the state of each LSTM layer, the first one first. */
  units: readonly number[];
  /** Share of each layer's outputs dropped in training, in `[0, 1)`. */
  dropout: number;
  /** What the gates i, f and o go through. Default: the sigmoid. Models of other tools may have `clip(0.2 x + 0.5, 0, 1)`. */
  recurrentActivation?: "hard_sigmoid";
}

/** What an optimizer remembers between updates. */
export interface OptimizerState {
  name: OptimizerConfig["name"];
  /** Updates so far. */
  step: number;
  /** Named `<weight>/<slot>`, with the shape of the weight. */
  slots: readonly NamedTensor[];
}

/** Anything that JSON can hold. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A trained model and, when it was saved by a run, all it takes to go on with it. */
export interface Checkpoint {
  architecture: Architecture;
  /** The characters, sorted by code point; a character's id is its place. */
  vocabulary: readonly string[];
  /** What the loss was taken over: it decides how the model is best read. */
  objective: "window" | "sequence";
  /** Keras's order and layout; see `weightSpecs`. */
  weights: readonly NamedTensor[];
  optimizer?: OptimizerState;
  /** Other arrays that a run needs to go on: the carried state. */
  tensors?: readonly NamedTensor[];
  /** Where the run stands; like the two below, what JSON can hold, and whatever the trainer makes it. */
  progress?: object;
  /** The figures of each epoch. */
  history: readonly object[];
  /** The settings that the run trains with. */
  settings: object;
  /** What else the writer wanted to say: the corpus, versions … */
  metadata: JsonObject;
}
