// The service that trains, in this process, and the browser's storage in memory.
import "fake-indexeddb/auto";
import { heldOutLossOf, type TrainingProgress } from "@charlstm/training";
import { expect, onTestFinished, test, vi } from "vitest";
import { requestOf } from "../../test/tiny-run.js";
import { loadModel, loadText } from "../files/library.js";
import { listModels } from "../files/records.js";
import type { RunEvent } from "./run-events.js";
import { createRunService } from "./run-service.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

/** The update with which the kept model of a run was saved. */
const keptStep = async (id: string): Promise<number> =>
  ((await loadModel(id, "last")).progress as TrainingProgress).step;

test("what a run ends with is kept, however soon after the last save", async () => {
  const { asked, events } = requestOf("short", { epochs: 3 });
  await createRunService().run(asked);
  const end = events.at(-1)!;
  expect(end).toMatchObject({ type: "run-ended", reason: "finished" });
  const { totalSteps } = events.find(({ type }) => type === "run-started") as { totalSteps: number } & RunEvent;
  expect(await keptStep("short")).toBe(totalSteps);
  expect((await listModels()).find(({ id }) => id === "short")).toMatchObject({
    status: "finished",
    ...{ step: totalSteps, totalSteps },
  });
  // Epochs end many times a second here: of their checkpoints only the first was written.
  expect(events.filter(({ type }) => type === "model-saved")).toHaveLength(2);
});

test.each(["paused", "stopped"] as const)("a run that is %s is kept where it stands", async (reason) => {
  const service = createRunService();
  const { asked, events } = requestOf(reason, { epochs: 1_000_000 }, ({ type }) => {
    if (type === "progress-made") service.end(reason);
  });
  await service.run(asked);
  const end = events.at(-1) as Extract<RunEvent, { type: "run-ended" }>;
  expect(end).toMatchObject({ type: "run-ended", reason });
  expect(end.step).toBeGreaterThan(0);
  expect(await keptStep(reason)).toBe(end.step);
  expect((await listModels()).find(({ id }) => id === reason)).toMatchObject({ status: reason, step: end.step });
});

test("a run tells what it trains on, each epoch's held-out loss, a text at its beginning and its end, and what was best", async () => {
  const { asked, events, ofType } = requestOf("told", { epochs: 3 });
  await createRunService().run(asked);
  const { ids, vocabulary } = asked.text;
  const size = vocabulary.size;
  // Gates of four units from characters and units, with a bias; then the output.
  const parameters = 4 * 4 * (size + 4 + 1) + size * (4 + 1);
  const heldOutCharacters = Math.floor(ids.length / 10);
  expect(events[0]).toMatchObject({ type: "run-started", threads: 1, step: 0, parameters, heldOutCharacters });
  const { totalSteps, stepsPerEpoch, characters } = ofType("run-started")[0]!;
  expect(characters).toBe(ids.length - heldOutCharacters);
  expect(totalSteps).toBe(3 * stepsPerEpoch);
  expect(ofType("held-out-scored").map(({ step }) => step)).toEqual([1, 2, 3].map((epoch) => epoch * stepsPerEpoch));
  expect(ofType("sample-written").map(({ step }) => step)).toEqual([0, totalSteps]);
  const [progress] = ofType("progress-made").slice(-1);
  expect(progress).toMatchObject({ epoch: 3, step: totalSteps, secondsLeft: 0 });
  // What the record shows is what was told.
  const record = (await listModels()).find(({ id }) => id === "told")!;
  expect(record.losses.heldOut).toEqual(ofType("held-out-scored").map(({ step, loss }) => ({ step, loss })));
  expect(record.losses.train.at(-1)).toEqual({ step: totalSteps, loss: progress!.loss });
  expect(record.effort).toMatchObject({ characters: totalSteps * 4 * 8, seconds: expect.any(Number) });
  const { prompt, text } = ofType("sample-written").at(-1)!;
  expect(record.sample).toBe((prompt + text).slice(0, 240));
});

test("a loss that diverges is told, with the rate at which the run goes on, and what ends a run is an error", async () => {
  const { asked, ofType } = requestOf("diverging", { epochs: 40, learningRate: 1000 });
  await expect(createRunService().run(asked)).rejects.toMatchObject({ code: "DIVERGED" });
  const told = ofType("loss-diverged");
  expect(told.length).toBeGreaterThan(0);
  for (const { step, backToStep, learningRate } of told) {
    expect(backToStep).toBeLessThan(step);
    expect(learningRate).toBeGreaterThan(0);
    expect(learningRate).toBeLessThan(1000);
  }
  expect(ofType("run-ended")).toEqual([]);
});

test("a held-out loss that rises is told", async () => {
  // The more it expects turns of two, the less what is held out fits.
  const text = "ab".repeat(500) + "aabb".repeat(20);
  const { asked, ofType } = requestOf("rising", { epochs: 10, learningRate: 0.05 }, () => {}, text);
  await createRunService().run(asked);
  const [rising] = ofType("held-out-rising");
  const scored = ofType("held-out-scored").map(({ loss }) => loss);
  expect(rising!.loss).toBe(scored[rising!.epoch - 1]);
  expect(rising!.lowest.loss).toBe(Math.min(...scored.slice(0, rising!.epoch)));
});

test("the model of a run in progress is had between two updates, and what it left afterwards", async () => {
  const service = createRunService();
  expect(await service.snapshot("last")).toBeUndefined();
  expect(await service.snapshot("best")).toBeUndefined();
  let taken: ReturnType<typeof service.snapshot> | undefined;
  const { asked, ofType } = requestOf("looked-at", { epochs: 8 }, ({ type }) => {
    if (type === "run-started") taken = service.snapshot("last");
  });
  await service.run(asked);
  expect(await taken).toMatchObject({
    ...{ vocabulary: asked.text.vocabulary.characters, objective: "sequence", history: [] },
    ...{ architecture: { units: [4], window: 8, vocabularySize: asked.text.vocabulary.size } },
    metadata: { title: "Cats", prompt: "the cat ", corpus: { recipe: "gutenberg" } },
  });
  const [last, best] = [await service.snapshot("last"), await service.snapshot("best")];
  expect((last!.progress as TrainingProgress).step).toBe(ofType("run-ended")[0]!.step);
  expect(last!.weights[0]!.values).not.toEqual((await taken)!.weights[0]!.values);
  const lowest = Math.min(...ofType("held-out-scored").map(({ loss }) => loss));
  expect(heldOutLossOf(best!)).toBe(lowest);
});

test("messages get in while a run goes on, so that it can be paused", async () => {
  const service = createRunService();
  const { asked, ofType } = requestOf("long", { epochs: 1_000_000 }, ({ type }) => {
    if (type === "model-saved") setTimeout(() => service.end("paused"), 1);
  });
  await service.run(asked);
  // Without turns for messages only the next save, seconds later, would have let it in.
  expect(ofType("model-saved")).toHaveLength(2);
  expect(ofType("run-ended")).toMatchObject([{ reason: "paused" }]);
});

test("a run that was paused goes on from where it stood with the losses, the time and the text that it had", async () => {
  const service = createRunService();
  const settings = { epochs: 4 };
  // Some updates after its first epoch, whose end is its best place yet.
  const paused = requestOf("resumed", settings, (event) => {
    if (event.type === "model-saved") service.planSamples({ every: -1 });
    if (event.type === "sample-written" && event.step > 0) service.end("paused");
  });
  await service.run(paused.asked);
  const record = (await listModels()).find(({ id }) => id === "resumed")!;
  expect(record.places!.last.step).toBeGreaterThan(record.losses.heldOut[0]!.step);
  expect(record).toMatchObject({ status: "paused", run: { text: paused.asked.text.origin } });
  expect(await loadText("resumed")).toBe(paused.asked.text.text);
  const { asked, ofType } = requestOf("resumed", settings);
  await createRunService().run({ ...asked, resumed: structuredClone(record) });
  const [started] = ofType("run-started");
  const [ended] = ofType("run-ended");
  expect(started).toMatchObject({ step: record.step, totalSteps: record.totalSteps });
  expect(ended).toMatchObject({ reason: "finished", step: record.totalSteps });
  const after = (await listModels()).find(({ id }) => id === "resumed")!;
  expect(after.losses.heldOut.slice(0, record.losses.heldOut.length)).toEqual(record.losses.heldOut);
  expect(after.losses.heldOut).toHaveLength(record.losses.heldOut.length + 3);
  expect(after.effort!.characters).toBe(record.totalSteps * 4 * 8);
});

test("one run goes on at a time, and one that fails makes room for the next", async () => {
  const service = createRunService();
  let second: Promise<void> | undefined;
  const { asked } = requestOf("first", { epochs: 1 }, ({ type }) => {
    if (type === "run-started") second = service.run(requestOf("second", { epochs: 1 }).asked);
    second?.catch(() => {});
  });
  await service.run(asked);
  await expect(second).rejects.toThrow("in progress already: pause or stop it first");
  const failing = requestOf("failing", { epochs: 1 }, ({ type }) => {
    if (type === "sample-written") throw new Error("no page");
  });
  await expect(service.run(failing.asked)).rejects.toThrow("no page");
  expect(failing.ofType("run-ended")).toEqual([]);
  const third = requestOf("third", { epochs: 1 });
  await service.run(third.asked);
  expect(third.ofType("run-ended")).toMatchObject([{ reason: "finished" }]);
});

test("where the storage is full a run trains all the same, and says what is not kept", async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  onTestFinished(() => put.mockRestore());
  const { asked, ofType } = requestOf("full", { epochs: 1 });
  await createRunService().run(asked);
  const failures = ofType("save-failed");
  expect(failures[0]).toMatchObject({ what: "text", message: expect.stringMatching(/storage is full.*Delete models/) });
  expect(failures[1]).toMatchObject({
    what: "model",
    message: expect.stringMatching(/storage is full.*Delete models/),
  });
  expect(ofType("model-saved")).toEqual([]);
  expect(ofType("run-ended")).toMatchObject([{ reason: "finished" }]);
  put.mockImplementation(() => {
    throw new Error("broken disk");
  });
  const broken = requestOf("broken", { epochs: 1 });
  await createRunService().run(broken.asked);
  for (const { what, message } of broken.ofType("save-failed"))
    expect(message).toMatch(new RegExp(`The ${what} could not be saved: .*broken disk`));
  expect((await listModels()).map(({ id }) => id)).not.toContain("broken");
});
