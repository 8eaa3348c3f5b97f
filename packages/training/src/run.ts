import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import type { Ids, Vocabulary } from "@charlstm/vectorize";
import type { Backend } from "./backend.js";
import type { BatchSource } from "./data.js";
import type { SplitText } from "./items.js";
import type { EpochMetrics, TrainingProgress } from "./progress.js";
import type { TrainingSettings } from "./settings.js";

/** What a run trains on. */
export interface TrainingText {
  /** The characters that train, and where `heldOut` is not given those that are held out too. */
  ids: Ids;
  vocabulary: Vocabulary;
  /** Characters that only measure, as `splitText` holds them out of several texts. Default: the last `settings.heldOut` of `ids`. */
  heldOut?: Ids | undefined;
}

/** The settings of a run, where it is saved and where it goes on. */
export interface TrainOptions {
  settings: TrainingSettings;
  /** Where checkpoints go, after every epoch and every `checkpointMinutes`. Default: nowhere. */
  store?: CheckpointStore | undefined;
  /** A checkpoint to go on from, exactly. */
  resume?: Checkpoint | undefined;
  /** Minutes between checkpoints within an epoch. Default `10`. */
  checkpointMinutes?: number;
  /** Newest checkpoints kept, beside the best. Default `3`. */
  keep?: number;
  /** What the caller wants in every checkpoint: the corpus's sha256, package versions … JSON only. */
  metadata?: Readonly<Record<string, unknown>>;
  /** When aborted: the update in progress ends, a checkpoint is saved, and the run ends with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds since some fixed moment; for tests. Default `performance.now`. */
  now?: () => number;
}

/** What changes while a run goes on, beside what the backend holds. */
export interface RunState {
  progress: TrainingProgress;
  history: EpochMetrics[];
}

/** A training run in progress: what every part of its loop needs to know. */
export interface Run {
  readonly backend: Backend;
  readonly options: TrainOptions;
  readonly settings: TrainingSettings;
  readonly vocabulary: Vocabulary;
  readonly text: SplitText;
  readonly source: BatchSource;
  readonly parameters: number;
  /** Updates of the whole run. */
  readonly totalSteps: number;
  readonly state: RunState;
  readonly now: () => number;
  /** When the newest checkpoint was made. */
  lastSaved: number;
  /** The checkpoint with the lowest held-out loss, of those that could be read. */
  best: Checkpoint | undefined;
  /** The newest checkpoint. */
  newest: Checkpoint;
  /** The newest one after which the loss was as before: where the run goes back to when the loss diverges. */
  lastGood: Checkpoint;
}
