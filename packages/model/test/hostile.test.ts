import { describe, expect, test } from "vitest";
import { decodeCheckpoint } from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";
import { codeOf, type Forgery, forge, setAt } from "./forgery.js";

/** Changes one value of charlstm.json: `set(["architecture", "units"], [3])`. */
function set(path: readonly (string | number)[], value: unknown): Forgery {
  return { manifest: (manifest) => setAt(manifest, path, value) };
}

/** Changes one value of model.json; its checksum in charlstm.json follows. */
function setInModel(path: readonly (string | number)[], value: unknown): Forgery {
  return {
    files: (files) => {
      const json = JSON.parse(new TextDecoder().decode(files.get("model.json")));
      setAt(json, path, value);
      files.set("model.json", new TextEncoder().encode(JSON.stringify(json)));
    },
  };
}

test("the forger's own checkpoint is read as it is", () => {
  expect(decodeCheckpoint(forge({}))).toEqual(sampleCheckpoint());
});

test.each([
  "../weights.bin",
  "../../../../etc/passwd",
  "/etc/passwd",
  "./weights.bin",
  "sub/weights.bin",
  "..\\weights.bin",
  ".\\weights.bin",
  "C:\\weights.bin",
  "C:weights.bin",
  "\\\\host\\share\\weights.bin",
  "weights.bin\0",
  "weights.bin ",
  "WEIGHTS.BIN",
  "weights.bin:stream",
  "file:///etc/passwd",
  "http://127.0.0.1/weights.bin",
  "__proto__",
  "charlstm.json",
  "",
])("charlstm.json that names a file %j is refused", (path) => {
  const renamed: Forgery = {
    manifest: ({ files }) => {
      setAt(files, [path], files["weights.bin"]);
      delete files["weights.bin"];
    },
  };
  expect(codeOf(renamed)).toBe("BAD_CHECKPOINT");
  expect(codeOf(set(["files", path], { bytes: 0, sha256: "" }))).toBe("BAD_CHECKPOINT");
});

const group = ["weightsManifest", 0] as const;
const kernel = { name: "lstm/kernel", shape: [3, 8], dtype: "float32" };

test.each<[string, Forgery]>([
  ["a path that climbs out", setInModel([...group, "paths", 0], "../weights.bin")],
  ["a path with a Windows separator", setInModel([...group, "paths", 0], "..\\weights.bin")],
  ["an absolute path", setInModel([...group, "paths", 0], "/etc/passwd")],
  ["an address", setInModel([...group, "paths", 0], "http://127.0.0.1/weights.bin")],
  ["the file twice", setInModel([...group, "paths", 1], "weights.bin")],
  ["no path", setInModel([...group, "paths"], [])],
  ["a second group of weights", setInModel(["weightsManifest", 1], { paths: ["weights.bin"], weights: [kernel] })],
  ["another weight", setInModel([...group, "weights", 0, "name"], "lstm/kernels")],
  ["a weight twice", setInModel([...group, "weights", 1], kernel)],
  ["one weight more", setInModel([...group, "weights", 5], kernel)],
  ["another shape", setInModel([...group, "weights", 0, "shape"], [8, 3])],
  ["another type of number", setInModel([...group, "weights", 0, "dtype"], "int32")],
  ["quantized weights", setInModel([...group, "weights", 0, "quantization"], { dtype: "uint8", scale: 1, min: 0 })],
  ["no weights", setInModel(["weightsManifest"], null)],
  ["an object for a list", setInModel(["weightsManifest"], { 0: { paths: ["weights.bin"], weights: [] }, length: 1 })],
  ["no object", { files: (files) => void files.set("model.json", new TextEncoder().encode("[]")) }],
  ["no JSON", { files: (files) => void files.set("model.json", new Uint8Array([0x7b, 0xff])) }],
  ["nothing", { files: (files) => void files.set("model.json", new Uint8Array()) }],
])("model.json that gives TensorFlow.js %s is refused", (_name, forgery) => {
  expect(codeOf(forgery)).toBe("BAD_CHECKPOINT");
});

test("model.json may have its names in any order", () => {
  const reordered = Object.fromEntries(Object.entries(kernel).reverse());
  expect(codeOf(setInModel([...group, "weights", 0], reordered))).toBe("read");
});

const huge = 2 ** 52;

test.each<[code: string, field: string, values: unknown[]]>([
  ["NEWER_FORMAT", "formatVersion", [3, 999, Number.MAX_SAFE_INTEGER]],
  ["BAD_CHECKPOINT", "formatVersion", [0, -1, 1.5, "1", null, [1], undefined, 1e300]],
  ["BAD_ARCHITECTURE", "architecture", [null, undefined, [], "lstm", 5]],
  ["BAD_ARCHITECTURE", "architecture.vocabularySize", [0, -3, 2.5, huge, "3", null, [3]]],
  ["BAD_ARCHITECTURE", "architecture.window", [0, -4, 0.5, "4", null]],
  [
    "BAD_ARCHITECTURE",
    "architecture.units",
    [[], [0], [-2], [2.5], ["2"], [huge], [2, huge], [[2]], [null], 2, null, { 0: 2, length: 1 }],
  ],
  ["BAD_ARCHITECTURE", "architecture.dropout", [1, -0.5, "0", null, [0]]],
  [
    "BAD_CHECKPOINT",
    "vocabulary",
    [
      null,
      "abc",
      ["a", "a", "b"],
      ["b", "a", "c"],
      ["a", "b"],
      ["a", "b", "cd"],
      ["", "a", "b"],
      ["a", "b", 5],
      ["a", "b", null],
      ["a", "b", ["c"]],
    ],
  ],
  ["BAD_CHECKPOINT", "objective", ["Window", "", null, undefined, 5, ["window"]]],
  ["BAD_CHECKPOINT", "optimizer", [null, [], "rmsprop", 5, {}, { name: "rmsprop", step: 1 }]],
  ["BAD_CHECKPOINT", "optimizer.name", ["__proto__", "constructor", "toString", "RMSprop", "", null, 5, ["rmsprop"]]],
  ["BAD_CHECKPOINT", "optimizer.step", [-1, 1.5, "7", null, huge * 4]],
  [
    "BAD_CHECKPOINT",
    "optimizer.slots.0.name",
    ["lstm/kernel/momentums", "lstm/kernel/m", "other/velocity", "lstm/bias/velocity", "__proto__", "", null, 5],
  ],
  [
    "BAD_CHECKPOINT",
    "optimizer.slots.0.shape",
    [[8, 3], [24], [], [huge, huge], [-3, -8], [3, 8.5], ["3", 8], null, "3,8", [[3, 8]]],
  ],
  ["BAD_CHECKPOINT", "tensors", [null, undefined, {}, "state", [null], [5], [[]], [{}], [{ name: "state/h" }]]],
  ["BAD_CHECKPOINT", "tensors.0.name", ["lstm/kernel/velocity", null, 5, undefined]],
  [
    "BAD_CHECKPOINT",
    "tensors.0.shape",
    [[2, 2], [1], [-1, -2], [2 ** 31], [huge, huge, 0], [1e300, 1e300, 0], [0.5, 4], [null], null, undefined],
  ],
  ["BAD_CHECKPOINT", "progress", [null, [], "here", 5, false]],
  ["BAD_CHECKPOINT", "history", [null, undefined, {}, "", [1], [[]], [null]]],
  ["BAD_CHECKPOINT", "settings", [null, undefined, [], "", 5]],
  ["BAD_CHECKPOINT", "metadata", [null, undefined, [], "", 5]],
  ["BAD_CHECKPOINT", "files", [null, undefined, [], {}, "model.json"]],
  ["BAD_CHECKPOINT", "files.extra", [{ bytes: 0, sha256: "" }]],
])("%s: charlstm.json that says nonsense as its %s is refused", (code, field, values) => {
  const path = field.split(".");
  for (const value of values) expect(codeOf(set(path, value)), JSON.stringify(value)).toBe(code);
});

test.each<[code: string, bytes: unknown, sha256: unknown]>([
  ["BAD_CHECKPOINT", -1, "0"],
  ["BAD_CHECKPOINT", 1.5, "0"],
  ["BAD_CHECKPOINT", "248", "0"],
  ["BAD_CHECKPOINT", null, "0"],
  ["BAD_CHECKPOINT", 248, null],
  ["BAD_CHECKPOINT", 248, ["0"]],
  ["TRUNCATED", huge, "0"],
  ["ALTERED", 1, "0"],
])("%s: an entry with length %j and sha256 %j is refused", (code, bytes, sha256) => {
  expect(codeOf(set(["files", "weights.bin"], { bytes, sha256 }))).toBe(code);
});

test("an entry that is none is refused", () => {
  for (const entry of [null, [], "248", 248]) {
    expect(codeOf(set(["files", "weights.bin"], entry))).toBe("BAD_CHECKPOINT");
  }
});

describe("numbers that no training leaves", () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d is refused wherever it is",
    (number) => {
      for (const file of ["weights.bin", "optimizer.bin"]) {
        const length = forge({}).get(file)!.length;
        for (let offset = 0; offset < length; offset += 4) {
          const forgery: Forgery = {
            files: (files) => {
              const bytes = Uint8Array.from(files.get(file)!);
              new DataView(bytes.buffer).setFloat32(offset, number, true);
              files.set(file, bytes);
            },
          };
          expect(codeOf(forgery)).toBe("BAD_WEIGHTS");
        }
      }
    },
  );

  test("a file with more or fewer numbers than the shapes say is refused", () => {
    for (const file of ["weights.bin", "optimizer.bin"]) {
      for (const change of [-4, -1, 1, 4, 4096]) {
        const forgery: Forgery = {
          files: (files) => {
            const bytes = new Uint8Array(files.get(file)!.length + change);
            files.set(file, bytes);
          },
        };
        expect(codeOf(forgery)).toBe("BAD_CHECKPOINT");
      }
    }
  });
});
