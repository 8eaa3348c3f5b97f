// The entry for browsers and everything else; `checkpoint-node.ts` exports the same names for Node.
import type { FileSystem } from "./checkpoint/file-system.js";
import type { CheckpointStore } from "./checkpoint/store.js";
import { unsupportedHere } from "./checkpoint/unsupported.js";

export { createIndexedDbStore } from "./checkpoint/indexed-db-store.js";
export * from "./checkpoint/public.js";

/**
 * Keeps checkpoints in a folder; only Node can.
 *
 * @throws {ModelError} `UNSUPPORTED_HERE`, in a browser.
 */
export function createDiskStore(_folder: string, _options?: { fs?: FileSystem }): CheckpointStore {
  return unsupportedHere("createDiskStore", "a browser has no folders: use createIndexedDbStore or createMemoryStore");
}
