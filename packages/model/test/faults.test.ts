import * as nodeFs from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { type CheckpointStore, createDiskStore, type FileSystem, loadNewest } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";
import { expectRecovery, expectWhole, interruptible, simulatedFolder } from "./saves.js";
import { SimulatedDisk, systemError } from "./simulated-disk.js";
import { countOperations, watchedFileSystem } from "./watched-file-system.js";

const codes = ["ENOSPC", "EIO", "EMFILE"];

async function newDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await disk.mkdir("/home", { mode: 0o755 });
  return disk;
}

function storeOn(fs: FileSystem): CheckpointStore {
  return createDiskStore(simulatedFolder, { fs });
}

/** The file system, on which operation `at` fails; with `isDead` all that come after it, too. */
function failing(fs: FileSystem, code: string, at: number, isDead: boolean): FileSystem {
  return watchedFileSystem(fs, ({ number, path }) => {
    if (number === at || (isDead && number > at)) throw systemError(code, path);
  });
}

/** What the promise is rejected with, if it is. */
async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(interruptible)("$name that fails at any of its operations", ({ prepare, work, before, after }) => {
  test.for([
    ["once", false],
    ["and from then on", true],
  ] as const)("%s, leaves every checkpoint whole and no file open", async ([, isDead], { annotate }) => {
    const counting = await newDisk();
    await prepare(storeOn(counting), counting);
    const operations = await countOperations(counting, (fs) => work(storeOn(fs)));
    for (const code of codes) {
      for (let at = 0; at < operations; at++) {
        const disk = await newDisk();
        await prepare(storeOn(disk), disk);
        const error = await errorOf(work(storeOn(failing(disk, code, at, isDead))));
        if (error) expect(error).toMatchObject({ code });
        expect(disk.openHandles).toBe(0);
        await expectWhole(disk, error ? before : after);
        await expectRecovery(disk);
      }
    }
    await annotate(`${operations * codes.length} faults`);
  });
});

test("on a real disk, too, a save that fails at any of its operations leaves every checkpoint whole", async () => {
  const { prepare, work, before, after } = interruptible.find(({ name }) => name.includes("replaces"))!;
  const folder = join(temporaryFolder(), "runs", "checkpoints");
  await prepare(createDiskStore(folder), nodeFs);
  const operations = await countOperations(nodeFs, (fs) => work(createDiskStore(folder, { fs })));
  for (let at = 0; at < operations; at += 2) {
    await prepare(createDiskStore(folder), nodeFs);
    const fs = failing(nodeFs, codes[at % codes.length]!, at, false);
    const error = await errorOf(work(createDiskStore(folder, { fs })));
    await expectWhole(nodeFs, error ? before : after, folder);
  }
  await expectRecovery(nodeFs, folder);
});

test("a full disk is named by its own code, and the checkpoint before stays the newest", async () => {
  const disk = await newDisk();
  await storeOn(disk).save("epoch-1", sampleCheckpoint({ step: 1 }));
  const full = watchedFileSystem(disk, ({ name, path }) => {
    if (name === "write") throw systemError("ENOSPC", path);
  });
  await expect(storeOn(full).save("epoch-2", sampleCheckpoint({ step: 2 }))).rejects.toMatchObject({ code: "ENOSPC" });
  expect(await loadNewest(storeOn(full))).toMatchObject({ name: "epoch-1", skipped: [] });
});

test("a checkpoint whose replacement fails at the last moment is back under its name", async () => {
  const disk = await newDisk();
  await storeOn(disk).save("last", sampleCheckpoint({ step: 1 }));
  const store = storeOn(
    watchedFileSystem(disk, ({ name, path }) => {
      // The first rename sets the old one aside, the second puts the new one in its place, the third brings the old one back.
      if (name === "rename" && path.endsWith("/last") && ++renames === 1) throw systemError("EIO", path);
    }),
  );
  let renames = 0;
  await expect(store.save("last", sampleCheckpoint({ step: 2 }))).rejects.toMatchObject({ code: "EIO" });
  expect(await disk.readdir(simulatedFolder)).toEqual(["last"]);
  expect(await storeOn(disk).load("last")).toEqual(sampleCheckpoint({ step: 1 }));
});

test.each([
  ["open", "EACCES"],
  ["open", "EPERM"],
  ["sync", "EINVAL"],
  ["sync", "ENOTSUP"],
])("a folder that the system does not let one %s (%s) is done without", async (operation, code) => {
  const disk = await newDisk();
  const isFolder = async (path: string) => (await disk.lstat(path)).isDirectory();
  const refusing = watchedFileSystem(disk, async ({ name, path }) => {
    if (name === operation && !path.endsWith(".json") && !path.endsWith(".bin") && (await isFolder(path))) {
      throw systemError(code, path);
    }
  });
  await storeOn(refusing).save("one", sampleCheckpoint());
  expect(await storeOn(disk).load("one")).toEqual(sampleCheckpoint());
  expect(disk.openHandles).toBe(0);
});

test("on Windows, where folders can't be opened, nobody tries", async () => {
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  Object.defineProperty(process, "platform", { ...platform, value: "win32" });
  onTestFinished(() => void Object.defineProperty(process, "platform", platform));
  const disk = await newDisk();
  const opened: string[] = [];
  const watched = watchedFileSystem(disk, ({ name, path }) => void (name === "open" && opened.push(path)));
  for (const step of [1, 2]) await storeOn(watched).save("one", sampleCheckpoint({ step }));
  await storeOn(watched).remove("one");
  expect(opened.length).toBeGreaterThan(0);
  expect(opened.filter((path) => !/\.(json|bin)$/.test(path))).toEqual([]);
});

describe("a checkpoint that can't be read", () => {
  async function reading(code: string): Promise<CheckpointStore> {
    const disk = await newDisk();
    for (const step of [1, 2]) await storeOn(disk).save(`epoch-${step}`, sampleCheckpoint({ step }));
    return storeOn(
      watchedFileSystem(disk, ({ name, path }) => {
        if (name === "readFile" && path.includes("epoch-2")) throw systemError(code, path);
      }),
    );
  }

  test("is refused by code with the system's reason, and passed over by a run that goes on", async () => {
    const store = await reading("EIO");
    await expect(store.load("epoch-2")).rejects.toMatchObject({ code: "UNREADABLE", cause: { code: "EIO" } });
    const { name, skipped } = await loadNewest(store);
    expect([name, skipped.map(({ error }) => error.code)]).toEqual(["epoch-1", ["UNREADABLE"]]);
  });

  test("for want of file handles or memory is not passed over: the next try may succeed", async () => {
    for (const code of ["EMFILE", "ENFILE", "ENOMEM"]) {
      await expect(loadNewest(await reading(code))).rejects.toMatchObject({ code });
    }
  });

  test("at any operation is not taken for another one", async () => {
    const disk = await newDisk();
    await storeOn(disk).save("epoch-1", sampleCheckpoint());
    const operations = await countOperations(disk, (fs) => storeOn(fs).load("epoch-1"));
    for (let at = 0; at < operations; at++) {
      const error = await errorOf(storeOn(failing(disk, "EIO", at, false)).load("epoch-1"));
      expect(error).toMatchObject({ code: "UNREADABLE", details: { name: "epoch-1" } });
    }
  });
});

test("a store whose folder is a file says so", async () => {
  const file = join(temporaryFolder(), "file");
  await nodeFs.writeFile(file, "");
  const store = createDiskStore(join(file, "checkpoints"));
  await expect(store.save("one", sampleCheckpoint())).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(store.load("one")).rejects.toMatchObject({ code: "UNREADABLE", cause: { code: "ENOTDIR" } });
  await expect(createDiskStore(file).list()).rejects.toMatchObject({ code: "ENOTDIR" });
});
