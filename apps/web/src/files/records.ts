// What the page says of the models in the browser's storage; their checkpoints, and the code that reads them, are the workers'.
import type { ItemKind, TextPlace } from "@charlstm/training";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { BundledText } from "../logic/bundled-texts.js";
import type { CleaningChoices } from "../logic/clean-texts.js";
import type { LossPoint } from "../logic/loss-series.js";
import type { Choices } from "../logic/settings.js";

/** Which of a run's models: that of the epoch with the lowest held-out loss, or that with which it ended. */
export type Use = "best" | "last";

/** Where in its run a model was saved; losses in nats per character. */
export interface Place {
  /** Epochs that were complete. */
  epoch: number;
  /** Updates so far, where the next epoch had begun. */
  step?: number;
  heldOutLoss?: number;
}

/** What the page says of a model without opening it. */
export interface ModelRecord {
  /** Its name in the store of checkpoints. */
  id: string;
  title: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  /** Bytes of the checkpoint's arrays. */
  bytes: number;
  /** `training` while a run goes on, and still after the page was closed in the middle of it. */
  status: "training" | "paused" | "stopped" | "finished" | "imported";
  units: readonly number[];
  vocabularySize: number;
  objective: "window" | "sequence";
  /** What of its text it has learnt as an item. */
  items?: ItemKind;
  /** Updates so far and in all; both 0 for a model that came from elsewhere. */
  step: number;
  totalSteps: number;
  losses: { train: LossPoint[]; heldOut: LossPoint[] };
  /** How long it has trained, and how fast: characters of the updates, over their time alone. */
  effort?: { seconds: number; characters: number };
  /** The beginning of what it wrote last. */
  sample?: string;
  /** Its best model and its last, where they are two. */
  places?: Record<Use, Place>;
  /** What the run was started with, and the text to go on with. */
  run?: { choices: Choices; text: TextOrigin };
}

interface Schema extends DBSchema {
  models: { key: string; value: ModelRecord };
  texts: { key: string; value: string };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/** The records of the models, and the texts of their runs. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("charlstm-web", 1, {
    upgrade(connection) {
      connection.createObjectStore("models", { keyPath: "id" });
      connection.createObjectStore("texts");
    },
  });
  return opened;
}

/** The models in the browser's storage, the newest first. */
export async function listModels(): Promise<ModelRecord[]> {
  const records = await (await database()).getAll("models");
  return records.sort((a, b) => b.savedAt - a.savedAt);
}

/** Changes what is said of a model; nothing happens when it is gone. */
export async function updateRecord(id: string, change: Partial<ModelRecord>): Promise<void> {
  const connection = await database();
  const transaction = connection.transaction("models", "readwrite");
  const record = await transaction.store.get(id);
  if (record) await transaction.store.put({ ...record, ...change, id });
  await transaction.done;
}

/** A new name for a model; names sort in the order of time. */
export const newModelId = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`;

/** How a run finds its text again: one of the page's own is cleaned anew, any other is kept with the model. */
export interface TextOrigin {
  title: string;
  cleaning: CleaningChoices;
  bundled?: BundledText;
  /** In records from before the page had other texts than the novel. */
  isNovel?: boolean;
  /** Where each of several texts stands in it. */
  places?: readonly TextPlace[];
}

/** Which of the page's own texts a run reads. */
export const bundledOf = ({ bundled, isNovel }: TextOrigin): BundledText | undefined =>
  bundled ?? (isNovel ? "novel" : undefined);
