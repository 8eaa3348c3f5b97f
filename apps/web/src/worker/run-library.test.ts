// What of a run is kept, and when: a run that is at this or that place, and the browser's storage in memory.
import "fake-indexeddb/auto";
import { type Checkpoint, createIndexedDbStore, initialWeights } from "@charlstm/model/checkpoint";
import { expect, test, vi } from "vitest";
import { requestOf } from "../../test/tiny-run.js";
import { loadModel } from "../files/library.js";
import { listModels } from "../files/records.js";
import type { Run } from "./page-run.js";
import { libraryStore } from "./run-library.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

const architecture = { vocabularySize: 2, window: 4, units: [3], dropout: 0 };
const bytes = 4 * (12 * (2 + 3 + 1) + 2 * (3 + 1));

/** A checkpoint after epochs of four updates with these held-out losses, and some updates of the next. */
function after(losses: readonly number[], stepInEpoch = 0): Checkpoint {
  const epoch = losses.length;
  const step = 4 * epoch + stepInEpoch;
  const history = losses.map((heldOutLoss, index) => ({ epoch: index + 1, step: 4 * (index + 1), heldOutLoss }));
  const best = { epoch: losses.indexOf(Math.min(...losses)) + 1, loss: Math.min(...losses) };
  return {
    ...{ architecture, vocabulary: ["a", "b"], objective: "sequence", settings: {}, metadata: {}, history },
    weights: initialWeights(architecture, { seed: step }),
    progress: { epoch, step, stepInEpoch, best },
  } as unknown as Checkpoint;
}

/** A run that was begun and has written something, and what it tells. */
function runOf(id: string, settings: object = {}) {
  const { asked, events } = requestOf(id, settings);
  const run = {
    ...{ request: asked, saved: undefined, best: undefined, keptBest: undefined, abort: new AbortController() },
    ...{ savedAt: Number.NEGATIVE_INFINITY, isKept: false, isTextKept: false, step: 4, totalSteps: 40 },
    ...{ losses: { train: [], heldOut: [] }, effort: { seconds: 2, characters: 30 }, sample: "x".repeat(500) },
  } as unknown as Run;
  return { run, events, store: libraryStore(run) };
}

const recordOf = async (id: string) => (await listModels()).find((record) => record.id === id)!;
const stepOf = ({ progress }: Checkpoint) => (progress as { step: number }).step;

test("the first checkpoint is written, then one in three seconds, and the one at which a run is ended", async () => {
  const now = vi.spyOn(performance, "now");
  try {
    const { run, events, store } = runOf("often");
    const kept = async (at: number, checkpoint: Checkpoint) => {
      now.mockReturnValue(at);
      await store.save("a name", checkpoint);
      return stepOf(await loadModel("often", "last"));
    };
    expect(await kept(10_000, after([4], 1))).toBe(5);
    expect(await kept(12_900, after([4], 2))).toBe(5);
    expect(stepOf(run.saved!)).toBe(6);
    expect(await kept(13_001, after([4], 3))).toBe(7);
    expect(await kept(13_002, after([4, 3]))).toBe(7);
    run.abort.abort("paused");
    expect(await kept(13_003, after([4, 3], 1))).toBe(9);
    expect(events).toEqual(new Array(3).fill({ type: "model-saved", step: 4 }));
    expect(run.isKept).toBe(true);
  } finally {
    now.mockRestore();
  }
});

test("the record says what a run is, with the beginning of its sample, and how to go on where the text is kept", async () => {
  const { run, store } = runOf("told", { items: "line" });
  await store.save("a name", after([3]));
  expect(await recordOf("told")).toEqual({
    ...{ id: "told", title: "Cats", objective: "sequence", savedAt: expect.any(Number), bytes, status: "training" },
    ...{ units: [3], vocabularySize: 2, items: "line", step: 4, totalSteps: 40, losses: { train: [], heldOut: [] } },
    ...{ effort: { seconds: 2, characters: 30 }, sample: "x".repeat(240) },
  });
  Object.assign(run, { isTextKept: true, savedAt: Number.NEGATIVE_INFINITY });
  await store.save("a name", after([3, 2]));
  const { choices, text } = run.request;
  expect((await recordOf("told")).run).toEqual({ choices, text: text.origin });
});

test("the best model is kept beside the newest where they are two, and written once", async () => {
  const { run, store } = runOf("two");
  const names = async () => (await createIndexedDbStore("charlstm").list()).filter((name) => name.startsWith("two"));
  const save = async (checkpoint: Checkpoint) => {
    run.savedAt = Number.NEGATIVE_INFINITY;
    await store.save("a name", checkpoint);
  };
  const best = after([3]);
  await save(best);
  expect(await names()).toHaveLength(1);
  expect(await recordOf("two")).not.toHaveProperty("places");
  await save(after([3, 3.5]));
  expect(await names()).toHaveLength(2);
  expect(await recordOf("two")).toMatchObject({
    bytes: 2 * bytes,
    places: { best: { epoch: 1, heldOutLoss: 3 }, last: { epoch: 2, heldOutLoss: 3.5 } },
  });
  expect(run.keptBest).toBe(best);
  expect(stepOf((await store.load("whatever"))!)).toBe(4);
  const put = vi.spyOn(IDBObjectStore.prototype, "put");
  await save(after([3, 3.5], 1));
  expect(put.mock.calls.filter(([, key]) => String(key).includes("two-best"))).toEqual([]);
  put.mockRestore();
});
