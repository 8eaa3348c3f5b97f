// Where things lie in the files of Keras, and what is said of those that lack some of them.

import { strToU8, unzipSync, zipSync } from "fflate";
import { File as LibraryFile, type Group as LibraryGroup } from "h5wasm";
import { describe, expect, test } from "vitest";
import { writeHdf5 } from "../src/hdf5/write.js";
import { readKeras, writeKerasH5, writeKerasV3 } from "../src/index.js";
import { fixture } from "./fixtures.js";
import { FS, withLibrary } from "./hdf5-library.js";
import { randomModel } from "./models.js";

/** What lies in a file, sorted by path, without Keras's settings and what only one of both writes. */
function comparable(bytes: Uint8Array, renamed: (text: string) => string): Map<string, unknown> {
  const found = [...withLibrary(bytes)].filter(([path]) => !/top_level_model_weights|_config$|charlstm/.test(path));
  return new Map(
    found
      .map(([path, content]) => [renamed(path), JSON.parse(renamed(JSON.stringify(content))) as unknown] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Keras numbers the layers of a session's second model on from 1; ours are those of a first one. */
const asFirst = (text: string) =>
  text.replace(/\b(lstm|lstm_cell|dense)_(\d+)\b/g, (_, stem: string, number: string) =>
    number === "1" ? stem : `${stem}_${Number(number) - 1}`,
  );

test.each(["keras-2.7-rmsprop.h5", "keras-2.7-adam-two-layers.h5"])(
  "%s, read and written again, has every array and attribute where Keras put it",
  (name) => {
    const theirs = fixture(name);
    const ours = writeKerasH5(readKeras(theirs));
    expect(comparable(ours, (text) => text)).toEqual(comparable(theirs, asFirst));
  },
);

test("layers are found by their numbers, of which 10 comes after 9", () => {
  const model = randomModel({ vocabularySize: 3, window: 4, units: Array.from({ length: 12 }, () => 2), dropout: 0 });
  for (const written of [writeKerasH5(model), writeKerasV3(model)])
    expect(readKeras(written).weights).toEqual(model.weights);
  const alone = unzipSync(writeKerasV3(model))["model.weights.h5"]!;
  expect(readKeras(alone, { window: 4 }).weights).toEqual(model.weights);
});

/** A file of Keras that someone has changed with the HDF5 library. */
function edited(change: (file: LibraryFile) => void, name = "keras-2.7-rmsprop.h5"): Uint8Array {
  FS.writeFile("/edited.h5", fixture(name));
  const file = new LibraryFile("/edited.h5", "a");
  change(file);
  file.close();
  return (FS as unknown as { readFile(path: string): Uint8Array }).readFile("/edited.h5").slice();
}

/** Puts other text in an attribute's place. */
function say(group: Pick<LibraryGroup, "attrs" | "create_attribute" | "delete_attribute">, name: string, text: string) {
  if (name in group.attrs) group.delete_attribute(name);
  group.create_attribute(name, text);
}

describe("an .h5 file is refused, with what is wrong, when", () => {
  test.each<[string, () => Uint8Array, string, RegExp]>([
    [
      "Keras 1 wrote it",
      () => edited((file) => say(file, "keras_version", "1.2.2")),
      "UNSUPPORTED_FILE",
      /Keras 1\.2\.2, Keras 2 or 3/,
    ],
    [
      "it does not say which Keras wrote it, which Keras 2 always does",
      () =>
        edited((file) => {
          file.delete_attribute("keras_version");
          (file.get("model_weights") as LibraryGroup).delete_attribute("keras_version");
        }),
      "UNSUPPORTED_FILE",
      /Keras 1/,
    ],
    [
      "its structure is missing, with weights in their group",
      () => edited((file) => file.delete_attribute("model_config")),
      "NOT_A_MODEL",
      /holds no Keras model/,
    ],
    [
      "its weights are missing",
      () => writeHdf5((file) => file.text("/", "model_config", "{}")),
      "NOT_A_MODEL",
      /holds no Keras model/,
    ],
    ["there is nothing in it", () => writeHdf5(() => {}), "NOT_A_MODEL", /holds no Keras model/],
    [
      "a layer's weights are not listed",
      () => edited((file) => (file.get("model_weights") as LibraryGroup).delete_attribute("layer_names")),
      "MISSING_WEIGHTS",
      /no weights for layer "lstm/,
    ],
    [
      "a layer lists an array that is not there",
      () =>
        edited((file) => {
          const layer = file.get("model_weights/dense") as LibraryGroup;
          layer.delete_attribute("weight_names");
          layer.create_attribute("weight_names", ["dense/kernel:0", "dense/gone:0"], [2], "S20");
        }),
      "MISSING_WEIGHTS",
      /the array "dense\/gone:0" of "dense" is missing/,
    ],
    [
      "a layer lists too few arrays",
      () =>
        edited((file) => {
          const layer = file.get("model_weights/dense") as LibraryGroup;
          layer.delete_attribute("weight_names");
          layer.create_attribute("weight_names", ["dense/kernel:0"], [1], "S20");
        }),
      "MISSING_WEIGHTS",
      /layer "dense" has 1 arrays in the file, 2 were expected/,
    ],
  ])("%s", (_, bytes, code, message) => {
    const given = bytes();
    expect(() => readKeras(given)).toThrow(
      expect.objectContaining({ name: "FormatError", code, message: expect.stringMatching(message) }),
    );
  });
});

describe("an .h5 file is read without its optimizer, and without a warning, when", () => {
  const trained = readKeras(fixture("keras-2.7-rmsprop.h5"));
  test.each<[string, (file: LibraryFile) => void]>([
    ["it was never compiled", (file) => file.delete_attribute("training_config")],
    ["it says nothing of the optimizer", (file) => say(file, "training_config", '{"loss": "mse"}')],
    ["its optimizer is null", (file) => say(file, "training_config", '{"optimizer_config": null}')],
  ])("%s", (_, change) => {
    const { optimizer, weights, warnings } = readKeras(edited(change));
    expect({ optimizer, weights, warnings }).toEqual({ optimizer: undefined, weights: trained.weights, warnings: [] });
  });
});

test.each([
  ["no LSTM", ["dense"], "0 LSTM and 1 Dense"],
  ["no Dense layer", ["lstm"], "1 LSTM and 0 Dense"],
  ["two Dense layers", ["lstm", "dense", "dense_1"], "1 LSTM and 2 Dense"],
])("weights of Keras 3 with %s need the structure, and are counted", (_, layers, counted) => {
  const bytes = writeHdf5((file) => {
    for (const layer of layers) {
      const shapes = layer === "lstm" ? [[3, 8], [2, 8], [8]] : [[2, 3], [3]];
      for (const [index, shape] of shapes.entries()) {
        const size = shape.reduce((a, b) => a * b, 1);
        file.floats(
          `/layers/${layer}/${layer === "lstm" ? "cell/vars" : "vars"}/${index}`,
          shape,
          new Float32Array(size),
        );
      }
    }
  });
  expect(() => readKeras(bytes)).toThrow(
    expect.objectContaining({ code: "NOT_A_MODEL", message: expect.stringContaining(counted) }),
  );
});

test("a .keras file with a comment at its end, as zip allows, is read", () => {
  const plain = fixture("keras-3.15-rmsprop.keras");
  const comment = strToU8("kept by someone");
  const bytes = new Uint8Array(plain.length + comment.length);
  bytes.set(plain);
  bytes.set(comment, plain.length);
  new DataView(bytes.buffer).setUint16(plain.length - 2, comment.length, true);
  expect(readKeras(bytes)).toEqual(readKeras(plain));
});

test("entries of a .keras file may have a colon in their names, which is a drive only after one letter", () => {
  const entries = unzipSync(fixture("keras-3.15-rmsprop.keras"));
  const bytes = zipSync({ ...entries, "assets/1:2.txt": strToU8("x"), "1:2.txt": strToU8("x") }, { level: 0 });
  expect(readKeras(bytes).weights).toEqual(readKeras(fixture("keras-3.15-rmsprop.keras")).weights);
});
