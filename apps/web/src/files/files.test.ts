import { readFileSync } from "node:fs";
import type { ModelFormat } from "@charlstm/formats";
import { readKeras, writeKerasH5, zipFiles } from "@charlstm/formats";
import { type Checkpoint, encodeCheckpoint, initialWeights } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { exportModel } from "./export-model.js";
import { exportFormats } from "./formats.js";
import { importModel, pickFiles } from "./import-model.js";

const architecture = { vocabularySize: 3, window: 20, units: [8], dropout: 0 };
const weights = initialWeights(architecture, { seed: 4 });
const checkpoint: Checkpoint = {
  ...{ architecture, vocabulary: ["a", "b", "é"], objective: "sequence", weights },
  ...{ history: [{ epoch: 1 }], settings: {}, metadata: { title: "A book" } },
};

const formats = (Object.keys(exportFormats) as ModelFormat[]).filter((format) => format !== "onnx");

test.each(formats)("a model that was exported as %s is imported with its weights and its objective", (format) => {
  const { bytes } = exportModel(checkpoint, format);
  const { ending } = exportFormats[format];
  const opened = importModel([{ name: `My model${ending}`, bytes }], undefined);
  expect(opened.title).toBe(format === "charlstm" ? "A book" : "My model");
  expect(opened.checkpoint.vocabulary).toEqual(checkpoint.vocabulary);
  expect(opened.checkpoint.weights).toEqual(weights);
  expect(opened.checkpoint.objective).toBe(checkpoint.objective);
});

test("an ONNX file is written, and told what it is when it comes back", () => {
  const { bytes } = exportModel(checkpoint, "onnx");
  expect(() => importModel([{ name: "m.onnx", bytes }], undefined)).toThrow(
    /m\.onnx: this is no model: .*an ONNX file/,
  );
});

test("a .charlstm file holds all of the checkpoint, and the same model is the same bytes", () => {
  const { bytes } = exportModel(checkpoint, "charlstm");
  expect(exportModel(checkpoint, "charlstm").bytes).toEqual(bytes);
  const { checkpoint: read } = importModel([{ name: "m.charlstm", bytes }], undefined);
  expect(read).toMatchObject({ objective: "sequence", history: [{ epoch: 1 }], metadata: { title: "A book" } });
});

test("the optimizer of a Keras model is kept, and characters in another order than ours are sorted", () => {
  const slots = weights.map(({ name, shape, values }) => ({
    name: `${name}/velocity`,
    shape,
    values: values.map(Math.abs),
  }));
  const optimizer = {
    config: { name: "rmsprop" as const },
    state: { name: "rmsprop" as const, step: 7, slots },
    learningRate: 0.5,
  };
  const bytes = writeKerasH5({ architecture, weights, optimizer, vocabulary: ["é", "b", "a"] });
  const { checkpoint: read } = importModel([{ name: "m.h5", bytes }], undefined);
  expect(read.vocabulary).toEqual(["a", "b", "é"]);
  const row = (tensor: { values: Float32Array }, id: number) => tensor.values.subarray(32 * id, 32 * (id + 1));
  for (const id of [0, 1, 2]) expect(row(read.weights[0]!, id)).toEqual(row(weights[0]!, 2 - id));
  expect(read.optimizer).toMatchObject({ name: "rmsprop", step: 7 });
  expect(row(read.optimizer!.slots[0]!, 0)).toEqual(row(slots[0]!, 2));
  expect(read.settings).toMatchObject({ learningRate: 0.5 });
  expect(encodeCheckpoint(read).size).toBeGreaterThan(2); // it can be saved
});

test("the files of a checkpoint's folder are a model when they are chosen together", () => {
  const files = [...encodeCheckpoint(checkpoint)].map(([name, bytes]) => ({ name, bytes }));
  expect(importModel(files, undefined).checkpoint.weights).toEqual(weights);
});

test("a Keras file without a vocabulary takes one beside it, or that of a text that has as many characters", () => {
  const bytes = writeKerasH5({ architecture, weights });
  const file = { name: "m.h5", bytes };
  const beside = { name: "m.h5.vocabulary.json", bytes: new TextEncoder().encode('["x","y","z"]') };
  expect(importModel([file, beside], undefined).checkpoint.vocabulary).toEqual(["x", "y", "z"]);
  const taken = importModel([file], ["k", "l", "m"]);
  expect(taken.checkpoint.vocabulary).toEqual(["k", "l", "m"]);
  expect(taken.notes.join(" ")).toMatch(/names no characters/);
  expect(() => importModel([file], ["k", "l"])).toThrow(/knows 3 characters.*has 2/s);
  expect(() => importModel([file], undefined)).toThrow(/vocabulary\.json/);
});

const layout = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../../packages/formats/test/fixtures/layouts/${name}`, import.meta.url)));
const letters = (count: number) => Array.from({ length: count }, (_, id) => String.fromCodePoint(97 + id));
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("weights alone are a model by the structure chosen along with them, or by their shapes, which is said", () => {
  const byShapes = { name: "my.weights.h5", bytes: layout("keras-3.weights.h5") };
  const { architecture } = readKeras(byShapes.bytes, { window: 5 });
  const vocabulary = letters(architecture.vocabularySize);
  const opened = importModel([byShapes], vocabulary);
  expect(opened.title).toBe("my");
  expect(opened.notes.join(" ")).toMatch(/are assumed.*\.json file, chosen along with it/);

  const bare = { name: "old.h5", bytes: layout("keras-2-weights.h5") };
  expect(() => importModel([bare], vocabulary)).toThrow(/old\.h5: this is no model.*\.json file, chosen along/);
  const structure = { name: "old.json", bytes: layout("keras-2-weights.json") };
  const { vocabularySize } = readKeras(bare.bytes, { config: new TextDecoder().decode(structure.bytes) }).architecture;
  const beside = { name: "old.h5.vocabulary.json", bytes: json(letters(vocabularySize)) };
  const withStructure = importModel([bare, structure, beside], undefined);
  expect(withStructure.checkpoint.vocabulary).toEqual(letters(vocabularySize));
  expect(withStructure.notes).toEqual(["Read as Keras weights .h5."]);
});

test("the files of an ml5.js charRNN are a model, together or in an archive", () => {
  const shapes = { "rnnlm/softmax_w": [2, 3], "rnnlm/softmax_b": [3], "cell_0/kernel": [5, 8], "cell_0/bias": [8] };
  const variables = Object.entries(shapes).map(([name, shape], at) => ({ name, shape, filename: `variable${at}` }));
  const manifest = Object.fromEntries(variables.map(({ name, ...rest }) => [name, rest]));
  const files = {
    "manifest.json": json(manifest),
    "vocab.json": json({ a: 0, b: 1, c: 2 }),
    ...Object.fromEntries(
      variables.map(({ filename, shape }) => [filename, new Uint8Array(4 * shape.reduce((a, b) => a * b))]),
    ),
  };
  const given = Object.entries(files).map(([name, bytes]) => ({ name: `my voice/${name}`, bytes }));
  const zip = {
    name: "my voice.zip",
    bytes: zipFiles(new Map(Object.entries({ "my voice/": new Uint8Array(0), ...files }))),
  };
  for (const chosen of [given, [zip]]) {
    const { checkpoint, title, notes } = importModel(chosen, undefined);
    expect(title).toBe("my voice");
    expect(notes[0]).toBe("Read as ml5.js charRNN.");
    expect(checkpoint).toMatchObject({
      vocabulary: ["a", "b", "c"],
      objective: "sequence",
      architecture: { units: [2] },
    });
  }
});

test("of a run's folder its model is taken, else its newest checkpoint, under the folder's name", () => {
  const named = (...names: string[]) => names.map((name) => ({ name }));
  const checkpoints = [
    "runs/book/checkpoints/epoch-0001/charlstm.json",
    "runs/book/checkpoints/epoch-0002/charlstm.json",
  ];
  const model = ["runs/book/model/charlstm.json", "runs/book/model/model.json"];
  expect(pickFiles(named("runs/book/run.json", ...checkpoints, ...model))).toEqual(named(...model));
  expect(pickFiles(named("runs/book/run.json", ...checkpoints))).toEqual(named(checkpoints[1]!));
  const several = named("model/charlstm.json", "other/charlstm.json");
  expect(pickFiles(several)).toEqual(several.slice(0, 1));
  expect(pickFiles(named("a.h5", "b.json"))).toEqual(named("a.h5", "b.json"));
  const untitled = { ...checkpoint, metadata: {} };
  const given = [...encodeCheckpoint(untitled)].map(([name, bytes]) => ({ name: `book/model/${name}`, bytes }));
  expect(importModel(given, undefined).title).toBe("book");
});

test("an export says what its format does not hold, and nothing where all is in it", () => {
  expect(exportModel(checkpoint, "charlstm").notes).toEqual([]);
  for (const format of ["onnx", "safetensors"] as const) expect(exportModel(checkpoint, format).notes).toEqual([]);
  for (const format of ["h5", "keras", "tfjs"] as const)
    expect(exportModel(checkpoint, format).notes).toEqual([expect.stringMatching(/trained on whole sequences/)]);
});

test("what is no model is refused with a reason", () => {
  const { bytes: whole } = exportModel(checkpoint, "charlstm");
  const text = new TextEncoder().encode("hello");
  expect(() => importModel([], undefined)).toThrow(/no file/);
  expect(() => importModel([{ name: "notes.txt", bytes: text }], undefined)).toThrow(/notes\.txt: this is no model/);
  expect(() => importModel([{ name: "m", bytes: whole.subarray(0, -40) }], undefined)).toThrow(/damaged/);
  for (const [given, reason] of [
    [
      [{ name: "m", bytes: zipFiles(new Map([["a.txt", text]])) }],
      /m: this is no model: the archive is no \.keras file/,
    ],
    [[{ name: "m.pt", bytes: zipFiles(new Map([["m/data.pkl", text]])) }], /PyTorch file/],
    [[{ name: "m.json", bytes: json({}) }], /weight files beside it/],
    [
      [
        { name: "m/saved_model.pb", bytes: Uint8Array.of(8, 1, 18) },
        { name: "m/b", bytes: text },
      ],
      /a SavedModel/,
    ],
    [["a.charlstm", "b.charlstm"].map((name) => ({ name, bytes: whole })), /2 models \(a\.charlstm, b\.charlstm\)/],
  ] as const)
    expect(() => importModel(given, undefined)).toThrow(reason);
});
