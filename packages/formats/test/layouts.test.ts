import { readFileSync } from "node:fs";
import { expectClose } from "@charlstm/testing";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readKeras } from "../src/index.js";
import { fixture } from "./fixtures.js";

/** Files of python/make_layouts.py: models of the other fixtures, laid out as other programs do. */
const layout = (name: string) => fixture(`layouts/${name}`);
const text = (name: string) => readFileSync(new URL(`./fixtures/layouts/${name}`, import.meta.url), "utf8");

const rmsprop = readKeras(fixture("keras-2.7-rmsprop.h5"));
const adam = readKeras(fixture("keras-3.15-adam-two-layers.keras"));

test("arrays in chunks, compressed with gzip and shuffle, behind soft links, are the arrays", () => {
  const read = readKeras(layout("chunked.h5"));
  expect(read.weights).toEqual(rmsprop.weights);
  expect(read.warnings).toEqual([]);
});

test('so are those of libver="latest", which lists chunks in other ways', () => {
  const { weights, optimizer, warnings } = readKeras(layout("chunked-latest.h5"));
  expect({ weights, optimizer, warnings }).toEqual({
    weights: rmsprop.weights,
    optimizer: rmsprop.optimizer,
    warnings: [],
  });
});

test("CuDNNLSTM is the LSTM that it computes", () => {
  const read = readKeras(layout("cudnn.h5"));
  expect(read.architecture).toEqual(rmsprop.architecture);
  for (const [index, { values }] of read.weights.entries()) expectClose(values, rmsprop.weights[index]!.values, 1e-7);
});

test("bfloat16, which HDF5 knows no type for, is read", () => {
  const expected = JSON.parse(text("bfloat16.json")) as Record<string, number[]>;
  const places = [0, 1, 2]
    .map((n) => `/layers/lstm/cell/vars/${n}`)
    .concat("/layers/dense/vars/0", "/layers/dense/vars/1");
  const read = readKeras(layout("bfloat16.keras"));
  expect(read.weights.map(({ values }) => [...values])).toEqual(places.map((place) => expected[place]));
  expect(read.optimizer?.state.slots).toHaveLength(5);
});

describe("weights without their model", () => {
  const config = new TextDecoder().decode(unzipSync(fixture("keras-3.15-adam-two-layers.keras"))["config.json"]);

  test("of Keras 3 are read, what they leave open is assumed, and said", () => {
    const read = readKeras(layout("keras-3.weights.h5"), { window: 5 });
    expect(read.weights).toEqual(adam.weights);
    expect(read).toMatchObject({ architecture: adam.architecture, objective: undefined });
    expect(read.warnings).toEqual([expect.stringMatching(/sigmoid gates and softmax .* are assumed.*--config/)]);
  });

  test("of Keras 3 are read by the structure that is given", () => {
    const read = readKeras(layout("keras-3.weights.h5"), { config });
    expect(read.weights).toEqual(adam.weights);
    expect(read).toMatchObject({ architecture: adam.architecture, objective: "window", warnings: [] });
    const hard = config.replaceAll('"recurrent_activation": "sigmoid"', '"recurrent_activation": "hard_sigmoid"');
    expect(readKeras(layout("keras-3.weights.h5"), { config: hard }).architecture.recurrentActivation).toBe(
      "hard_sigmoid",
    );
  });

  test("of Keras 2 need the structure", () => {
    expect(() => readKeras(layout("keras-2-weights.h5"))).toThrow(
      expect.objectContaining({ code: "NOT_A_MODEL", message: expect.stringMatching(/to_json.*--config/) }),
    );
    const read = readKeras(layout("keras-2-weights.h5"), { config: text("keras-2-weights.json") });
    expect(read.weights).toEqual(rmsprop.weights);
    expect(read).toMatchObject({ architecture: rmsprop.architecture, warnings: [] });
  });

  test("do not fit another structure, and a model that has its own takes none", () => {
    expect(() => readKeras(layout("keras-3.weights.h5"), { config: text("keras-2-weights.json") })).toThrow(
      expect.objectContaining({ name: "FormatError", code: "BAD_SHAPE" }),
    );
    expect(() => readKeras(fixture("keras-2.7-rmsprop.h5"), { config })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION" }),
    );
    expect(() => readKeras(fixture("keras-3.15-rmsprop.keras"), { config })).toThrow(
      expect.objectContaining({ code: "BAD_OPTION" }),
    );
    expect(() => readKeras(layout("keras-3.weights.h5"), { config: "[" })).toThrow(
      expect.objectContaining({ code: "CORRUPT_FILE" }),
    );
  });
});
