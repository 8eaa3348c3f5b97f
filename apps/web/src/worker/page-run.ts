import { canShareMemory } from "@charlstm/engine";
import type { Architecture, Checkpoint } from "@charlstm/model/checkpoint";
import {
  type Backend,
  batchSource,
  createEngineBackend,
  fitWarmup,
  heldOutLossOf,
  itemKindOf,
  learnFurther,
  type SplitText,
  settingsFurther,
  type TrainingSettings,
} from "@charlstm/training";
import { decode, encode, type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { loadModel } from "../files/library.js";
import { bundledOf, type ModelRecord } from "../files/records.js";
import type { LossPoint } from "../logic/loss-series.js";
import { type Choices, changeSettings, fitChoices } from "../logic/settings.js";
import { wordsOf } from "../logic/words.js";
import { inItems, split } from "./items.js";
import { createMeter } from "./meter.js";
import type { PreparedText } from "./prepared-text.js";
import type { RunEvent } from "./run-events.js";
import type { Left } from "./run-places.js";

/** A run as the page asks for it. */
export interface RunRequest {
  id: string;
  title: string;
  choices: Choices;
  text: PreparedText;
  /** A model that learns further: the network is its own, and the run a new one. */
  from?: Checkpoint;
  /** A saved run to go on with. */
  resumed?: ModelRecord;
  report: (event: RunEvent) => void;
}

/** How the live samples are written. */
export interface SamplePlan {
  temperature: number;
  /** Milliseconds between two samples. */
  every: number;
}

/** A run in progress. */
export interface Run extends Left {
  /** With the choices as they are fitted to the text. */
  request: RunRequest;
  /** Those that were asked for, as they suit the model that the run goes on from. */
  settings: TrainingSettings;
  /** The text in the characters of both, it and the model that the run goes on from; of items with their marks. */
  text: PreparedText;
  /** What trains, and what only measures: of each of several texts its end, or some of its items. */
  parts: SplitText;
  architecture: Architecture;
  backend: Backend;
  threads: number;
  plan: SamplePlan;
  abort: AbortController;
  losses: { train: LossPoint[]; heldOut: LossPoint[] };
  effort: { seconds: number; characters: number };
  /** What it wrote last. */
  sample: string;
  step: number;
  totalSteps: number;
  meter: ReturnType<typeof createMeter>;
  turnedAt: number;
  sampledAt: number;
  resume: Checkpoint | undefined;
  /** The best one that is in the browser's storage. */
  keptBest: Checkpoint | undefined;
  /** When it was last written to the browser's storage. */
  savedAt: number;
  /** Whether its newest checkpoint is there. */
  isKept: boolean;
  /** Whether its text is there, so that it can be resumed after the page was closed. */
  isTextKept: boolean;
  /** Words of the training text, to tell how many of a sample's are real. */
  words: ReadonlySet<string>;
  wanted: { resolve: (checkpoint: Checkpoint) => void; reject: (error: Error) => void }[];
}

/** The first sample comes sooner: a visitor is waiting for it. */
const firstSampleAfter = 700;
const mostThreads = 8;
const rowsPerThread = 8;

/** Makes the engine for a run, and reads the checkpoint that it goes on from. */
export async function openRun(asked: RunRequest, plan: SamplePlan): Promise<Run> {
  const resume = asked.resumed ? await loadModel(asked.resumed.id, "last") : undefined;
  const kept = asked.resumed ? await loadModel(asked.resumed.id, "best") : undefined;
  const best = kept && heldOutLossOf(kept) !== undefined ? kept : undefined;
  const { items } = resume ? (resume.settings as TrainingSettings) : itemsOf(asked);
  const own = inItems(asked.text, items);
  const choices = resume ? asked.choices : fitChoices(changeSettings(asked.choices, { items }), own.ids);
  const request = { ...asked, choices };
  const settings = settingsOf(request, own, resume);
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = settings;
  const further = request.from && learnFurther(request.from, own.vocabulary.characters, { seed });
  const text = inCharacters(own, further?.vocabulary ?? (resume && vocabularyFromJSON(resume.vocabulary)));
  const parts = split(text, settings.heldOut, items);
  const { rows } = batchSource(parts.train, settings);
  const threads = threadsFor(rows, request.choices.threads);
  const architecture = { vocabularySize: text.vocabulary.size, window, units, dropout };
  const backend = await createEngineBackend({ architecture, objective, optimizer, clipNorm, rows, seed, threads });
  if (further) backend.writeWeights(further.weights);
  const losses = request.resumed?.losses ?? { train: [], heldOut: [] };
  return {
    ...{
      request,
      settings,
      text,
      parts,
      architecture,
      backend,
      threads,
      plan,
      losses,
      effort: { ...(request.resumed?.effort ?? { seconds: 0, characters: 0 }) },
      sample: request.resumed?.sample ?? "",
      resume,
      saved: resume,
      best,
      keptBest: best,
      savedAt: Number.NEGATIVE_INFINITY,
      isKept: resume !== undefined,
      isTextKept: resume !== undefined || bundledOf(text.origin) !== undefined,
      words: wordsOf(request.text.text),
    },
    ...{ abort: new AbortController(), step: 0, totalSteps: 0, meter: createMeter(), wanted: [] },
    ...{ turnedAt: performance.now(), sampledAt: performance.now() - plan.every + firstSampleAfter },
  };
}

/** What of the text is an item: as chosen, or as the model has learnt it that learns further. */
const itemsOf = ({ choices, from }: RunRequest) => ({
  items: choices.settings.items ?? (from && itemKindOf(from)),
});

/** The settings of a run: of one that goes on those that it was saved with, of one from a model those that suit it. */
function settingsOf(
  { choices: { settings }, from }: RunRequest,
  text: PreparedText,
  resume?: Checkpoint,
): TrainingSettings {
  if (resume) return resume.settings as TrainingSettings;
  return from ? fitWarmup(settingsFurther(from, settings), text.ids.length) : settings;
}

/** A text in a vocabulary that has all of its characters. */
function inCharacters(text: PreparedText, vocabulary: Vocabulary = text.vocabulary): PreparedText {
  if (vocabulary.size === text.vocabulary.size) return text;
  return { ...text, ids: encode(text.text, vocabulary), vocabulary };
}

/** Threads that a batch of so many rows is worth; one where memory can't be shared. */
function threadsFor(rows: number, chosen: number): number {
  if (!canShareMemory()) return 1;
  const most = Math.min(mostThreads, Math.ceil(rows / rowsPerThread));
  return Math.min(chosen > 0 ? chosen : navigator.hardwareConcurrency, most);
}

/** The model as it is between two updates, without what only training needs. */
export async function modelOf(run: Run): Promise<Checkpoint> {
  const { settings, text, architecture, backend } = run;
  return {
    architecture,
    vocabulary: text.vocabulary.characters,
    objective: settings.objective,
    weights: await backend.readWeights(),
    history: [],
    settings,
    metadata: metadataOf(run),
  };
}

/** What a checkpoint says of its text: under these names the command line looks for it too. */
export function metadataOf({ request: { title }, text, settings }: Run): Checkpoint["metadata"] {
  const { recipe, ...cleaning } = text.origin.cleaning;
  return {
    title,
    prompt: settings.items ? "" : decode(text.ids.subarray(0, settings.window), text.vocabulary),
    corpus: { recipe, cleaning },
  };
}
