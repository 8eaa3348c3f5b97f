// What may be interrupted: saves and removals in a store, with what has to hold afterwards, whatever happened meanwhile.
import { dirname } from "node:path";
import { expect } from "vitest";
import { type CheckpointStore, createDiskStore, type FileSystem, loadNewest } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";

/** Where the store lies on a simulated disk; the last two folders are not there at first. */
export const simulatedFolder = "/home/runs/checkpoints";

const saved = (step: number) => sampleCheckpoint({ vocabularySize: 1, window: 1, units: [1], step });
const save = (store: CheckpointStore, step: number) => store.save(`epoch-${step}`, saved(step));

export interface Interruptible {
  name: string;
  /** What was done before, without trouble. */
  prepare(store: CheckpointStore, fs: FileSystem): Promise<unknown>;
  work(store: CheckpointStore): Promise<void>;
  /** The steps that a checkpoint may have after `work` was interrupted, by its name; 0: it may be missing. */
  before: Readonly<Record<string, readonly number[]>>;
  /** The same after `work` has ended. */
  after: Readonly<Record<string, readonly number[]>>;
}

export const interruptible: Interruptible[] = [
  {
    name: "the first save",
    prepare: async () => {},
    work: (store) => save(store, 1),
    before: { "epoch-1": [0, 1] },
    after: { "epoch-1": [1] },
  },
  {
    name: "the first save after a crash that left an empty folder",
    prepare: (_store, fs) => fs.mkdir(dirname(simulatedFolder), { recursive: true, mode: 0o755 }),
    work: (store) => save(store, 1),
    before: { "epoch-1": [0, 1] },
    after: { "epoch-1": [1] },
  },
  {
    name: "a second save",
    prepare: (store) => save(store, 1),
    work: (store) => save(store, 2),
    before: { "epoch-1": [1], "epoch-2": [0, 2] },
    after: { "epoch-1": [1], "epoch-2": [2] },
  },
  {
    name: "a save that replaces a checkpoint",
    async prepare(store) {
      await save(store, 1);
      await store.save("last", saved(2));
    },
    work: (store) => store.save("last", saved(3)),
    before: { "epoch-1": [1], last: [2, 3] },
    after: { "epoch-1": [1], last: [3] },
  },
  {
    name: "a removal",
    async prepare(store) {
      await save(store, 1);
      await save(store, 2);
    },
    work: (store) => store.remove("epoch-1"),
    before: { "epoch-1": [0, 1], "epoch-2": [2] },
    after: { "epoch-1": [0], "epoch-2": [2] },
  },
];

/** Expects each checkpoint to be there whole, or not at all where it may be missing; and the newest one to be found. */
export async function expectWhole(
  fs: FileSystem,
  allowed: Interruptible["before"],
  folder = simulatedFolder,
): Promise<void> {
  const store = createDiskStore(folder, { fs });
  const names = await store.list();
  expect(Object.keys(allowed)).toEqual(expect.arrayContaining(names));
  for (const [name, steps] of Object.entries(allowed)) {
    const step = names.includes(name) ? (await store.load(name)).optimizer!.step : 0;
    expect(steps, `${name} after the interruption`).toContain(step);
    if (step > 0) expect(await store.load(name)).toEqual(saved(step));
  }
  if (names.length === 0) return;
  const { name, skipped } = await loadNewest(store);
  expect(name).toBe(names.at(-1));
  expect(skipped).toEqual([]);
}

/** Expects that a run may go on: it saves, and nothing is left lying about. */
export async function expectRecovery(fs: FileSystem, folder = simulatedFolder): Promise<void> {
  const store = createDiskStore(folder, { fs });
  await store.save("last", saved(9));
  expect(await store.load("last")).toEqual(saved(9));
  expect((await fs.readdir(folder)).filter((entry) => entry.startsWith("."))).toEqual([]);
}
