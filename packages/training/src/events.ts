import type { Checkpoint } from "@charlstm/model/checkpoint";
import type { EpochMetrics } from "./progress.js";

/** What a training run tells while it goes; noun, then verb. Losses in nats per character. */
export type TrainingEvent =
  | {
      type: "run-start";
      backend: string;
      /** Characters that train and that are held out. */
      characters: number;
      heldOutCharacters: number;
      vocabulary: number;
      parameters: number;
      stepsPerEpoch: number;
      /** Updates of the whole run. */
      totalSteps: number;
      /** Where a resumed run goes on. */
      epoch: number;
      step: number;
    }
  | {
      type: "step-end";
      /** The epoch in progress, from 1. */
      epoch: number;
      /** Updates since the run began. */
      step: number;
      stepInEpoch: number;
      loss: number;
      /** Mean over the epoch so far. */
      meanLoss: number;
      gradientNorm: number;
      learningRate: number;
      /** Characters that this update read. */
      characters: number;
      seconds: number;
    }
  | ({ type: "epoch-end"; partial: boolean } & EpochMetrics)
  | { type: "sample-written"; epoch: number; prompt: string; samples: readonly Sample[] }
  | { type: "checkpoint-saved"; name: string; epoch: number; step: number }
  | {
      /** The held-out loss has lain above its lowest for several epochs; told once a run. */
      type: "held-out-rising";
      epoch: number;
      loss: number;
      lowest: { epoch: number; loss: number };
    }
  | { type: "loss-diverged"; step: number; loss: number; backToStep: number; learningRate: number }
  | {
      type: "run-end";
      reason: "finished" | "max-steps" | "early-stop";
      /** All epochs; of those before a resume what the checkpoint has, the newest thousand. */
      history: readonly EpochMetrics[];
      /** Where the run ended: what `resume` goes on from. */
      checkpoint: Checkpoint;
      /** The model to use: with the lowest held-out loss; the last one, `checkpoint`, when nothing was held out. */
      best: Checkpoint;
    };

/** A text written after an epoch. */
export interface Sample {
  temperature: number;
  /** Without the prompt. */
  text: string;
}
