import { type DBSchema, openDB } from "idb";
import { decodeCheckpoint, encodeCheckpoint } from "./codec.js";
import { type CheckpointStore, checkName, notFound } from "./store.js";

interface Schema extends DBSchema {
  checkpoints: { key: string; value: Map<string, Uint8Array> };
}

/**
 * Keeps checkpoints in a database of the browser. A save is one transaction: whole or not at all.
 *
 * @param database Name of the database. Default `charlstm`.
 */
export function createIndexedDbStore(database = "charlstm"): CheckpointStore {
  async function use<T>(work: (connection: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
    const connection = await open();
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }
  const open = () =>
    openDB<Schema>(database, 1, {
      upgrade(connection) {
        connection.createObjectStore("checkpoints");
      },
    });

  return {
    async save(name, checkpoint) {
      const files = encodeCheckpoint(checkpoint);
      await use((connection) => connection.put("checkpoints", files, checkName(name)));
    },
    async load(name) {
      const files = await use((connection) => connection.get("checkpoints", checkName(name)));
      if (!files) throw notFound(name, `the database ${database}`);
      return decodeCheckpoint(files);
    },
    list: () => use(async (connection) => (await connection.getAllKeys("checkpoints")).sort()),
    async remove(name) {
      await use((connection) => connection.delete("checkpoints", checkName(name)));
    },
  };
}
