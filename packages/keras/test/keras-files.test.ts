import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { readKeras } from "../src/index.js";
import { expectedOf, fixture, kerasFiles, LEARNING_RATE } from "./fixtures.js";
import { ReferenceNetwork } from "./reference.js";

const PROBABILITIES = 1e-5;

/** Keras 2 up to 2.10 divides RMSprop's gradient by sqrt(v) + epsilon, Keras 3 by sqrt(v + epsilon). */
const LOSSES = 1e-3;

const readable = kerasFiles.filter((name) => !name.includes("hard-sigmoid"));

describe.each(readable)("%s", (name) => {
  const expected = expectedOf(name);
  const model = readKeras(fixture(name));

  test("predicts what the Keras that wrote it predicted", () => {
    const network = new ReferenceNetwork(model);
    expected.windows.forEach((window, row) => {
      expectClose(network.predict(window), expected.probabilities[row]!, PROBABILITIES);
    });
  });

  test("says what it is", () => {
    expect(model.source).toBe(`Keras ${expected.keras} .${name.endsWith("h5") ? "h5" : "keras"}`);
    expect(model.architecture).toMatchObject({
      vocabularySize: 7,
      window: 5,
      dropout: name.includes("dropout") ? 0.25 : 0,
    });
    if (!name.includes("embedding")) {
      expect(model.warnings).toEqual([]);
      expect(model.optimizer?.config.name).toBe(expected.optimizer.split("-")[0]);
      expect(model.optimizer?.learningRate).toBeCloseTo(LEARNING_RATE, 6);
    }
  });
});

// Dropout makes training random, and an embedding leaves its optimizer behind.
const trainable = readable.filter((name) => !/dropout|embedding/.test(name));

test.each(trainable)("%s goes on training as the Keras that wrote it did", (name) => {
  const { batches = [] } = expectedOf(name);
  const network = new ReferenceNetwork(readKeras(fixture(name)));
  const losses = batches.map(({ inputs, targets }) => network.train(inputs, targets, LEARNING_RATE));
  expect(losses).toHaveLength(10);
  expectClose(
    losses,
    batches.map(({ loss }) => loss),
    LOSSES,
  );
});

test("an embedding is multiplied into the first kernel, and the file's optimizer stays behind", () => {
  const model = readKeras(fixture("keras-3.15-embedding.keras"));
  expect(model.weights[0]).toMatchObject({ name: "lstm/kernel", shape: [7, 16] });
  expect(model.optimizer).toBeUndefined();
  expect(model.warnings.join()).toMatch(/"embedding".*multiplied into the first LSTM kernel/);
});

test.each(kerasFiles.filter((name) => name.includes("hard-sigmoid")))("%s is refused, its layer named", (name) => {
  expect(() => readKeras(fixture(name))).toThrow(
    expect.objectContaining({ code: "UNSUPPORTED_ACTIVATION", message: expect.stringMatching(/"lstm_\d" \(LSTM\)/) }),
  );
});
