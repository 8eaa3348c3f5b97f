import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCheckpoint, encodeCheckpoint, fileNames, formatVersion } from "../src/checkpoint-node.js";
import { checkpoints, sampleCheckpoint } from "./checkpoints.js";

/** Files by name, each as one string: comparing arrays value by value takes seconds. */
const plain = (files: ReadonlyMap<string, Uint8Array>) =>
  Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("latin1")]));
const text = (bytes: Uint8Array | undefined) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

test("a decoded checkpoint is the one that was encoded, to the last bit and character", () => {
  fc.assert(
    fc.property(checkpoints(), (checkpoint) => {
      const decoded = decodeCheckpoint(encodeCheckpoint(checkpoint));
      expect(decoded).toEqual({ tensors: [], ...checkpoint });
    }),
  );
});

test("equal checkpoints give equal bytes, and so does one that was decoded and encoded again", () => {
  fc.assert(
    fc.property(checkpoints(), (checkpoint) => {
      const files = encodeCheckpoint(checkpoint);
      expect(plain(encodeCheckpoint(structuredClone(checkpoint)))).toEqual(plain(files));
      expect(plain(encodeCheckpoint(decodeCheckpoint(files)))).toEqual(plain(files));
    }),
  );
});

test("files may come from a larger buffer, at any offset", () => {
  const files = encodeCheckpoint(sampleCheckpoint());
  const shifted = new Map(
    [...files].map(([name, bytes]) => {
      const buffer = new Uint8Array(bytes.length + 10).fill(255);
      buffer.set(bytes, 3);
      return [name, buffer.subarray(3, 3 + bytes.length)];
    }),
  );
  expect(decodeCheckpoint(shifted)).toEqual(sampleCheckpoint());
});

test("weights.bin holds little-endian numbers in Keras's order", () => {
  const checkpoint = sampleCheckpoint({ vocabularySize: 2, units: [1] });
  const bytes = encodeCheckpoint(checkpoint).get(fileNames.weights)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
  expect(numbers).toEqual(checkpoint.weights.flatMap(({ values }) => [...values]));
  expect(checkpoint.weights.map(({ name, shape }) => `${name} [${shape}]`)).toEqual([
    "lstm/kernel [2,4]",
    "lstm/recurrent_kernel [1,4]",
    "lstm/bias [4]",
    "dense/kernel [1,2]",
    "dense/bias [2]",
  ]);
});

test("optimizer.bin holds the optimizer's slots, then the other arrays", () => {
  const checkpoint = sampleCheckpoint();
  const bytes = encodeCheckpoint(checkpoint).get(fileNames.optimizer)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
  expect(numbers).toEqual([...checkpoint.optimizer.slots, ...checkpoint.tensors].flatMap(({ values }) => [...values]));
});

test("a checkpoint without optimizer and other arrays has no optimizer.bin", () => {
  const { optimizer, tensors, ...plain } = sampleCheckpoint();
  expect([...encodeCheckpoint(plain).keys()].sort()).toEqual(["charlstm.json", "model.json", "weights.bin"]);
});

test("charlstm.json is JSON in which a reader of another language finds everything by name", () => {
  const checkpoint = sampleCheckpoint();
  const files = encodeCheckpoint(checkpoint);
  const manifest = JSON.parse(text(files.get(fileNames.manifest)));
  expect(Object.keys(manifest)).toEqual([
    "sha256",
    "formatVersion",
    "architecture",
    "vocabulary",
    "objective",
    "optimizer",
    "tensors",
    "progress",
    "history",
    "settings",
    "metadata",
    "files",
  ]);
  expect(manifest.formatVersion).toBe(1);
  expect(manifest.vocabulary).toEqual(checkpoint.vocabulary);
  expect(Object.keys(manifest.files)).toEqual([fileNames.model, fileNames.weights, fileNames.optimizer]);
});

test("hard_sigmoid gates raise the format's version, so that no older reader takes them for sigmoids", () => {
  const checkpoint = sampleCheckpoint({ recurrentActivation: "hard_sigmoid" });
  const files = encodeCheckpoint(checkpoint);
  const manifest = JSON.parse(text(files.get(fileNames.manifest)));
  expect([manifest.formatVersion, manifest.architecture.recurrentActivation]).toEqual([formatVersion, "hard_sigmoid"]);
  expect(decodeCheckpoint(files)).toEqual(checkpoint);
});

test("the checksums of charlstm.json are those that node:crypto computes", async () => {
  const { createHash } = await import("node:crypto");
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const files = encodeCheckpoint(sampleCheckpoint());
  const bytes = files.get(fileNames.manifest)!;
  const manifest = JSON.parse(text(bytes));
  for (const [name, entry] of Object.entries(manifest.files)) {
    expect(entry).toEqual({ bytes: files.get(name)!.length, sha256: sha256(files.get(name)!) });
  }
  expect(manifest.sha256).toBe(sha256(bytes.subarray(bytes.indexOf(10) + 1)));
});

test("other files beside a checkpoint's are passed over", () => {
  const files = encodeCheckpoint(sampleCheckpoint()).set("notes.txt", new Uint8Array(3));
  expect(decodeCheckpoint(files)).toEqual(sampleCheckpoint());
});

test("a property that is undefined is left out", () => {
  const checkpoint = { ...sampleCheckpoint(), metadata: { corpus: undefined, title: "a book" } };
  expect(decodeCheckpoint(encodeCheckpoint(checkpoint)).metadata).toEqual({ title: "a book" });
});

test("what a checkpoint does not have, it does not have when it is read: neither progress nor an optimizer", () => {
  const { progress: _, optimizer: __, ...bare } = sampleCheckpoint();
  expect(decodeCheckpoint(encodeCheckpoint(bare))).toStrictEqual(bare);
});
