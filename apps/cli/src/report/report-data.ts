import type { RunBaselines } from "../run/folder.js";

/** What a report page is given to draw. Losses are in nats per character. */
export interface ReportData {
  runs: readonly RunReport[];
  /** The program's version. */
  version: string;
}

/** One run, as far as it has come. */
export interface RunReport {
  name: string;
  /** When the run began, as ISO 8601; empty when the record does not say. */
  started: string;
  /** Figures of every complete epoch, and of the last one when it was stopped within it. */
  epochs: readonly EpochFigures[];
  samples: readonly EpochSamples[];
  /** What simpler models make of the held-out text; missing until a run has ended or when nothing is held out. */
  baselines?: RunBaselines;
  /** Names and values in the order in which they are shown. */
  settings: readonly Fact[];
  corpus: readonly Fact[];
  machine: readonly Fact[];
  /** What could not be read, a sentence each. */
  notes: readonly string[];
}

export interface EpochFigures {
  epoch: number;
  step: number;
  /** `null` where it was not a finite number. */
  loss: number | null;
  heldOutLoss: number | null;
  learningRate: number | null;
  charactersPerSecond: number | null;
  /** Of the epoch's updates. */
  seconds: number;
}

export interface EpochSamples {
  epoch: number;
  prompt: string;
  /** Without the prompt. */
  texts: readonly { temperature: number; text: string }[];
}

export type Fact = readonly [name: string, value: string];
