// What each refusal says: what was given, what was expected, what to do.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { writeManifest } from "../src/checkpoint/manifest.js";
import {
  type Checkpoint,
  createDiskStore,
  createMemoryStore,
  decodeCheckpoint,
  encodeCheckpoint,
  fileNames,
  loadNewest,
  type NamedTensor,
} from "../src/checkpoint-node.js";
import { sampleCheckpoint } from "./checkpoints.js";
import { forge } from "./forgery.js";

/** What is told of a piece of work that has to be refused. */
async function refusalOf(work: () => unknown): Promise<{ code: string; message: string; details: object }> {
  try {
    await work();
  } catch (error) {
    const { code, message, details } = error as { code: string; message: string; details: object };
    return { code, message, details };
  }
  throw new Error("it was not refused");
}

const sample = () => sampleCheckpoint({ vocabularySize: 2, units: [1] });
const weights = "lstm/kernel [2,4], lstm/recurrent_kernel [1,4], lstm/bias [4], dense/kernel [1,2], dense/bias [2]";

/** The first weight with other numbers, or another shape. */
const kernel = (change: Partial<NamedTensor>) => [{ ...sample().weights[0]!, ...change }, ...sample().weights.slice(1)];

describe("a checkpoint that is saved", () => {
  const refused: [change: (whole: Checkpoint) => Partial<Checkpoint>, message: string][] = [
    [
      ({ architecture }) => ({ architecture: { ...architecture, vocabularySize: 0 } }),
      "the architecture's vocabularySize is 0, it has to be a whole number above 0",
    ],
    [
      ({ architecture }) => ({ architecture: { ...architecture, window: 1.5 } }),
      "the architecture's window is 1.5, it has to be a whole number above 0",
    ],
    [
      ({ architecture }) => ({ architecture: { ...architecture, units: [0] } }),
      "the architecture's units is [0], it has to be whole numbers above 0, in a list",
    ],
    [
      ({ architecture }) => ({ architecture: { ...architecture, dropout: 1 } }),
      "the architecture's dropout is 1, it has to be at least 0 and below 1",
    ],
    [
      ({ architecture }) => ({ architecture: { ...architecture, recurrentActivation: "relu" as never } }),
      `the architecture's recurrentActivation is "relu", it has to be "hard_sigmoid", or left out for the sigmoid`,
    ],
    [
      ({ architecture }) => ({ architecture: { ...architecture, units: [20_000] } }),
      "the architecture's units is [20000], it has to be small enough that lstm/recurrent_kernel has at most 1073741824 numbers",
    ],
    [
      () => ({ vocabulary: ["b", "a"] }),
      "the checkpoint's vocabulary has to be 2 characters, sorted by code point, each once, and is not",
    ],
    [
      () => ({ objective: "chunk" as never }),
      `the checkpoint's objective has to be "window" or "sequence", and is not`,
    ],
    [() => ({ weights: [] }), `the weights are ; this architecture has ${weights}`],
    [
      () => ({ weights: kernel({ values: new Float32Array(7) }) }),
      "lstm/kernel has 7 numbers, its shape [2,4] needs 8 in a Float32Array",
    ],
    [
      () => ({ weights: kernel({ values: new Float32Array(8).fill(Number.NaN, 3) }) }),
      "lstm/kernel holds NaN at place 3: the training diverged before it was saved",
    ],
    [
      () => ({ optimizer: { name: "lion", step: 0, slots: [] } as never }),
      "the checkpoint's optimizer.name has to be one of rmsprop, adam, adamw, sgd, and is not",
    ],
    [
      () => ({ optimizer: { name: "sgd", step: -1, slots: [] } }),
      "the checkpoint's optimizer.step has to be a whole number, and is not",
    ],
    [
      () => ({
        optimizer: { name: "adam", step: 0, slots: [{ name: "lstm/bias/r", shape: [4], values: new Float32Array(4) }] },
      }),
      "the checkpoint's optimizer slot lstm/bias/r [4] has to be named <weight>/<m or v> and shaped like its weight, and is not",
    ],
    [
      () => ({ tensors: [{ name: "s", shape: [-1], values: new Float32Array(1) }] }),
      "the checkpoint's tensor s [-1] has to be named, with a shape of whole numbers, and not too large, and is not",
    ],
    [
      () => ({ tensors: [1, 2].map(() => ({ name: "s", shape: [1], values: new Float32Array(1) })) }),
      "the checkpoint's tensor s has to be there once, and is not",
    ],
    [() => ({ progress: [] as never }), "the checkpoint's progress has to be an object, and is not"],
    [() => ({ history: {} as never }), "the checkpoint's history has to be a list of objects, and is not"],
    [() => ({ settings: null as never }), "the checkpoint's settings has to be an object, and is not"],
    [() => ({ metadata: 1 as never }), "the checkpoint's metadata has to be an object, and is not"],
    [
      () => ({ progress: { a: [1, new Map()] } as never }),
      "progress.a[1] is a Map, which JSON cannot hold: store finite numbers and plain objects",
    ],
    [
      () => ({ metadata: { at: 1n as never } }),
      "metadata.at is 1, which JSON cannot hold: store finite numbers and plain objects",
    ],
  ];
  test.each(refused.map(([change, message]) => ({ change, message })))(
    "is refused: $message",
    async ({ change, message }) => {
      expect(await refusalOf(() => encodeCheckpoint({ ...sample(), ...change(sample()) }))).toMatchObject({ message });
    },
  );

  test("may be nested a hundred deep, not more", async () => {
    const nested = (depth: number) => {
      let value: object = {};
      for (let level = 0; level < depth; level++) value = { a: value };
      return { ...sample(), metadata: value as Checkpoint["metadata"] };
    };
    encodeCheckpoint(nested(100));
    expect(await refusalOf(() => encodeCheckpoint(nested(101)))).toMatchObject({
      code: "NOT_JSON",
      message: `metadata${".a".repeat(101)} is nested too deeply, or in itself, which JSON cannot hold: store finite numbers and plain objects`,
    });
  });
});

describe("a checkpoint that is loaded", () => {
  const files = () => encodeCheckpoint(sample());
  const manifest = () => JSON.parse(new TextDecoder().decode(files().get(fileNames.manifest)!));
  /** The files with a manifest of other contents, whose checksum is right. */
  const told = (change: object) => {
    const { sha256: _, ...given } = manifest();
    return files().set(fileNames.manifest, writeManifest({ ...given, ...change }));
  };
  const without = (name: string) => new Map([...files()].filter(([file]) => file !== name));
  const sized = (length: number) => files().set(fileNames.weights, files().get(fileNames.weights)!.slice(0, length));
  const longer = () => files().set(fileNames.weights, new Uint8Array([...files().get(fileNames.weights)!, 0]));

  const refused: [given: () => ReadonlyMap<string, Uint8Array>, code: string, message: string][] = [
    [() => without("charlstm.json"), "INCOMPLETE", "the checkpoint has no charlstm.json: it was not copied whole"],
    [() => without("weights.bin"), "INCOMPLETE", "the checkpoint has no weights.bin: it was not copied whole"],
    [() => sized(10), "TRUNCATED", "weights.bin has 10 bytes, 80 were written: it was cut off"],
    [longer, "ALTERED", "weights.bin has 81 bytes, 80 were written: it was added to"],
    [
      () => files().set("charlstm.json", new Uint8Array(9)),
      "ALTERED",
      "charlstm.json does not begin with its checksum: it was cut off or changed, or is no checkpoint's",
    ],
    [
      () => told({ formatVersion: 3 }),
      "NEWER_FORMAT",
      "the checkpoint has format version 3, this reader knows up to 2: update @charlstm/model",
    ],
    [
      () => told({ formatVersion: 0 }),
      "BAD_CHECKPOINT",
      "the checkpoint's formatVersion has to be a whole number above 0, and is not",
    ],
    [
      () => told({ tensors: 1 }),
      "BAD_CHECKPOINT",
      "the checkpoint's tensors has to be a list of names and shapes, and is not",
    ],
    [
      () => told({ optimizer: { slots: 1 } }),
      "BAD_CHECKPOINT",
      "the checkpoint's optimizer has to be a name, a step and slots, and is not",
    ],
    [
      () => told({ files: {} }),
      "BAD_CHECKPOINT",
      "the checkpoint's files has to be the length and sha256 of model.json and optimizer.bin and weights.bin, and is not",
    ],
    [
      () => told({ files: { ...manifest().files, "model.json": 1 } }),
      "BAD_CHECKPOINT",
      "the checkpoint's files.model.json has to be a length and a sha256, and is not",
    ],
  ];
  test.each(refused.map(([given, code, message]) => ({ given, code, message })))(
    "is refused: $message",
    async ({ given, code, message }) => {
      expect(await refusalOf(() => decodeCheckpoint(given()))).toMatchObject({ code, message });
    },
  );

  test("a byte that was changed is told by both checksums", async () => {
    const changed = files();
    changed.get("weights.bin")![0]! ^= 1;
    const { message, details } = await refusalOf(() => decodeCheckpoint(changed));
    const { given, expected } = details as { given: string; expected: string };
    expect(expected).toBe(manifest().files["weights.bin"].sha256);
    expect(message).toBe(`weights.bin is not what was written: its sha256 is ${given}, expected ${expected}`);
  });
});

describe("a store", () => {
  test("says which name is none, and which there is not", async () => {
    expect(await refusalOf(() => createMemoryStore().load("a/b"))).toEqual({
      code: "BAD_NAME",
      message:
        '"a/b" is no name for a checkpoint: use up to 100 letters, digits, spaces and signs like . _ - ( ) [ ], beginning with a letter or digit',
      details: { name: "a/b" },
    });
    expect(await refusalOf(() => createMemoryStore().load("one"))).toEqual({
      code: "NOT_FOUND",
      message: "there is no checkpoint one in memory: list() names those there are",
      details: { name: "one", where: "memory" },
    });
    expect(await refusalOf(() => loadNewest(createMemoryStore()))).toMatchObject({
      code: "NOT_FOUND",
      message: "there is no checkpoint yet: the first one is saved when an epoch ends, or minutes into a long one",
    });
  });

  test("on the disk says what is in a checkpoint's place", async () => {
    const folder = temporaryFolder();
    const store = createDiskStore(folder);
    await store.save("one", sample());
    const place = join(folder, "one");
    writeFileSync(join(place, "notes.txt"), "");
    const away = "choose another name, or move that away";
    expect(await refusalOf(() => store.remove("one"))).toEqual({
      code: "OCCUPIED",
      message: `${place} also holds notes.txt: ${away}`,
      details: { name: "one", path: place },
    });
    const other = join(folder, "two");
    mkdirSync(other);
    writeFileSync(join(other, "mine.txt"), "");
    expect(await refusalOf(() => store.save("two", sample()))).toMatchObject({
      message: `${other} is there and is no checkpoint: ${away}`,
    });
    writeFileSync(join(folder, "three"), "");
    expect(await refusalOf(() => store.load("three"))).toMatchObject({
      code: "BAD_CHECKPOINT",
      message: `${join(folder, "three")} is not a folder: links are not followed`,
    });
  });
});

test("charlstm.json that is sealed rightly but is not JSON is refused by name, with what the parser says", () => {
  expect(() => decodeCheckpoint(forge({ text: () => "}{" }))).toThrow(/^charlstm\.json is not JSON: .*JSON/);
});
