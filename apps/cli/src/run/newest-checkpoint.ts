import { type CheckpointStore, createDiskStore, loadNewest, type NewestCheckpoint } from "@charlstm/model/checkpoint";
import { type Io, say } from "../terminal/io.js";
import { runPaths } from "./folder.js";

/**
 * The newest whole checkpoint of a run; those passed over on the way to it are named.
 *
 * @returns `undefined` where the run was stopped before its first one.
 * @throws {ModelError} The newest one's error when none is whole.
 */
export async function newestCheckpoint(io: Io, folder: string): Promise<NewestCheckpoint | undefined> {
  const store = createDiskStore(runPaths(folder).checkpoints);
  return (await store.list()).length === 0 ? undefined : loadNewestWhole(store, (line) => say(io, line));
}

/** Loads the newest whole checkpoint of a store, and tells of those that are not. */
export async function loadNewestWhole(store: CheckpointStore, tell: (line: string) => void): Promise<NewestCheckpoint> {
  const newest = await loadNewest(store);
  for (const { name, error } of newest.skipped)
    tell(`checkpoint ${name} is not whole and is passed over: ${error.message}`);
  return newest;
}
