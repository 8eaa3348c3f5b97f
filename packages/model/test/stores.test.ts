import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import "fake-indexeddb/auto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIndexedDbStore } from "../src/checkpoint.js";
import {
  type CheckpointStore,
  createDiskStore,
  createMemoryStore,
  loadNewest,
  nameFrom,
} from "../src/checkpoint-node.js";
import { checkpoints, sampleCheckpoint } from "./checkpoints.js";

let databases = 0;
const stores: [string, () => CheckpointStore][] = [
  ["memory", createMemoryStore],
  ["disk", () => createDiskStore(join(temporaryFolder(), "not", "made", "yet"))],
  ["IndexedDB", () => createIndexedDbStore(`test-${++databases}`)],
];

test("a name can be made of any text", async () => {
  expect(
    ["model (1)", "a: b?", "\u043c\u043e\u0434\u0435\u043b\u044c", "", "con", "..", "-x-", "~/a", "a\u202eb"].map(
      nameFrom,
    ),
  ).toEqual([
    ...["model (1)", "a- b", "\u043c\u043e\u0434\u0435\u043b\u044c", "model", "model-con", "model", "x", "a", "a-b"],
  ]);
  const store = createMemoryStore();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (text) => {
      const name = nameFrom(text);
      await store.remove(name); // which refuses what is no name
      expect(nameFrom(name)).toBe(name);
    }),
  );
});

describe.each(stores)("a store in %s", (_kind, createStore) => {
  test("gives back what was saved, whatever it is", async () => {
    const store = createStore();
    await fc.assert(
      fc.asyncProperty(checkpoints(), async (checkpoint) => {
        await store.save("any", checkpoint);
        expect(await store.load("any")).toEqual({ tensors: [], ...checkpoint });
      }),
      { numRuns: 15 },
    );
  });

  test("keeps what was saved, not the caller's object", async () => {
    const store = createStore();
    const checkpoint = sampleCheckpoint();
    await store.save("one", checkpoint);
    checkpoint.weights[0]!.values.fill(0);
    (await store.load("one")).weights[0]!.values.fill(1);
    expect(await store.load("one")).toEqual(sampleCheckpoint());
  });

  test("replaces a checkpoint of the same name and leaves the others", async () => {
    const store = createStore();
    await store.save("one", sampleCheckpoint({ step: 1 }));
    await store.save("two", sampleCheckpoint({ step: 2 }));
    await store.save("one", sampleCheckpoint({ step: 3, units: [3, 2] }));
    expect(await store.load("one")).toEqual(sampleCheckpoint({ step: 3, units: [3, 2] }));
    expect(await store.load("two")).toEqual(sampleCheckpoint({ step: 2 }));
    expect(await store.list()).toEqual(["one", "two"]);
  });

  test("lists names by the numbers in them; none at first", async () => {
    const store = createStore();
    expect(await store.list()).toEqual([]);
    for (const name of ["epoch-10000", "epoch-2", "epoch-0010", "epoch-9999", "Best", "epoch-10"]) {
      await store.save(name, sampleCheckpoint());
    }
    expect(await store.list()).toEqual(["Best", "epoch-2", "epoch-0010", "epoch-10", "epoch-9999", "epoch-10000"]);
  });

  test("removes a checkpoint, and does not mind when there is none", async () => {
    const store = createStore();
    await store.remove("one");
    await store.save("one", sampleCheckpoint());
    await store.save("two", sampleCheckpoint());
    await store.remove("one");
    expect(await store.list()).toEqual(["two"]);
    await expect(store.load("one")).rejects.toMatchObject({ code: "NOT_FOUND", details: { name: "one" } });
  });

  test("refuses to save what could not be loaded, and keeps the one before", async () => {
    const store = createStore();
    await store.save("one", sampleCheckpoint());
    const broken = sampleCheckpoint({ step: 2 });
    broken.weights[1]!.values[0] = Number.NaN;
    await expect(store.save("one", broken)).rejects.toMatchObject({ code: "BAD_WEIGHTS" });
    expect(await store.load("one")).toEqual(sampleCheckpoint());
  });

  test("refuses names that could leave it or mean something to a file system", async () => {
    const store = createStore();
    const names = [
      "",
      ".",
      "..",
      "../up",
      "a/b",
      "a\\b",
      "..\\up",
      "C:",
      "C:up",
      "/root",
      "\\\\host\\share",
      ".hidden",
      "a.",
      "con",
      "NUL.txt",
      "com1",
      "a\0b",
      " a",
      "a ",
      "-a",
      "con ",
      "com\u00b9.h5",
      "a:b",
      "a*b",
      "a?b",
      'a"b',
      "a|b",
      "<a>",
      "a\u202eb",
      "a\u2028b",
      "x".repeat(101),
      "\u6a21".repeat(67),
      "a\n",
    ];
    for (const name of names) {
      for (const work of [store.save(name, sampleCheckpoint()), store.load(name), store.remove(name)]) {
        await expect(work, JSON.stringify(name)).rejects.toMatchObject({ code: "BAD_NAME", details: { name } });
      }
    }
    expect(await store.list()).toEqual([]);
  });

  test.each([
    "model (1)",
    "a b",
    "\u043c\u043e\u0434\u0435\u043b\u044c",
    "[a] b",
    "\u6a21\u578b",
    "e\u0301t\u00e9, v2.1",
    "con2",
    "\u6a21".repeat(66),
  ])("keeps a checkpoint named %s", async (name) => {
    const store = createStore();
    for (const step of [1, 2]) await store.save(name, sampleCheckpoint({ step }));
    expect(await store.list()).toEqual([name]);
    expect(await store.load(name)).toEqual(sampleCheckpoint({ step: 2 }));
    await store.remove(name);
    expect(await store.list()).toEqual([]);
  });

  test("saves that are not waited for end in order", async () => {
    const store = createStore();
    await Promise.all([1, 2, 3].map((step) => store.save("one", sampleCheckpoint({ step }))));
    expect(await store.load("one")).toEqual(sampleCheckpoint({ step: 3 }));
  });

  test("gives the newest checkpoint by name; without one it says so", async () => {
    const store = createStore();
    await expect(loadNewest(store)).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const step of [9, 10]) await store.save(`epoch-${step}`, sampleCheckpoint({ step }));
    expect(await loadNewest(store)).toEqual({
      name: "epoch-10",
      checkpoint: sampleCheckpoint({ step: 10 }),
      skipped: [],
    });
  });
});

describe("the newest checkpoint", () => {
  /** A folder with three checkpoints, of which the later ones are broken. */
  async function withBroken(...broken: string[]): Promise<CheckpointStore> {
    const folder = temporaryFolder();
    const store = createDiskStore(folder);
    for (const step of [1, 2, 3]) await store.save(`epoch-${step}`, sampleCheckpoint({ step }));
    for (const name of broken) writeFileSync(join(folder, name, "weights.bin"), "");
    return store;
  }

  test("is the last whole one; those passed over are named with the reason", async () => {
    const { name, checkpoint, skipped } = await loadNewest(await withBroken("epoch-3", "epoch-2"));
    expect(name).toBe("epoch-1");
    expect(checkpoint).toEqual(sampleCheckpoint({ step: 1 }));
    expect(skipped.map(({ name, error }) => [name, error.code])).toEqual([
      ["epoch-3", "TRUNCATED"],
      ["epoch-2", "TRUNCATED"],
    ]);
  });

  test("is refused with its own reason when none is whole", async () => {
    const store = await withBroken("epoch-1", "epoch-2", "epoch-3");
    await expect(loadNewest(store)).rejects.toMatchObject({ code: "TRUNCATED", details: { file: "weights.bin" } });
  });

  test("passes on an error that says nothing about the checkpoint", async () => {
    const failure = new Error("no more files");
    const store = { ...createMemoryStore(), list: async () => ["one"], load: () => Promise.reject(failure) };
    await expect(loadNewest(store)).rejects.toBe(failure);
  });

  test("is looked for anew when all that were listed are gone, twenty times at the most", async () => {
    let lists = 0;
    const replacedUntil = (last: number) => {
      const store = createMemoryStore();
      lists = 0;
      const list = async () => (++lists < last ? ["gone"] : store.list());
      return store.save("newer", sampleCheckpoint()).then(() => ({ ...store, list }));
    };
    expect(await loadNewest(await replacedUntil(3))).toMatchObject({ name: "newer", skipped: [] });
    expect((await loadNewest(await replacedUntil(20))).name).toBe("newer");
    await expect(loadNewest(await replacedUntil(21))).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(lists).toBe(20);
  });
});

describe("a store on disk", () => {
  test("holds a folder of files for each checkpoint, and nothing else", async () => {
    const folder = temporaryFolder();
    const store = createDiskStore(folder);
    await store.save("one", sampleCheckpoint());
    await store.save("one", sampleCheckpoint({ step: 2 }));
    expect(readdirSync(folder)).toEqual(["one"]);
    expect(readdirSync(join(folder, "one")).sort()).toEqual([
      "charlstm.json",
      "model.json",
      "optimizer.bin",
      "weights.bin",
    ]);
    await store.remove("one");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("does not replace, remove or list what is no checkpoint", async () => {
    const folder = temporaryFolder();
    const store = createDiskStore(folder);
    mkdirSync(join(folder, "notes"));
    writeFileSync(join(folder, "notes", "mine.txt"), "mine");
    writeFileSync(join(folder, "file"), "mine");
    symlinkSync(join(folder, "notes"), join(folder, "link"));
    for (const name of ["notes", "file", "link"]) {
      await expect(store.save(name, sampleCheckpoint())).rejects.toMatchObject({ code: "OCCUPIED", details: { name } });
      await expect(store.remove(name)).rejects.toMatchObject({ code: "OCCUPIED" });
    }
    expect(await store.list()).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["file", "link", "notes"]);
    expect(readdirSync(join(folder, "notes"))).toEqual(["mine.txt"]);
  });
});
