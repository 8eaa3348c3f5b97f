import { encodeCheckpoint } from "@charlstm/model/checkpoint";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import {
  checkpointFromPortable,
  formatVocabulary,
  readModel,
  writeKerasH5,
  writeKerasV3,
  writeOnnx,
  writeSafetensors,
} from "../src/index.js";
import { fixture } from "./fixtures.js";
import { randomModel } from "./models.js";

const model = randomModel({ vocabularySize: 8, window: 6, units: [4, 3], dropout: 0.25 });
const { vocabulary: characters, ...nameless } = model;
const vocabulary = characters!;
const { weights: expected } = checkpointFromPortable({ ...model, source: "", warnings: [] }, vocabulary);
const checkpoint = checkpointFromPortable({ ...model, source: "", warnings: [] }, vocabulary);
const ownFiles = () => encodeCheckpoint(checkpoint);
const zipped = (files: ReadonlyMap<string, Uint8Array>, folder = "") =>
  zipSync(Object.fromEntries([...files].map(([name, bytes]) => [folder + name, bytes])), { level: 0 });
const tfjs = () => new Map([...ownFiles()].filter(([name]) => name === "model.json" || name === "weights.bin"));
const named = formatVocabulary(vocabulary);

describe("a model is read from its files, whichever they are, its characters sorted", () => {
  test.each<[string, () => ReadonlyMap<string, Uint8Array>]>([
    ["an .h5 file", () => new Map([["m.h5", writeKerasH5(model)]])],
    ["a .keras file under another name", () => new Map([["m.bin", writeKerasV3(model)]])],
    ["a .safetensors file, by its path", () => new Map([["C:\\models\\m.safetensors", writeSafetensors(model)]])],
    [
      "a file that names no characters, with one beside it that does",
      () =>
        new Map([
          ["a/m.h5", writeKerasH5(nameless)],
          ["a/m.h5.vocabulary.json", strToU8(named)],
        ]),
    ],
    ["a checkpoint's files", () => ownFiles()],
    [".charlstm, a checkpoint as one zip", () => new Map([["m.charlstm", zipped(ownFiles())]])],
    ["a zip of a checkpoint's folder", () => new Map([["m.zip", zipped(ownFiles(), "m/")]])],
    [".safetensors under any name", () => new Map([["model", writeSafetensors(model)]])],
    ["a zip of a Keras file", () => new Map([["m.zip", zipped(new Map([["m.h5", writeKerasH5(model)]]))]])],
    [
      "a zip of a Keras file and its characters",
      () =>
        new Map([
          [
            "m.zip",
            zipped(
              new Map([
                ["m.h5", writeKerasH5(nameless)],
                ["vocabulary.json", strToU8(named)],
              ]),
            ),
          ],
        ]),
    ],
    [
      "a tfjs model of another name",
      () =>
        new Map([
          ["mine.json", strToU8(new TextDecoder().decode(tfjs().get("model.json")).replaceAll("weights.bin", "w.bin"))],
          ["w.bin", tfjs().get("weights.bin")!],
        ]),
    ],
    [
      "a Keras file among others that are none",
      () =>
        new Map([
          ["notes.txt", strToU8("none")],
          ["settings.json", strToU8("{}")],
          ["m.h5", writeKerasH5(model)],
        ]),
    ],
    ["a tfjs model's files", () => new Map([...tfjs(), ["model.json.vocabulary.json", strToU8(named)]])],
  ])("%s", (_, files) => {
    const { checkpoint: read, warnings } = readModel(files());
    expect(read.vocabulary).toEqual([...vocabulary].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!));
    expect(read.weights).toEqual(expected);
    expect(warnings.filter((warning) => !warning.includes("window"))).toEqual([]);
  });

  test("a tfjs model as a zip, its characters given", () => {
    const read = readModel(new Map([["m-tfjs.zip", zipped(tfjs())]]), { vocabulary: checkpoint.vocabulary });
    expect(read.checkpoint.weights).toEqual(expected);
    expect(read.source).toMatch(/tfjs|TensorFlow\.js/i);
  });
});

test("weights alone are read by the structure that lies among the files, and a whole model needs none", () => {
  const layout = (name: string) => fixture(`layouts/${name}`);
  const structure = layout("keras-2-weights.json");
  const vocabulary = [..."abcdefg"];
  const read = readModel(
    new Map([
      ["old.h5", layout("keras-2-weights.h5")],
      ["old.json", structure],
    ]),
    { vocabulary },
  );
  const whole = readModel(
    new Map([
      ["m.h5", fixture("keras-2.7-rmsprop.h5")],
      ["m.json", structure],
    ]),
    { vocabulary },
  );
  expect(read.source).toBe("Keras weights .h5");
  expect(read.warnings).toEqual([]);
  expect(read.checkpoint.weights).toEqual(whole.checkpoint.weights);
  expect(() => readModel(new Map([["old.h5", layout("keras-2-weights.h5")]]), { vocabulary })).toThrow(
    /old\.h5: this is no model: .*\.json file, chosen along/,
  );
});

test("weights that begin like safetensors, zeros and a brace, are weights", () => {
  const files = tfjs();
  const weights = files.get("weights.bin")!.slice().fill(0, 0, 12);
  weights[8] = "{".charCodeAt(0);
  const { checkpoint: read } = readModel(files.set("weights.bin", weights));
  expect(read.weights[0]!.values.subarray(0, 2)).toEqual(Float32Array.of(0, 0));
});

describe("what is no model is refused with what to do", () => {
  test.each<[string, () => ReadonlyMap<string, Uint8Array>, string, RegExp]>([
    ["no file", () => new Map(), "NOT_A_MODEL", /no file: this is no model: give one/],
    [
      "two files",
      () =>
        new Map([
          ["a", strToU8("a")],
          ["b", strToU8("b")],
        ]),
      "NOT_A_MODEL",
      /^a, b: this is no model/,
    ],
    [
      "two models",
      () =>
        new Map([
          ["a.charlstm", zipped(ownFiles())],
          ["b.safetensors", writeSafetensors(model)],
        ]),
      "AMBIGUOUS",
      /2 models \(a\.charlstm, b\.safetensors\): give one/,
    ],
    [
      "the files of two folders",
      () => new Map(["a", "b"].flatMap((folder) => [...tfjs()].map(([name, bytes]) => [`${folder}/${name}`, bytes]))),
      "AMBIGUOUS",
      /two files are called model\.json/,
    ],
    [
      "a SavedModel's folder",
      () =>
        new Map([
          ["m/saved_model.pb", Uint8Array.of(8, 1, 18)],
          ["m/b", strToU8("b")],
        ]),
      "NOT_A_MODEL",
      /m\/saved_model\.pb, m\/b: this is no model: .*a SavedModel/,
    ],
    ["a JSON file alone", () => new Map([["m.json", strToU8("{}")]]), "NOT_A_MODEL", /weight files beside it/],
    ["a zip of anything", () => new Map([["a.zip", zipSync({ "a.txt": strToU8("a") })]]), "NOT_A_MODEL", /./],
    ["an ONNX file", () => new Map([["m.onnx", writeOnnx(model)]]), "NOT_A_MODEL", /ONNX/],
    [
      "an ONNX file and its characters",
      () =>
        new Map([
          ["m.onnx", writeOnnx(model)],
          ["m.onnx.vocabulary.json", strToU8(named)],
        ]),
      "NOT_A_MODEL",
      /the file is an ONNX file/,
    ],
    [
      "a model that names no characters",
      () => new Map([["m.h5", writeKerasH5(nameless)]]),
      "NO_VOCABULARY",
      /m\.h5 does not say which 8 characters .* m\.h5\.vocabulary\.json beside it/,
    ],
    [
      "a tfjs model that names no characters",
      () => {
        const { userDefinedMetadata: _, ...json } = JSON.parse(
          new TextDecoder().decode(tfjs().get("model.json")),
        ) as Record<string, unknown>;
        return tfjs().set("model.json", strToU8(JSON.stringify(json)));
      },
      "NO_VOCABULARY",
      /^model does not say which 8 characters .* model\.vocabulary\.json beside it/,
    ],
    [
      "characters of another text",
      () =>
        new Map([
          ["m.h5", writeKerasH5(nameless)],
          ["m.h5.vocabulary.json", strToU8('["a","b"]')],
        ]),
      "NO_VOCABULARY",
      /has 2 characters, the model 8/,
    ],
    [
      "a damaged list of characters",
      () =>
        new Map([
          ["m.h5", writeKerasH5(nameless)],
          ["m.h5.vocabulary.json", strToU8("[")],
        ]),
      "BAD_VOCABULARY",
      /not valid JSON/,
    ],
    ["a zip that leaves its folder", () => new Map([["m.charlstm", zipped(ownFiles(), "../")]]), "UNSAFE_PATH", /\.\./],
  ])("%s", (_, files, code, message) => {
    const given = files();
    expect(() => readModel(given)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });
});
