import { type Checkpoint, createIndexedDbStore } from "@charlstm/model/checkpoint";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { LossPoint } from "../logic/loss-series.js";
import type { Choices } from "../logic/settings.js";
import type { TextOrigin } from "../worker/text-desk.js";

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

/** Saves a checkpoint and what is said of it; one of the same id is replaced. */
export async function saveModel(record: ModelRecord, checkpoint: Checkpoint): Promise<void> {
  await checkpoints.save(record.id, checkpoint);
  await (await database()).put("models", record);
}

/** @throws {ModelError} When it is gone or broken. */
export const loadModel = (id: string): Promise<Checkpoint> => checkpoints.load(id);

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
