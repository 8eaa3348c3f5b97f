// The service that trains, in this process, and the browser's storage in memory.
import "fake-indexeddb/auto";
import type { TrainingProgress } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { expect, test, vi } from "vitest";
import { loadModel } from "../files/library.js";
import { listModels } from "../files/records.js";
import { changeSettings, defaultChoices } from "../logic/settings.js";
import type { RunRequest } from "./page-run.js";
import type { RunEvent } from "./run-events.js";
import { createRunService } from "./run-service.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

const text = "the cat sat on the mat and the dog sat on the log. ".repeat(20);
const vocabulary = createVocabulary(text);
const settings = { units: [4], window: 8, batch: 4, warmupSteps: 0, heldOut: 0.1 };

/** A run of so many epochs, the events that it tells, and what it does at each. */
function request(id: string, epochs: number, onEvent: (event: RunEvent) => void = () => {}) {
  const events: RunEvent[] = [];
  const asked: RunRequest = {
    id,
    title: "Cats",
    choices: { ...changeSettings(defaultChoices, { ...settings, epochs }), threads: 1 },
    text: {
      text,
      ids: encode(text, vocabulary),
      vocabulary,
      origin: { title: "Cats", cleaning: { recipe: "gutenberg", foldCase: false, unwrap: false }, isNovel: false },
    },
    report: (event) => {
      events.push(event);
      onEvent(event);
    },
  };
  return { asked, events };
}

/** The update with which the kept model of a run was saved. */
const keptStep = async (id: string): Promise<number> =>
  ((await loadModel(id, "last")).progress as TrainingProgress).step;

test("what a run ends with is kept, however soon after the last save", async () => {
  const { asked, events } = request("short", 3);
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
  const { asked, events } = request(reason, 1_000_000, ({ type }) => {
    if (type === "progress-made") service.end(reason);
  });
  await service.run(asked);
  const end = events.at(-1) as Extract<RunEvent, { type: "run-ended" }>;
  expect(end).toMatchObject({ type: "run-ended", reason });
  expect(end.step).toBeGreaterThan(0);
  expect(await keptStep(reason)).toBe(end.step);
  expect((await listModels()).find(({ id }) => id === reason)).toMatchObject({ status: reason, step: end.step });
});
