import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { readKeras, readSafetensors, writeOnnx } from "../src/index.js";
import { randomModel } from "./models.js";

const onnx = writeOnnx(randomModel({ vocabularySize: 4, window: 3, units: [2], dropout: 0 }));

test.each<[string, Uint8Array, RegExp]>([
  ["nothing", new Uint8Array(0), /is empty/],
  [
    "a PyTorch archive",
    zipSync({ "model/data.pkl": strToU8("x"), "model/data/0": strToU8("x") }),
    /PyTorch.*safetensors/,
  ],
  ["an old PyTorch file", Uint8Array.of(0x80, 2, 0x8a, 10), /PyTorch.*never opened here/],
  ["NumPy's archive", zipSync({ "arr_0.npy": strToU8("x") }), /\.npz.*model\.save/],
  ["NumPy's array", strToU8("\x93NUMPY\x01", true), /\.npy/],
  ["an ONNX file", onnx, /ONNX.*exported from/],
  ["a SavedModel's file", Uint8Array.of(8, 1, 0x12, 20, 0x0a), /SavedModel.*model\.h5/],
  ["a SavedModel in an archive", zipSync({ "m/saved_model.pb": strToU8("x") }), /SavedModel/],
  ["a tfjs model in an archive", zipSync({ "model.json": strToU8("{}"), "weights.bin": strToU8("x") }), /unpack it/],
  ["a TensorFlow Lite file", strToU8("\x1c\0\0\0TFL3", true), /TensorFlow Lite/],
  ["a transformer", strToU8("GGUF\x03\0"), /llama\.cpp/],
  ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), /gunzip/],
  ["a web page", strToU8("\n<!DOCTYPE html><html>"), /web page/],
  ["a pointer of Git LFS", strToU8("version https://git-lfs.github.com/spec/v1\n"), /Git LFS/],
  ["the JSON of a structure", strToU8('{"class_name": "Sequential"}'), /to_json\(\).*no weights/],
  ["a text", strToU8("It is a truth"), /start neither as HDF5/],
  ["a text that begins like a zip archive", strToU8("PKs of the week"), /start neither as HDF5/],
])("%s is refused as what it is, with the way out", (_, bytes, message) => {
  expect(() => readKeras(bytes)).toThrow(
    expect.objectContaining({ code: "NOT_A_MODEL", message: expect.stringMatching(message) }),
  );
});

test("so is what safetensors cannot be", () => {
  expect(() => readSafetensors(onnx)).toThrow(expect.objectContaining({ message: expect.stringMatching(/ONNX/) }));
});
