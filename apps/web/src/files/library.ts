import { type Checkpoint, createIndexedDbStore } from "@charlstm/model/checkpoint";
import { heldOutLossOf, loadBest } from "@charlstm/training";
import { database, type ModelRecord, type Use } from "./records.js";

const checkpoints = createIndexedDbStore("charlstm");

/** Saves a run's newest checkpoint and what is said of it; one of the same id is replaced, but for a name that it was given meanwhile. */
export async function saveModel(record: ModelRecord, checkpoint: Checkpoint): Promise<void> {
  await checkpoints.save(record.id, checkpoint);
  const transaction = (await database()).transaction("models", "readwrite");
  const { title } = (await transaction.store.get(record.id)) ?? record;
  await transaction.store.put({ ...record, title });
  await transaction.done;
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
