// A stand-in for a backend that computes nothing, notes what it reads, and answers with losses that were set beforehand.
import { initialWeights } from "@charlstm/model/checkpoint";
import { createVocabulary, encode } from "@charlstm/vectorize";
import type { Backend, TrainingEvent, TrainingSettings } from "../src/index.js";
import { batchSource, presets, splitText } from "../src/index.js";

/** Every character occurs once, so that an id tells its place. */
export const characters = Array.from({ length: 1000 }, (_, place) => String.fromCodePoint(0x4e00 + place)).join("");
export const vocabulary = createVocabulary(characters);
export const text = { ids: encode(characters, vocabulary), vocabulary };

const common: Partial<TrainingSettings> = {
  ...{ units: [1], dropout: 0, heldOut: 0.1, epochs: 3, temperatures: [1], sampleLength: 3, patience: 0 },
  optimizer: { name: "sgd" },
};
export const settings: Readonly<Record<"window" | "sequence", TrainingSettings>> = {
  window: { ...presets.notebook, ...common, window: 6, stride: 1, batch: 64 },
  sequence: { ...presets.quick, ...common, window: 8, batch: 16, warmupSteps: 0 },
};

/** Losses of the calls of `trainBatch` and `scoreBatch`, counted from 0. */
export interface Losses {
  train?: (call: number) => number;
  score?: (call: number) => number;
}

/** A backend made for these settings, and what it was given. */
export function standIn(
  { objective, units, window, clipNorm, optimizer, seed, ...rest }: TrainingSettings,
  losses: Losses = {},
) {
  const rows = batchSource(splitText(text.ids, rest.heldOut).train, {
    objective,
    window,
    seed,
    ...rest,
  } as TrainingSettings).rows;
  const read = {
    train: [] as { inputs: number[]; targets: number[] }[],
    score: [] as number[][],
    stream: [] as number[],
  };
  const size = vocabulary.size;
  const backend: Backend = {
    name: "stand-in",
    facts: {},
    options: {
      architecture: { vocabularySize: size, window, units, dropout: 0 },
      ...{ objective, optimizer, clipNorm, rows, seed },
    },
    trainBatch: async ({ inputs, targets }) => {
      read.train.push({ inputs: [...inputs], targets: [...targets] });
      return { loss: losses.train?.(read.train.length - 1) ?? 1, gradientNorm: 1 };
    },
    scoreBatch: async ({ targets }) => {
      read.score.push([...targets]);
      return { loss: losses.score?.(read.score.length - 1) ?? 1, correct: 1, predictions: targets.length };
    },
    openStream: (count = 1) => ({
      count,
      // The character after the one that was read has logit 1, all others 0.
      step: (ids) => {
        const logits = new Float32Array(count * size);
        for (let row = 0; row < count; row++) {
          read.stream.push(ids[row]!);
          logits[row * size + ((ids[row]! + 1) % size)] = 1;
        }
        return logits;
      },
      reset: () => {},
      readState: () => new Float32Array(),
      writeState: () => {},
      dispose: () => {},
    }),
    resetState: () => {},
    readState: () => new Float32Array(objective === "sequence" ? 2 * rows : 0),
    writeState: () => {},
    readWeights: async () => initialWeights(backend.options.architecture, { seed: 1 }),
    writeWeights: () => {},
    readOptimizer: async () => ({ name: optimizer.name, step: 0, slots: [] }),
    writeOptimizer: () => {},
    dispose: async () => {},
  };
  return { backend, read };
}

/** All events of a run. */
export async function eventsOf(run: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

/** The events of one type. */
export const only = <Type extends TrainingEvent["type"]>(events: readonly TrainingEvent[], type: Type) =>
  events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);
