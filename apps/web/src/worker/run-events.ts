import type { ItemKind, Objective, TrainingEvent } from "@charlstm/training";
import type { Place, Use } from "../files/records.js";
import type { LossPoint } from "../logic/loss-series.js";

/** What a run tells the page, a few times a second; losses in nats per character. */
export type RunEvent =
  | {
      type: "run-started";
      objective: Objective;
      items: ItemKind | undefined;
      threads: number;
      characters: number;
      heldOutCharacters: number;
      parameters: number;
      stepsPerEpoch: number;
      totalSteps: number;
      step: number;
      losses: { train: LossPoint[]; heldOut: LossPoint[] };
    }
  | {
      type: "progress-made";
      /** The epoch in progress, from 1. */
      epoch: number;
      step: number;
      /** Mean over the updates since the last event of this kind. */
      loss: number;
      learningRate: number;
      /** Characters trained on, over the time of the updates alone. */
      charactersPerSecond: number;
      /** Until the last update, samples and checkpoints included. */
      secondsLeft: number;
    }
  | { type: "held-out-scored"; step: number; loss: number }
  | {
      type: "sample-written";
      step: number;
      /** Empty where it wrote items. */
      prompt: string;
      text: string;
      /** Share of its words that occur in the training text. */
      realWords: number;
    }
  | { type: "model-saved"; step: number }
  /** Without the text the model is kept, but its run can't go on another day. */
  | { type: "save-failed"; what: "model" | "text"; message: string }
  | { type: "loss-diverged"; step: number; backToStep: number; learningRate: number }
  | Extract<TrainingEvent, { type: "held-out-rising" }>
  | {
      type: "run-ended";
      reason: "finished" | "paused" | "stopped";
      step: number;
      /** Where its best model and its last stand, when they are two. */
      places: Record<Use, Place> | undefined;
    };
