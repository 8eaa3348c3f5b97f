import { createRandom } from "@charlstm/sampling";
import { isExhaustive } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { createDiskStore, type FileSystem } from "../src/checkpoint-node.js";
import { expectRecovery, expectWhole, type Interruptible, interruptible, simulatedFolder } from "./saves.js";
import { type DiskHabits, SimulatedDisk } from "./simulated-disk.js";
import { countOperations, watchedFileSystem } from "./watched-file-system.js";

/** Disks that one power cut may leave: all of them, or the two extremes and a random choice where there are more. */
const mostDisks = isExhaustive ? 40 : 8;

const powerCut = new Error("the power is gone");

function storeOn(fs: FileSystem) {
  return createDiskStore(simulatedFolder, { fs });
}

async function preparedDisk({ prepare }: Interruptible, habits: DiskHabits): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk(habits);
  await disk.mkdir("/home", { mode: 0o755 });
  await (await disk.open("/", "r")).sync();
  await prepare(storeOn(disk), disk);
  return disk;
}

/** Every disk that a power cut at any operation of `work`, or just after it, may leave; and whether the work had ended. */
async function* powerCuts(trial: Interruptible, habits: DiskHabits = {}) {
  const counting = await preparedDisk(trial, habits);
  const operations = await countOperations(counting, (fs) => trial.work(storeOn(fs)));
  for (let at = 0; at <= operations; at++) {
    const disk = await preparedDisk(trial, habits);
    const isDone = await runUntil(at, disk, (fs) => trial.work(storeOn(fs)));
    for (const left of disksLeft(disk)) yield { left, isDone };
  }
}

/** Does work until the power goes at operation `at`; whether it had ended by then. */
async function runUntil(at: number, disk: SimulatedDisk, work: (fs: FileSystem) => Promise<unknown>): Promise<boolean> {
  const fs = watchedFileSystem(disk, ({ number }) => {
    if (number >= at) throw powerCut;
  });
  // Nothing runs on after a power cut: what the store does about the error reaches no disk.
  return work(fs).then(
    () => true,
    () => false,
  );
}

function* disksLeft(disk: SimulatedDisk): Generator<SimulatedDisk> {
  const choices: number[] = [];
  for (let count = 0; count < mostDisks; count++) {
    const options: number[] = [];
    yield disk.afterPowerCut((among) => (choices[options.push(among) - 1] ??= 0));
    choices.length = options.length;
    while (choices.length > 0 && choices.at(-1)! + 1 === options[choices.length - 1]) choices.pop();
    if (choices.length === 0) return; // that was the last one
    choices[choices.length - 1]! += 1;
  }
  yield disk.afterPowerCut((among) => among - 1);
  const random = createRandom(mostDisks);
  for (let count = 0; count < mostDisks; count++) {
    yield disk.afterPowerCut((among) => Math.floor(random() * among));
  }
}

describe.each(interruptible)("a power cut at any operation of $name", (trial) => {
  test("leaves every checkpoint whole, and the run goes on", async ({ annotate }) => {
    let disks = 0;
    for await (const { left, isDone } of powerCuts(trial)) {
      await expectWhole(left, isDone ? trial.after : trial.before);
      await expectRecovery(left);
      disks++;
    }
    expect(disks).toBeGreaterThan(20);
    await annotate(`${disks} disks after power cuts`);
  });

  test("and another one at any operation of the next save leaves every checkpoint whole", async ({ annotate }) => {
    let disks = 0;
    let cut = 0;
    for await (const { left, isDone } of powerCuts(trial)) {
      if (cut++ % 7 !== 0) continue;
      const save = (fs: FileSystem) => expectRecovery(fs);
      const operations = await countOperations(
        left.afterPowerCut(() => 0),
        save,
      );
      const at = (31 * cut) % operations;
      const again = left.afterPowerCut(() => 0);
      await runUntil(at, again, save);
      for (const last of disksLeft(again)) {
        const allowed = isDone ? trial.after : trial.before;
        await expectWhole(last, { ...allowed, last: [...(allowed.last ?? [0]), 9] });
        disks++;
      }
    }
    await annotate(`${disks} disks after two power cuts`);
  });
});

test.each([
  ["files", { forgetsFiles: true }],
  ["folders", { forgetsFolders: true }],
])(
  "a disk that only claims to sync %s is found out: so the cuts above would find a store that does not sync",
  async (_what, habits) => {
    const replaced = interruptible.find(({ name }) => name.includes("replaces"))!;
    let losses = 0;
    for await (const { left, isDone } of powerCuts(replaced, habits)) {
      await expectWhole(left, isDone ? replaced.after : replaced.before).catch(() => losses++);
    }
    expect(losses).toBeGreaterThan(0);
  },
);
