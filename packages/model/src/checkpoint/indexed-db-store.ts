import { type DBSchema, openDB } from "idb";
import { isModelError } from "../errors.js";
import { type CheckpointFiles, decodeCheckpoint, encodeCheckpoint } from "./codec.js";
import { type CheckpointStore, checkName, notFound, sortNames, unreadable } from "./store.js";

interface Schema extends DBSchema {
  checkpoints: { key: string; value: CheckpointFiles };
}

/**
 * Keeps checkpoints in a database of the browser. A save is one transaction: whole or not at all. Errors of the browser
 * (`QuotaExceededError`, …) pass through from `save` and `remove`.
 *
 * @param database Name of the database. Default `charlstm`.
 */
export function createIndexedDbStore(database = "charlstm"): CheckpointStore {
  const open = () =>
    openDB<Schema>(database, 1, {
      upgrade(connection) {
        connection.createObjectStore("checkpoints");
      },
    });

  /** Opens the database for one piece of work, so that no open connection is in another tab's way. */
  async function use<T>(work: (connection: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const connection = await open();
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

  return {
    async save(name, checkpoint) {
      const files = encodeCheckpoint(checkpoint);
      checkName(name);
      await use(async (connection) => {
        // Strict: done when the browser has flushed it to the disk, as the disk store does.
        const transaction = connection.transaction("checkpoints", "readwrite", { durability: "strict" });
        await Promise.all([transaction.store.put(files, name), transaction.done]);
      });
    },
    async load(name) {
      checkName(name);
      const where = `the database ${database}`;
      const files = await use((connection) => connection.get("checkpoints", name));
      if (!files) throw notFound(name, where);
      try {
        return decodeCheckpoint(files);
      } catch (error) {
        throw isModelError(error) ? error : unreadable(name, where, error);
      }
    },
    list: () => use(async (connection) => sortNames(await connection.getAllKeys("checkpoints"))),
    async remove(name) {
      await use((connection) => connection.delete("checkpoints", checkName(name)));
    },
  };
}
