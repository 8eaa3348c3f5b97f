import { expectClose } from "@charlstm/testing";
import * as tf from "@tensorflow/tfjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ml5Files, readMl5CharRnn } from "../src/index.js";
import { randomWindows, repeatable } from "./models.js";
import { ReferenceNetwork } from "./reference.js";

beforeEach(() => tf.setBackend("cpu").then(() => tf.engine().startScope()));
afterEach(() => tf.engine().endScope());

const characters = [..." abé\n1"];
const [V, H] = [characters.length, 4];
const cell = (n: number) => `rnnlm/multi_rnn_cell/cell_${n}/basic_lstm_cell`;

/** Variables as training-charRNN dumps them. */
function variables(layers = 2, embedded = true, width = H): Map<string, { shape: number[]; values: Float32Array }> {
  const random = repeatable(5);
  const made = (...shape: number[]) => ({
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 2 * random() - 1),
  });
  const all = new Map([
    ["rnnlm/softmax_w", made(H, V)],
    ["rnnlm/softmax_b", made(V)],
  ]);
  if (embedded) all.set("embedding", made(V, width));
  for (let n = 0; n < layers; n++) {
    all.set(`${cell(n)}/kernel`, made((n > 0 ? H : embedded ? width : V) + H, 4 * H));
    all.set(`${cell(n)}/bias`, made(4 * H));
  }
  return all;
}

function files(all = variables()): Ml5Files {
  const name = (variable: string) => variable.replaceAll("/", "_");
  const entries = [...all].map(([variable, { shape }]) => [variable, { filename: name(variable), shape }] as const);
  return {
    manifestJson: JSON.stringify(Object.fromEntries(entries)),
    vocabJson: JSON.stringify(Object.fromEntries(characters.map((character, id) => [character, id]))),
    weights: new Map([...all].map(([variable, { values }]) => [name(variable), new Uint8Array(values.buffer)])),
  };
}

/** What ml5's charRNN computes, by the very operation of TensorFlow.js that it calls. */
function predict(all: ReturnType<typeof variables>, window: readonly number[], layers: number): number[] {
  const tensor = (name: string) => tf.tensor(all.get(name)!.values, all.get(name)!.shape);
  const cells = Array.from({ length: layers }, (_, n): tf.LSTMCellFunc => {
    const [kernel, bias] = [tensor(`${cell(n)}/kernel`) as tf.Tensor2D, tensor(`${cell(n)}/bias`) as tf.Tensor1D];
    return (data, c, h) => tf.basicLSTMCell(1, kernel, bias, data, c, h);
  });
  let [c, h] = [0, 1].map(() => cells.map(() => tf.zeros([1, H]) as tf.Tensor2D)) as [tf.Tensor2D[], tf.Tensor2D[]];
  for (const id of window) {
    const onehot = tf.oneHot([id], V).toFloat() as tf.Tensor2D;
    const data = all.has("embedding") ? tf.matMul(onehot, tensor("embedding") as tf.Tensor2D) : onehot;
    [c, h] = tf.multiRNNCell(cells, data as tf.Tensor2D, c, h);
  }
  const logits = h.at(-1)!.matMul(tensor("rnnlm/softmax_w")).add(tensor("rnnlm/softmax_b"));
  return [...(logits.softmax().dataSync() as Float32Array)];
}

describe.each([
  [1, true],
  [2, true],
  [2, false],
  [3, true],
] as const)("a charRNN of %d cells, embedded: %s", (layers, embedded) => {
  test("predicts here what ml5 predicts", () => {
    const all = variables(layers, embedded);
    const read = readMl5CharRnn(files(all));
    expect(read).toMatchObject({ vocabulary: characters, objective: "sequence", source: "ml5.js charRNN" });
    expect(read.architecture.units).toEqual(Array.from({ length: layers }, () => H));
    const network = new ReferenceNetwork(read);
    for (const window of randomWindows(20, { ...read.architecture, window: 6 }))
      expectClose(network.predict(window), predict(all, window, layers), 1e-5);
  });
});

test("a charRNN whose embedding is a single number a character is read, one of none is refused", () => {
  const narrow = variables(1, true, 1);
  const read = readMl5CharRnn(files(narrow));
  const network = new ReferenceNetwork(read);
  for (const window of randomWindows(5, { ...read.architecture, window: 6 }))
    expectClose(network.predict(window), predict(narrow, window, 1), 1e-5);
  const kernel = narrow.get(`${cell(0)}/kernel`)!;
  narrow.set(`${cell(0)}/kernel`, { shape: [H, 4 * H], values: kernel.values.slice(0, 4 * H * H) });
  expect(() => readMl5CharRnn(files(narrow))).toThrow(
    expect.objectContaining({ code: "BAD_SHAPE", message: expect.stringContaining("no BasicLSTMCell") }),
  );
});

describe("a charRNN is refused, with what is wrong, when", () => {
  const json = (text: string) => JSON.parse(text) as Record<string, { filename: string; shape: unknown }>;
  const changed = (change: (manifest: ReturnType<typeof json>, given: Ml5Files) => Partial<Ml5Files> | undefined) => {
    const given = files();
    const manifest = json(given.manifestJson);
    const more = change(manifest, given);
    return { ...given, manifestJson: JSON.stringify(manifest), ...more };
  };
  test.each<[string, Ml5Files, string]>([
    ["a file is missing", changed(() => ({ weights: new Map() })), "MISSING_WEIGHTS"],
    ["a variable is missing", changed((manifest) => void delete manifest["rnnlm/softmax_b"]), "MISSING_WEIGHTS"],
    [
      "a file is named twice",
      changed((manifest) => {
        manifest[`${cell(1)}/bias`]!.filename = manifest[`${cell(0)}/bias`]!.filename;
        return undefined;
      }),
      "CORRUPT_FILE",
    ],
    [
      "a shape is none",
      changed((manifest) => {
        manifest.embedding!.shape = [{ valueOf: 1 }];
        return undefined;
      }),
      "CORRUPT_FILE",
    ],
    ["there are no cells", changed(() => ({ manifestJson: "{}" })), "NOT_A_MODEL"],
    ["the vocabulary has other ids", changed(() => ({ vocabJson: '{"a": 77}' })), "BAD_VOCABULARY"],
    [
      "the vocabulary names Object's own",
      changed(() => ({ vocabJson: '{"a": "length", "constructor": 1}' })),
      "BAD_VOCABULARY",
    ],
    ["the vocabulary is incomplete", changed(() => ({ vocabJson: '{"a": 0}' })), "BAD_VOCABULARY"],
  ])("%s", (_, given, code) => {
    expect(() => readMl5CharRnn(given)).toThrow(expect.objectContaining({ name: "FormatError", code }));
  });
});
