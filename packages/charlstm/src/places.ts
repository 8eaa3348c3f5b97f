import {
  type Checkpoint,
  type CheckpointStore,
  createDiskStore,
  createIndexedDbStore,
} from "@charlstm/model/checkpoint";
import { isNode } from "#files";

/** Where a model lies: in Node the path of a folder, in a browser a name in its database; or a store and a name in it. */
export type Place = string | { readonly store: CheckpointStore; readonly name: string };

/** The store that a place is in, and the name there. */
export function storeOf(place: Place): { store: CheckpointStore; name: string } {
  if (typeof place !== "string") return place;
  if (!isNode) return { store: createIndexedDbStore(), name: place };
  const [folder, name] = splitPath(place);
  return { store: createDiskStore(folder), name };
}

/** A path's folder and last name. */
function splitPath(path: string): [folder: string, name: string] {
  const [, folder = "", name = ""] = /^(.*?)([^/\\]*)[/\\]*$/s.exec(path)!;
  return [folder === "" ? "." : folder, name];
}

/** Saves a model whole or not at all. */
export async function saveModel(checkpoint: Checkpoint, place: Place): Promise<void> {
  const { store, name } = storeOf(place);
  await store.save(name, checkpoint);
}
