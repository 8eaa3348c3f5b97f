import { createVocabulary, encode } from "@charlstm/vectorize";
import type {
  Backend,
  BackendOptions,
  TrainingEvent,
  TrainingSettings,
  TrainingText,
  TrainOptions,
} from "../src/index.js";
import { batchSource, createEngineBackend, presets, splitText, train } from "../src/index.js";

/** The two halves of the seam; what holds for one holds for the other. `CHARLSTM_BACKENDS` names those that tests run on, `engine` alone. */
export type BackendName = "engine" | "tfjs-cpu";
export const backendNames: readonly BackendName[] =
  process.env.CHARLSTM_BACKENDS === "engine" ? ["engine"] : ["engine", "tfjs-cpu"];

const sentence = "the cat sat on the mat and the dog sat on the log, and then they all went home. ";

/** A text that a tiny network learns something from in a few updates. */
export function tinyText(repeats = 12) {
  const text = sentence.repeat(repeats);
  const vocabulary = createVocabulary(text);
  return { ids: encode(text, vocabulary), vocabulary };
}

/** Settings with which an epoch takes a fraction of a second, on the plain CPU backend too. */
export const tinySettings: Readonly<Record<"window" | "sequence", TrainingSettings>> = {
  window: {
    ...presets.notebook,
    units: [8],
    window: 6,
    stride: 13,
    batch: 16,
    epochs: 3,
    sampleLength: 12,
    temperatures: [0.5, 1],
  },
  sequence: {
    ...presets.quick,
    dropout: 0,
    units: [8],
    window: 8,
    batch: 8,
    epochs: 3,
    warmupSteps: 5,
    sampleLength: 12,
    temperatures: [0.5, 1],
  },
};

/** A backend of either kind. */
export async function createBackend(name: BackendName, options: BackendOptions): Promise<Backend> {
  if (name === "engine") return createEngineBackend({ ...options, threads: 1 });
  await import("@tensorflow/tfjs-backend-cpu"); // only where it is wanted: it takes longer to load than most tests
  const [{ setBackend }, { createTfjsBackend }] = await Promise.all([
    import("@tensorflow/tfjs-core"),
    import("../src/tfjs.js"),
  ]);
  await setBackend("cpu");
  return createTfjsBackend(options);
}

/** A backend made for settings and a text. */
export async function tinyBackend(
  settings: TrainingSettings,
  { ids, vocabulary } = tinyText(),
  name: BackendName = "engine",
): Promise<Backend> {
  const { window, units, dropout, objective, optimizer, clipNorm, seed, heldOut } = settings;
  return createBackend(name, {
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    objective,
    optimizer,
    clipNorm,
    seed,
    rows: batchSource(splitText(ids, heldOut).train, settings).rows,
  });
}

/** All events of a run. */
export async function runAll(
  backend: Backend,
  options: TrainOptions,
  text: TrainingText = tinyText(),
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of train(backend, text, options)) events.push(event);
  return events;
}

/** What two equal runs must share: everything but the clock's figures. */
export function withoutTime(events: readonly TrainingEvent[]): unknown[] {
  return JSON.parse(
    JSON.stringify(events, (key, value) =>
      /^(seconds|charactersPerSecond|checkpoint)$/.test(key) ? undefined : value,
    ),
  ) as unknown[];
}

/** The run's last event. */
export function endOf(events: readonly TrainingEvent[]): Extract<TrainingEvent, { type: "run-end" }> {
  const last = events.at(-1);
  if (last?.type !== "run-end") throw new Error(`the run ended with ${last?.type ?? "nothing"}`);
  return last;
}
