import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDiskStore, type FileSystem, initialWeights, loadNewest } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";
import { simulatedFolder } from "./saves.js";
import { SimulatedDisk } from "./simulated-disk.js";
import { countOperations, watchedFileSystem } from "./watched-file-system.js";

const storeOn = (fs: FileSystem) => createDiskStore(simulatedFolder, { fs });

/** A disk on which `last` is at step 1. */
async function newDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  await disk.mkdir("/home", { mode: 0o755 });
  await storeOn(disk).save("last", sampleCheckpoint({ step: 1 }));
  return disk;
}

describe("a checkpoint that is being replaced", () => {
  test("is there whole, listed, and the newest, at any operation of the save", async () => {
    const disk = await newDisk();
    const steps: number[] = [];
    const watched = watchedFileSystem(disk, async () => {
      const { name, checkpoint, skipped } = await loadNewest(storeOn(disk));
      expect([name, skipped]).toEqual(["last", []]);
      const { step } = checkpoint.optimizer!;
      expect(checkpoint).toEqual(sampleCheckpoint({ step }));
      steps.push(step);
    });
    await storeOn(watched).save("last", sampleCheckpoint({ step: 2 }));
    expect(steps).toEqual(steps.toSorted());
    expect(new Set(steps)).toEqual(new Set([1, 2]));
  });

  test.each([1, 2, 3])("%i times between any two operations of a reader is read whole", async (times) => {
    const operations = await countOperations(await newDisk(), (fs) => loadNewest(storeOn(fs)));
    for (let at = 0; at < operations; at++) {
      const disk = await newDisk();
      const watched = watchedFileSystem(disk, async ({ number }) => {
        if (number < at || number >= at + times) return;
        await storeOn(disk).save("last", sampleCheckpoint({ step: 2 + number - at }));
      });
      const { checkpoint, skipped } = await loadNewest(storeOn(watched));
      expect(skipped).toEqual([]);
      expect(checkpoint).toEqual(sampleCheckpoint({ step: checkpoint.optimizer!.step }));
    }
  });

  test("in steps that run between those of a reader is read whole", async () => {
    // The writer takes `ahead` operations at first, then one for each of the reader's.
    for (let ahead = 0; ahead < 40; ahead++) {
      const disk = await newDisk();
      const { fs, advance, finish } = stepwise(disk);
      const saved = storeOn(fs).save("last", sampleCheckpoint({ step: 2 }));
      for (let count = 0; count < ahead; count++) await advance();
      const { checkpoint, skipped } = await loadNewest(storeOn(watchedFileSystem(disk, advance)));
      expect(skipped).toEqual([]);
      expect(checkpoint).toEqual(sampleCheckpoint({ step: checkpoint.optimizer!.step }));
      finish();
      await saved;
    }
  });

  test("again and again, at any pace beside the reader's, is always found, listed and read whole or refused", async () => {
    // A save takes 33 operations: at that pace and its multiples the two are in step.
    for (const pace of [1, 2, 3, 5, 13, 31, 32, 33, 34, 50, 66]) {
      const disk = await newDisk();
      const { fs, advance, finish } = stepwise(disk);
      let step = 1;
      let isDone = false;
      const saved = (async () => {
        while (!isDone) await storeOn(fs).save("last", sampleCheckpoint({ step: ++step }));
      })();
      const atPace = async () => {
        for (let count = 0; count < pace; count++) await advance();
      };
      const reader = storeOn(watchedFileSystem(disk, atPace));
      for (let read = 0; read < 2; read++) {
        expect(await reader.list()).toEqual(["last"]);
        await reader.load("last").then(
          (checkpoint) => expect(checkpoint).toEqual(sampleCheckpoint({ step: checkpoint.optimizer!.step })),
          (error) => expect(error).toMatchObject({ code: expect.stringMatching(/ALTERED|INCOMPLETE|UNREADABLE/) }),
        );
      }
      isDone = true;
      finish();
      await saved;
    }
  });

  test("without end is refused, never mixed", async () => {
    const disk = await newDisk();
    let step = 1;
    const watched = watchedFileSystem(disk, () => storeOn(disk).save("last", sampleCheckpoint({ step: ++step })));
    await expect(storeOn(watched).load("last")).rejects.toMatchObject({
      code: expect.stringMatching(/ALTERED|INCOMPLETE|UNREADABLE/),
    });
  });
});

test("a checkpoint that is removed between any two operations of a reader is read whole or not found", async () => {
  const operations = await countOperations(await newDisk(), (fs) => storeOn(fs).load("last"));
  for (let at = 0; at < operations; at++) {
    const disk = await newDisk();
    const watched = watchedFileSystem(disk, async ({ number }) => {
      if (number === at) await storeOn(disk).remove("last");
    });
    await expect(storeOn(watched).load("last")).rejects.toMatchObject({ code: "NOT_FOUND" });
  }
});

test("a checkpoint that another process replaces all the time is always there, listed and whole", async ({
  annotate,
}) => {
  const folder = temporaryFolder();
  const script = fileURLToPath(new URL("replace-endlessly.mjs", import.meta.url));
  const writer = spawn(process.execPath, [script, folder], { stdio: ["pipe", "pipe", "inherit"] });
  let printed = "";
  writer.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  onTestFinished(async () => {
    if (writer.exitCode === null && writer.kill()) await once(writer, "close");
  });
  await once(writer.stdout, "data");
  const store = createDiskStore(folder);
  const steps = new Set<number>();
  let reads = 0;
  for (; reads < 100 || steps.size < 5; reads++) {
    const { checkpoint, skipped } = await loadNewest(store);
    const { step } = checkpoint.optimizer!;
    expect(skipped).toEqual([]);
    expect(checkpoint.weights).toEqual(initialWeights(checkpoint.architecture, { seed: step }));
    steps.add(step);
  }
  writer.stdin.end();
  const [status] = (await once(writer, "close")) as [number];
  expect(status).toBe(0);
  await annotate(`${reads} reads of ${steps.size} versions during ${printed.split("\n")[1]} saves`);
});

/** A file system whose operations wait to be let on, one at a time. */
function stepwise(disk: FileSystem) {
  const waiting: (() => void)[] = [];
  let isFree = false;
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const fs = watchedFileSystem(disk, () =>
    isFree ? undefined : new Promise<void>((resolve) => waiting.push(resolve)),
  );
  return {
    fs,
    async advance() {
      waiting.shift()?.();
      await settle();
    },
    finish() {
      isFree = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
