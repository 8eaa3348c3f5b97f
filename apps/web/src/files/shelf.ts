import { type Checkpoint, createIndexedDbStore } from "@charlstm/model/checkpoint";
import { heldOutLossOf, loadBest } from "@charlstm/training";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { LossPoint } from "../logic/loss-series.js";
import type { Choices } from "../logic/settings.js";
import type { TextOrigin } from "../worker/text-desk.js";

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
  /** Updates so far and in all; both 0 for a model that came from elsewhere. */
  step: number;
  totalSteps: number;
  losses: { train: LossPoint[]; heldOut: LossPoint[] };
  /** Its best model and its last, where they are two. */
  places?: Record<Use, Place>;
  /** What the run was started with, and the text to go on with. */
  run?: { choices: Choices; text: TextOrigin };
}

interface Schema extends DBSchema {
  models: { key: string; value: ModelRecord };
  texts: { key: string; value: string };
}

const checkpoints = createIndexedDbStore("charlstm");
let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
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

/** Saves a run's newest checkpoint and what is said of it; one of the same id is replaced. */
export async function saveModel(record: ModelRecord, checkpoint: Checkpoint): Promise<void> {
  await checkpoints.save(record.id, checkpoint);
  await (await database()).put("models", record);
}

/** Saves the best checkpoint of a run beside its newest. */
export const saveBest = (id: string, checkpoint: Checkpoint): Promise<void> => checkpoints.save(bestId(id), checkpoint);

/** @throws {ModelError} When it is gone or broken. */
export async function loadModel(id: string, use: Use): Promise<Checkpoint> {
  const last = await checkpoints.load(id);
  if (use === "last") return last;
  const best = await loadBest({ ...checkpoints, load: () => checkpoints.load(bestId(id)) }, last);
  // Of the epoch within which a run ended only the last model itself tells the loss.
  const [own, other] = [last, best].map((checkpoint) => heldOutLossOf(checkpoint) ?? Number.POSITIVE_INFINITY);
  return own! < other! ? last : best;
}

const bestId = (id: string): string => `${id}-best`;

/** Changes what is said of a model; nothing happens when it is gone. */
export async function updateRecord(id: string, change: Partial<ModelRecord>): Promise<void> {
  const connection = await database();
  const transaction = connection.transaction("models", "readwrite");
  const record = await transaction.store.get(id);
  if (record) await transaction.store.put({ ...record, ...change, id });
  await transaction.done;
}

/** Removes a model, its record and its text. */
export async function removeModel(id: string): Promise<void> {
  const connection = await database();
  await connection.delete("models", id);
  await connection.delete("texts", id);
  await checkpoints.remove(id);
  await checkpoints.remove(bestId(id));
}

/** Keeps the text of a run, to go on with it another day. */
export async function saveText(id: string, text: string): Promise<void> {
  await (await database()).put("texts", text, id);
}

export async function loadText(id: string): Promise<string | undefined> {
  return (await database()).get("texts", id);
}

/** Bytes of a checkpoint's arrays. */
export function sizeOf({ weights, optimizer, tensors = [] }: Checkpoint): number {
  const arrays = [...weights, ...(optimizer?.slots ?? []), ...tensors];
  return arrays.reduce((sum, { values }) => sum + values.byteLength, 0);
}

/** A new name for a model; names sort in the order of time. */
export const newModelId = (): string =>
  `${new Date().toISOString().slice(0, 19).replace(/\D/g, "")}-${crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36)}`;
