import type { Build } from "@charlstm/engine";
import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import {
  batchSource,
  checkSettings,
  createEngineBackend,
  type EpochMetrics,
  fitItems,
  fitWarmup,
  itemKindOf,
  learnFurther,
  type PresetName,
  presetFor,
  presets,
  settingsFurther,
  splitItems,
  splitText,
  type TrainingEvent,
  type TrainingSettings,
  train as trainOn,
} from "@charlstm/training";
import { createVocabulary, encode, type Ids } from "@charlstm/vectorize";
import { CharlstmError, checkNames } from "./errors.js";
import { type ReadingOptions, readTexts, type Text } from "./text.js";

/** An epoch's figures, and a text of the model as it is then. */
export interface EpochReport extends EpochMetrics {
  /** Written at the first of `temperatures` after a stretch of the text. */
  sample: string;
}

/** How a model is trained; every setting has the name, the range and the default of the command line's flag. */
export interface TrainOptions extends Partial<TrainingSettings>, ReadingOptions {
  /** The settings to start from, fitted to the text's size. Default `quick`. */
  preset?: PresetName | undefined;
  /** Threads of the engine. Default: one a core, at most 8. */
  threads?: number | undefined;
  /** What the engine was compiled for. Default: the fastest that runs here. */
  build?: Build | "auto" | undefined;
  /** Where checkpoints go meanwhile. Default: nowhere. */
  store?: CheckpointStore | undefined;
  /** Which epoch becomes the model: the one with the lowest held-out loss, or the last. Default `best`. */
  use?: "best" | "last" | undefined;
  /** Called after each epoch. */
  onEpoch?: ((report: EpochReport) => void) | undefined;
}

/** Options that are no settings of the training. */
const beside = ["preset", "threads", "build", "store", "use", "onEpoch", "onProgress", "signal"];

/**
 * Trains a new network, or goes on with a model's: units and objective then are the model's.
 *
 * @returns The checkpoint that becomes the model.
 */
export async function* trainFrom(
  model: Checkpoint | undefined,
  texts: Text | readonly Text[],
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, Checkpoint, void> {
  const { store, signal, threads, build, use = "best" } = options;
  const items = options.items ?? (model && itemKindOf(model));
  const { text, places } = await readTexts(texts, options, items);
  const own = createVocabulary(text);
  const ownIds = encode(text, own);
  const settings = settingsFor({ ...options, items }, ownIds, model);
  const { units, window, dropout, objective, optimizer, clipNorm, seed } = settings;
  const further = model && learnFurther(model, own.characters, { seed });
  const vocabulary = further?.vocabulary ?? own;
  const ids = further ? encode(text, vocabulary) : ownIds;
  const { heldOut: share } = settings;
  const { train, heldOut } = items === undefined ? splitText(ids, share, places) : splitItems(ids, share);
  const { rows } = batchSource(train, settings);
  const backend = await createEngineBackend({
    architecture: { ...further?.architecture, vocabularySize: vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, rows, seed, threads, build },
  });
  try {
    if (further) backend.writeWeights(further.weights);
    let trained: Checkpoint | undefined;
    for await (const event of trainOn(backend, { ids: train, heldOut, vocabulary }, { settings, store, signal })) {
      if (event.type === "run-end") trained = use === "best" ? event.best : event.checkpoint;
      yield event;
    }
    return trained!;
  } finally {
    await backend.dispose();
  }
}

/** Waits for a training's model, telling of its epochs. */
export async function trainedOf(
  events: AsyncGenerator<TrainingEvent, Checkpoint, void>,
  onEpoch: TrainOptions["onEpoch"],
): Promise<Checkpoint> {
  let sample = "";
  for (;;) {
    const { value, done } = await events.next();
    if (done) return value;
    if (value.type === "sample-written") sample = value.samples[0]?.text ?? "";
    if (value.type !== "epoch-end") continue;
    const { type: _1, partial: _2, ...metrics } = value;
    onEpoch?.({ ...metrics, sample });
  }
}

/** A preset that fits the text, with what the options say instead; a model that learns further keeps its network. */
function settingsFor(options: TrainOptions, ids: Ids, model: Checkpoint | undefined): TrainingSettings {
  const { preset = "quick" } = options;
  if (!Object.hasOwn(presets, preset)) {
    const message = `preset is ${JSON.stringify(preset)}: quick, large or notebook is expected`;
    throw new CharlstmError("BAD_OPTION", message, { name: "preset", given: preset });
  }
  const characters = ids.length;
  const fitted = { ...presetFor(preset, characters), temperatures: [0.5] };
  const given = settingsIn(options, [...Object.keys(fitted), "items", "maxSteps", "patience", "clipNorm"]);
  const suited = model ? settingsFurther(model, fitted) : fitted;
  const base = options.items === undefined ? suited : fitItems(suited, ids);
  for (const name of ["units", "objective"] as const) {
    if (!model || given[name] === undefined || JSON.stringify(given[name]) === JSON.stringify(base[name])) continue;
    const message = `${name} is ${JSON.stringify(given[name])}, the model that learns further has ${JSON.stringify(base[name])}: leave it out`;
    throw new CharlstmError("BAD_OPTION", message, { name, given: given[name] });
  }
  const settings = { ...base, ...given } as TrainingSettings;
  return options.warmupSteps === undefined ? fitWarmup(checkSettings(settings), characters) : settings;
}

/** The settings among the options. @throws {CharlstmError} `BAD_OPTION` for a name that is neither. */
function settingsIn(options: TrainOptions, known: readonly string[]): Record<string, unknown> {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && !beside.includes(name));
  checkNames(Object.fromEntries(given), [...new Set([...known, ...beside])].sort(), "train");
  return Object.fromEntries(given);
}
