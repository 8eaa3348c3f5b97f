// The entry for Node; `checkpoint.ts` exports the same names for browsers.
import type { CheckpointStore } from "./checkpoint/store.js";
import { unsupportedHere } from "./checkpoint/unsupported.js";

export { createDiskStore } from "./checkpoint/disk-store.js";
export * from "./checkpoint/public.js";

/**
 * Keeps checkpoints in a browser's database; Node has none.
 *
 * @throws {ModelError} `UNSUPPORTED_HERE`, in Node.
 */
export function createIndexedDbStore(_database?: string): CheckpointStore {
  return unsupportedHere("createIndexedDbStore", "Node has no IndexedDB: use createDiskStore or createMemoryStore");
}
