import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, test } from "vitest";
import { createIndexedDbStore } from "../src/checkpoint.js";
import { loadNewest } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

/** Puts something else where a checkpoint's files are. */
async function tamper(
  database: string,
  name: string,
  change: (files: Map<string, Uint8Array>) => unknown,
): Promise<void> {
  const connection = await openDB(database);
  await connection.put("checkpoints", change(await connection.get("checkpoints", name)), name);
  connection.close();
}

test("without a name the database is charlstm", async () => {
  await createIndexedDbStore().save("one", sampleCheckpoint());
  expect(await createIndexedDbStore("charlstm").list()).toEqual(["one"]);
});

test("databases of other names are apart", async () => {
  await createIndexedDbStore("a").save("one", sampleCheckpoint());
  expect(await createIndexedDbStore("b").list()).toEqual([]);
});

test("no connection is left open that would be in the way of another tab", async () => {
  const store = createIndexedDbStore("closed");
  await store.save("one", sampleCheckpoint());
  await store.load("one");
  await store.list();
  await store.remove("one");
  await expect(store.load("one")).rejects.toMatchObject({ code: "NOT_FOUND" });
  const newer = await openDB("closed", 2); // waits for ever while a connection of version 1 is open
  newer.close();
});

test("a save that the browser gives up leaves the one before", async () => {
  const store = createIndexedDbStore("quota");
  await store.save("one", sampleCheckpoint({ step: 1 }));
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    const request = put.apply(this, args);
    this.transaction.abort(); // as when there is no room
    return request;
  };
  try {
    await expect(store.save("one", sampleCheckpoint({ step: 2 }))).rejects.toMatchObject({ name: "AbortError" });
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  expect(await store.load("one")).toEqual(sampleCheckpoint({ step: 1 }));
});

test("what was altered in the database is refused by name, and passed over by a run that goes on", async () => {
  const store = createIndexedDbStore("altered");
  for (const step of [1, 2, 3]) await store.save(`epoch-${step}`, sampleCheckpoint({ step }));
  await tamper("altered", "epoch-3", (files) => files.set("weights.bin", new Uint8Array(3)));
  await tamper("altered", "epoch-2", () => "no files at all");
  await expect(store.load("epoch-3")).rejects.toMatchObject({ code: "TRUNCATED", details: { file: "weights.bin" } });
  await expect(store.load("epoch-2")).rejects.toMatchObject({ code: "UNREADABLE", details: { name: "epoch-2" } });
  const { name, skipped } = await loadNewest(store);
  expect([name, skipped.map(({ error }) => error.code)]).toEqual(["epoch-1", ["TRUNCATED", "UNREADABLE"]]);
});
