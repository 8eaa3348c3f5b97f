// The entry for browsers and everything else; `checkpoint-node.ts` exports the same names for Node.
import { unsupportedHere } from "./checkpoint/unsupported.js";

export { createIndexedDbStore } from "./checkpoint/indexed-db-store.js";
export * from "./checkpoint/public.js";

/**
 * Keeps checkpoints in a folder; only Node can.
 *
 * @throws {ModelError} `UNSUPPORTED_HERE`, in a browser.
 */
export const createDiskStore: typeof import("./checkpoint/disk-store.js").createDiskStore = () =>
  unsupportedHere("createDiskStore", "a browser has no folders: use createIndexedDbStore or createMemoryStore");
