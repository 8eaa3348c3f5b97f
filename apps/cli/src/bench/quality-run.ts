// One recipe on one text, timed and scored.
import {
  batchSource,
  createEngineBackend,
  type Evaluation,
  evaluate,
  type PresetName,
  splitText,
  type TrainingSettings,
  train,
} from "@charlstm/training";
import { createBackend } from "../backends/backends.js";
import type { TrainingText } from "../texts/training-text.js";

/** How good a recipe is after an epoch. */
export interface RecipeScore {
  epoch: number;
  /** Spent in updates. */
  seconds: number;
  /** Characters read in updates, rows × length of every batch. */
  characters: number;
  /** On the training text, in nats. */
  loss: number;
  /** On the held-out text, in nats, in the context that the recipe trains for: windows, or a stream. */
  heldOutLoss: number;
  /** After the last epoch: on every third 60-character window of the held-out text, the same for all recipes. */
  windows?: Pick<Evaluation, "loss" | "accuracy">;
}

export type QualityRow = RecipeScore & { run: PresetName };

export interface QualityOptions {
  threads?: number | undefined;
  /** Of training; the epoch in progress ends. */
  minutes: number;
  signal: AbortSignal;
}

const scoredWindow = 60;
const scoredStride = 3;

/** Trains by a recipe until its last epoch, or until the time is up; what scoring takes does not count. */
export async function* trainAndScore(
  text: TrainingText,
  preset: TrainingSettings,
  { threads, minutes, signal }: QualityOptions,
): AsyncGenerator<RecipeScore, void, void> {
  const settings = { ...preset, temperatures: [] };
  const { train: trained, heldOut } = splitText(text.ids, settings.heldOut);
  const { units, dropout, window, objective, optimizer, clipNorm, seed } = settings;
  const architecture = { vocabularySize: text.vocabulary.size, window, units, dropout };
  const { rows } = batchSource(trained, settings);
  const backend = await createBackend("engine", {
    ...{ architecture, objective, optimizer, clipNorm, seed, rows, threads },
  });
  // Windows start from a zero state and give one prediction each, whatever the recipe trains for.
  const scorer = await createEngineBackend({
    architecture: { ...architecture, window: scoredWindow, dropout: 0 },
    ...{ objective: "window", optimizer: { name: "sgd" }, rows: 128, seed, threads, purpose: "scoring" },
  });
  try {
    let seconds = 0;
    let characters = 0;
    for await (const event of train(backend, text, { settings, signal })) {
      if (event.type === "step-end") {
        seconds += event.seconds;
        characters += event.characters;
      }
      if (event.type !== "epoch-end") continue;
      const { epoch, loss, heldOutLoss = Number.NaN } = event;
      const row = { epoch, seconds, characters, loss, heldOutLoss };
      const isLast = epoch === settings.epochs || seconds > 60 * minutes;
      if (!isLast) {
        yield row;
        continue;
      }
      scorer.writeWeights(await backend.readWeights());
      const context = { context: "window", window: scoredWindow, stride: scoredStride, signal } as const;
      yield { ...row, windows: await evaluate(scorer, heldOut, context) };
      return;
    }
  } finally {
    await backend.dispose();
    await scorer.dispose();
  }
}
