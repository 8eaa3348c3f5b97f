// What a run takes from the checkpoint that it goes on from, in the figures of test/run-events.test.ts.
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { describe, expect, test } from "vitest";
import { type Backend, type TrainingSettings, train } from "../src/index.js";
import type { EpochMetrics, TrainingProgress } from "../src/progress.js";
import { endOf } from "./helpers.js";
import { eventsOf, settings, standIn, text, vocabulary } from "./stand-in.js";

const quiet = { temperatures: [] };

/** All events of a run with a stand-in for its backend. */
const runOf = (change: Partial<TrainingSettings>, options: object = {}, its: TrainingSettings = settings.window) =>
  eventsOf(train(standIn({ ...its, ...change }).backend, text, { settings: { ...its, ...change }, ...options }));

describe("a run that goes on", () => {
  const ended = async (change: Partial<TrainingSettings> = {}) =>
    endOf(await runOf({ ...quiet, ...change })).checkpoint;

  test("tells where it begins", async () => {
    const resume = await ended({ epochs: 2 });
    expect((await runOf(quiet, { resume }))[0]).toMatchObject({ epoch: 2, step: 28, totalSteps: 42 });
  });

  test("ends at once where patience had ended it, until it has more", async () => {
    const patient = { ...quiet, patience: 1, epochs: 5 }; // all losses are 1: the second epoch is no better
    const resume = await ended(patient);
    expect(resume.progress).toMatchObject({ epoch: 2, best: { epoch: 1, loss: 1 } });
    const again = await runOf(patient, { resume });
    expect(again.map(({ type }) => type)).toEqual(["run-start", "run-end"]);
    expect(endOf(again).reason).toBe("early-stop");
    expect(endOf(await runOf({ ...patient, patience: 3 }, { resume })).history).toHaveLength(4);
  });

  test("takes the carried state of its checkpoint, or the zero state where there is none", async () => {
    const log: unknown[] = [];
    const { backend } = standIn(settings.sequence);
    const noting: Backend = {
      ...backend,
      resetState: () => log.push("zero"),
      writeState: (values) => log.push([...values]),
    };
    const settingsOf = { ...settings.sequence, ...quiet, epochs: 1 };
    const resume = endOf(await eventsOf(train(backend, text, { settings: settingsOf }))).checkpoint;
    const own = { name: "carried_state", shape: [32], values: Float32Array.from({ length: 32 }, (_, index) => index) };
    expect(resume.tensors).toEqual([{ ...own, values: new Float32Array(32) }]);
    await eventsOf(train(noting, text, { settings: settingsOf, resume: { ...resume, tensors: [own] } }));
    await eventsOf(train(noting, text, { settings: settingsOf, resume: { ...resume, tensors: [] } }));
    expect(log).toEqual([[...own.values], "zero"]);
  });

  test("keeps the figures of the newest thousand epochs and of the best one in its checkpoints", async () => {
    const resume = await ended({ epochs: 1 });
    const [figures] = resume.history as [EpochMetrics];
    const history = Array.from({ length: 1200 }, (_, index) => ({
      ...figures,
      epoch: index + 1,
      step: 14 * (index + 1),
    }));
    const progress = { ...resume.progress, epoch: 1200, step: 14 * 1200, best: { epoch: 3, loss: 0.5 } };
    const { history: whole, checkpoint } = endOf(
      await runOf({ ...quiet, epochs: 1202 }, { resume: { ...resume, progress, history } }),
    );
    expect(whole.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 1202 }, (_, index) => index + 1));
    expect(checkpoint.history.map((each) => (each as EpochMetrics).epoch)).toEqual([
      3,
      ...Array.from({ length: 1000 }, (_, index) => index + 203),
    ]);
  });

  test("a checkpoint of windows carries no state", async () => {
    expect((await ended()).tensors).toEqual([]);
  });

  test("a checkpoint of an older version, without a watch on the losses, is taken", async () => {
    const resume = await ended({ epochs: 1 });
    const { watch: _, ...progress } = resume.progress as unknown as TrainingProgress;
    const rest = await runOf({ ...quiet, epochs: 2 }, { resume: { ...resume, progress } as unknown as Checkpoint });
    expect((endOf(rest).checkpoint.progress as unknown as TrainingProgress).watch.level).toBeGreaterThan(1);
  });

  test.each([
    ["no progress", { progress: undefined }],
    ["no optimizer", { optimizer: undefined }],
  ])("not from a checkpoint with %s", async (_, lack) => {
    const resume = { ...(await ended()), ...lack } as unknown as Checkpoint;
    await expect(runOf(quiet, { resume })).rejects.toMatchObject({
      code: "RESUME_MISMATCH",
      message: "this checkpoint holds a model only, no training progress: resume from one that `train` saved",
    });
  });

  test("not with another vocabulary, nor with another network, other batches or other random numbers", async () => {
    const resume = await ended();
    const other = { ...resume, vocabulary: [...resume.vocabulary.slice(1), "x"] };
    await expect(runOf(quiet, { resume: other })).rejects.toMatchObject({
      code: "RESUME_MISMATCH",
      details: { name: "vocabulary", saved: other.vocabulary.join(""), given: vocabulary.characters.join("") },
    });
    for (const [name, value] of Object.entries({ stride: 2, batch: 32, seed: 5, heldOut: 0.2 })) {
      const given = settings.window[name as "stride"];
      await expect(runOf({ ...quiet, [name]: value }, { resume })).rejects.toMatchObject({
        code: "RESUME_MISMATCH",
        message: `the checkpoint's ${name} is ${given}, this run's is ${value}: go on with the same ${name}, or start a new run`,
        details: { name, saved: given, given: value },
      });
    }
  });
});
