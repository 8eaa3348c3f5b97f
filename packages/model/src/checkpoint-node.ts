// The entry for Node; `checkpoint.ts` exports the same names for browsers.
import { unsupportedHere } from "./checkpoint/unsupported.js";

export { createDiskStore, type FileSystem } from "./checkpoint/disk-store.js";
export * from "./checkpoint/public.js";

/**
 * Keeps checkpoints in a browser's database; Node has none.
 *
 * @throws {ModelError} `UNSUPPORTED_HERE`, in Node.
 */
export const createIndexedDbStore: typeof import("./checkpoint/indexed-db-store.js").createIndexedDbStore = () =>
  unsupportedHere("createIndexedDbStore", "Node has no IndexedDB: use createDiskStore or createMemoryStore");
