// The browser's storage, in memory.
import "fake-indexeddb/auto";
import { type Checkpoint, initialWeights } from "@charlstm/model/checkpoint";
import { expect, test, vi } from "vitest";
import { loadModel, loadText, removeModel, saveBest, saveModel, saveText, sizeOf } from "./library.js";
import { bundledOf, listModels, type ModelRecord, newModelId, updateRecord } from "./records.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

const architecture = { vocabularySize: 2, window: 4, units: [3], dropout: 0 };

/** A checkpoint after epochs of four updates with these held-out losses, and some updates of the next. */
function after(losses: readonly number[], stepInEpoch = 0): Checkpoint {
  const epoch = losses.length;
  const step = 4 * epoch + stepInEpoch;
  const history = losses.map((heldOutLoss, index) => ({ epoch: index + 1, step: 4 * (index + 1), heldOutLoss }));
  const lowest = Math.min(...losses);
  return {
    ...{ architecture, vocabulary: ["a", "b"], objective: "sequence", settings: {}, metadata: {}, history },
    weights: initialWeights(architecture, { seed: step }),
    progress: { epoch, step, stepInEpoch, best: { epoch: losses.indexOf(lowest) + 1, loss: lowest } },
  } as unknown as Checkpoint;
}

const stepOf = ({ progress }: Checkpoint) => (progress as { step: number }).step;

const recordOf = (id: string, other: Partial<ModelRecord> = {}): ModelRecord => ({
  ...{
    id,
    title: "A title",
    savedAt: 1,
    bytes: 10,
    status: "training",
    units: [3],
    vocabularySize: 2,
    objective: "sequence",
  },
  ...{ step: 4, totalSteps: 8, losses: { train: [], heldOut: [] }, ...other },
});

test("a model is saved with its record, in place of what it was before, and keeps a name that it was given meanwhile", async () => {
  await saveModel(recordOf("named"), after([3]));
  await updateRecord("named", { title: "My own" });
  await saveModel(recordOf("named", { step: 8 }), after([3, 2]));
  expect((await listModels()).find(({ id }) => id === "named")).toEqual(
    recordOf("named", { step: 8, title: "My own" }),
  );
  expect(stepOf(await loadModel("named", "last"))).toBe(8);
});

test("the best model of a run is that of its best epoch, or its last where that is better or the only one", async () => {
  await saveModel(recordOf("run"), after([3, 2]));
  expect(stepOf(await loadModel("run", "best"))).toBe(8);
  await saveBest("run", after([3, 2]));
  await saveModel(recordOf("run"), after([3, 2, 2.5], 1));
  expect(stepOf(await loadModel("run", "best"))).toBe(8);
  expect(stepOf(await loadModel("run", "last"))).toBe(13);
  // One that ended within an epoch was scored where it ended.
  const last = after([3, 2, 2.5], 1);
  await saveModel(recordOf("run"), { ...last, history: [...last.history, { epoch: 4, step: 13, heldOutLoss: 1.9 }] });
  expect(stepOf(await loadModel("run", "best"))).toBe(13);
});

test("a model that is removed is gone with its record, its text and its best, and others stay", async () => {
  for (const id of ["gone", "stays"]) {
    await saveModel(recordOf(id), after([3, 2, 4]));
    await saveBest(id, after([3, 2]));
    await saveText(id, `text of ${id}`);
  }
  await removeModel("gone");
  expect(await loadText("gone")).toBeUndefined();
  await expect(loadModel("gone", "last")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await listModels()).map(({ id }) => id)).not.toContain("gone");
  // Its best would come back with a run of the same name.
  await saveModel(recordOf("gone"), after([3, 2, 4]));
  expect(stepOf(await loadModel("gone", "best"))).toBe(12);
  expect(await loadText("stays")).toBe("text of stays");
  expect(stepOf(await loadModel("stays", "best"))).toBe(8);
});

test("models are listed the newest first, and what is said of one is changed where it is still there", async () => {
  for (const [id, savedAt] of [
    ["old", 1e12],
    ["newest", 3e12],
    ["newer", 2e12],
  ] as const)
    await saveModel(recordOf(id, { savedAt }), after([3]));
  const known = ["old", "newer", "newest"];
  const listed = async () => (await listModels()).filter(({ id }) => known.includes(id));
  expect((await listed()).map(({ id }) => id)).toEqual(["newest", "newer", "old"]);
  await updateRecord("newer", { status: "paused", id: "another" } as Partial<ModelRecord>);
  expect((await listed())[1]).toEqual(recordOf("newer", { savedAt: 2e12, status: "paused" }));
  const before = (await listModels()).length;
  await updateRecord("never saved", { status: "paused" });
  expect(await listModels()).toHaveLength(before);
});

test("a model's size is that of all its arrays, in bytes", () => {
  const array = (length: number) => ({ name: "a", shape: [length], values: new Float32Array(length) });
  const checkpoint = { weights: [array(10), array(1)] } as unknown as Checkpoint;
  expect(sizeOf(checkpoint)).toBe(44);
  const optimizer = { slots: [array(5)] };
  expect(sizeOf({ ...checkpoint, optimizer, tensors: [array(2)] } as unknown as Checkpoint)).toBe(72);
});

test("names of models sort in the order of time, and are not given twice", () => {
  vi.useFakeTimers();
  try {
    vi.setSystemTime(Date.UTC(2026, 8, 30, 23, 59, 58));
    const ids = [newModelId(), newModelId()];
    expect(ids[0]).toMatch(/^20260930235958-[a-z0-9]+$/);
    expect(ids[0]).not.toBe(ids[1]);
    vi.setSystemTime(Date.UTC(2026, 9, 1));
    expect(newModelId() > ids[1]!).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test("a run's own text is the page's where it says so, in the words of older pages too", () => {
  const origin = { title: "T", cleaning: { recipe: "gutenberg", foldCase: false, unwrap: false } } as const;
  expect(bundledOf({ ...origin, bundled: "verse" })).toBe("verse");
  expect(bundledOf({ ...origin, isNovel: true })).toBe("novel");
  expect(bundledOf({ ...origin, isNovel: false })).toBeUndefined();
  expect(bundledOf(origin)).toBeUndefined();
});
