import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDiskStore, createMemoryStore } from "@charlstm/model/checkpoint";
import { temporaryFolder } from "@charlstm/testing";
import { afterAll, expect, test } from "vitest";
import { type CharacterModel, load, train } from "../src/index.js";

const text = "the cat sat on the mat and the dog sat on the log, and then they all went home.\n".repeat(30);
const tiny = { epochs: 2, units: [16], window: 8, batch: 4, learningRate: 0.02, dropout: 0, threads: 1 };
const model = await train(text, tiny);
afterAll(() => model.dispose());

async function expectSame(again: CharacterModel): Promise<void> {
  const options = { prompt: "the ", length: 40, seed: 3 };
  expect(await again.text(options)).toBe(await model.text(options));
  await again.dispose();
}

test("a saved model comes back from its folder, and from a store", async () => {
  const folder = join(temporaryFolder(), "mine");
  await model.save(folder);
  const store = createMemoryStore();
  await model.save({ store, name: "mine" });
  for (const from of [folder, `${folder}/`, { store, name: "mine" }]) await expectSame(await load(from));
});

test("a folder of others' files is not saved over", async () => {
  const folder = join(temporaryFolder(), "mine");
  mkdirSync(folder);
  writeFileSync(join(folder, "diary.txt"), "mine");
  await expect(model.save(folder)).rejects.toMatchObject({ code: "OCCUPIED" });
});

test.each(["h5", "keras", "safetensors"] as const)(
  "what was exported as %s comes back from its file",
  async (format) => {
    const path = join(temporaryFolder(), `m.${format}`);
    writeFileSync(path, await model.export(format));
    await expectSame(await load(path));
  },
);

test("a file's bytes do, however they are held", async () => {
  const bytes = await model.export("keras");
  for (const from of [bytes, bytes.slice().buffer, new Blob([bytes as BlobPart]), new Map([["m.keras", bytes]])])
    await expectSame(await load(from));
});

test("a model of TensorFlow.js comes back from its folder", async () => {
  const folder = temporaryFolder();
  for (const [name, bytes] of await model.export("tfjs")) writeFileSync(join(folder, name), bytes);
  await expectSame(await load(folder));
});

test("a run's folder gives its best epoch", async () => {
  const folder = temporaryFolder();
  const run = await train(text, { ...tiny, store: createDiskStore(join(folder, "checkpoints")) });
  expect((await load(folder)).checkpoint.weights).toEqual(run.checkpoint.weights);
});

test("where nothing is, and where nothing of a model is, is said", async () => {
  const folder = temporaryFolder();
  for (const path of [join(folder, "none"), folder]) {
    await expect(load(path)).rejects.toMatchObject({ code: "NO_MODEL", details: { path } });
  }
  const page = join(folder, "page.h5");
  writeFileSync(page, "<!doctype html>");
  await expect(load(page)).rejects.toMatchObject({ code: "NOT_A_MODEL" });
});
