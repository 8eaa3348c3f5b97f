import { writeKerasH5 } from "@charlstm/keras";
import { type Checkpoint, encodeCheckpoint, initialWeights } from "@charlstm/model/checkpoint";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { writeCharlstmFile } from "./charlstm-file.js";
import { exportModel } from "./export-model.js";
import { type ExportFormat, exportFormats } from "./formats.js";
import { importModel } from "./import-model.js";

const architecture = { vocabularySize: 3, window: 20, units: [8], dropout: 0 };
const weights = initialWeights(architecture, { seed: 4 });
const checkpoint: Checkpoint = {
  ...{ architecture, vocabulary: ["a", "b", "é"], objective: "sequence", weights },
  ...{ history: [{ epoch: 1 }], settings: {}, metadata: { title: "A book" } },
};

test.each(Object.keys(exportFormats) as ExportFormat[])(
  "a model that was exported as %s is imported with its weights and its objective",
  async (format) => {
    const bytes = await exportModel(checkpoint, format);
    const { ending } = exportFormats[format];
    const opened = await importModel([{ name: `My model${ending}`, bytes }], undefined);
    expect(opened.title).toBe("My model");
    expect(opened.checkpoint.vocabulary).toEqual(checkpoint.vocabulary);
    expect(opened.checkpoint.weights).toEqual(weights);
    expect(opened.checkpoint.objective).toBe(checkpoint.objective);
  },
);

test("a .charlstm file holds all of the checkpoint, and the same model is the same bytes", async () => {
  const bytes = writeCharlstmFile(checkpoint);
  expect(writeCharlstmFile(checkpoint)).toEqual(bytes);
  const { checkpoint: read } = await importModel([{ name: "m.charlstm", bytes }], undefined);
  expect(read).toMatchObject({ objective: "sequence", history: [{ epoch: 1 }], metadata: { title: "A book" } });
});

test("the files of a checkpoint's folder are a model when they are chosen together", async () => {
  const files = [...encodeCheckpoint(checkpoint)].map(([name, bytes]) => ({ name, bytes }));
  expect((await importModel(files, undefined)).checkpoint.weights).toEqual(weights);
});

test("a Keras file without a vocabulary takes one beside it, or that of a text that has as many characters", async () => {
  const bytes = await writeKerasH5({ architecture, weights });
  const file = { name: "m.h5", bytes };
  const beside = { name: "m.h5.vocabulary.json", bytes: new TextEncoder().encode('["x","y","z"]') };
  expect((await importModel([file, beside], undefined)).checkpoint.vocabulary).toEqual(["x", "y", "z"]);
  const taken = await importModel([file], ["k", "l", "m"]);
  expect(taken.checkpoint.vocabulary).toEqual(["k", "l", "m"]);
  expect(taken.notes.join(" ")).toMatch(/names no characters/);
  await expect(importModel([file], ["k", "l"])).rejects.toThrow(/knows 3 characters.*has 2/s);
  await expect(importModel([file], undefined)).rejects.toThrow(/vocabulary\.json/);
});

test("what is no model is refused with a reason", async () => {
  const whole = writeCharlstmFile(checkpoint);
  const text = new TextEncoder().encode("hello");
  await expect(importModel([], undefined)).rejects.toThrow(/No file/);
  await expect(importModel([{ name: "notes.txt", bytes: text }], undefined)).rejects.toThrow(
    /notes\.txt: this is no model/,
  );
  await expect(importModel([{ name: "m", bytes: whole.subarray(0, -40) }], undefined)).rejects.toThrow(/damaged/);
  await expect(importModel([{ name: "m", bytes: zipSync({ "a.txt": text }) }], undefined)).rejects.toThrow();
});
