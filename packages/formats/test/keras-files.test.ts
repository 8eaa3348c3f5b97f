import { expectClose } from "@charlstm/testing";
import { describe, expect, test } from "vitest";
import { readKeras, writeKerasH5, writeKerasV3, writeSafetensors } from "../src/index.js";
import { expectedOf, fixture, kerasFiles, LEARNING_RATE } from "./fixtures.js";
import { ReferenceNetwork } from "./reference.js";

const PROBABILITIES = 1e-5;

/** Keras 2 up to 2.10 divides RMSprop's gradient by sqrt(v) + epsilon, Keras 3 by sqrt(v + epsilon). */
const LOSSES = 1e-3;

describe.each(kerasFiles)("%s", (name) => {
  const expected = expectedOf(name);

  test("predicts what the Keras that wrote it predicted", () => {
    const network = new ReferenceNetwork(readKeras(fixture(name)));
    expected.windows.forEach((window, row) => {
      expectClose(network.predict(window), expected.probabilities[row]!, PROBABILITIES);
    });
  });

  test("says what it is", () => {
    const model = readKeras(fixture(name));
    expect(model.source).toBe(`Keras ${expected.keras} .${name.endsWith("h5") ? "h5" : "keras"}`);
    expect(model.architecture).toMatchObject({
      vocabularySize: 7,
      window: 5,
      dropout: name.includes("dropout") ? 0.25 : 0,
    });
    expect(model.architecture.recurrentActivation).toBe(name.includes("hard-sigmoid") ? "hard_sigmoid" : undefined);
    if (!/embedding|hard-sigmoid/.test(name)) {
      expect(model.warnings).toEqual([]);
      expect(model.optimizer?.config.name).toBe(expected.optimizer.split("-")[0]);
      expect(model.optimizer?.learningRate).toBeCloseTo(LEARNING_RATE, 6);
    }
  });
});

// Dropout makes training random, and an embedding leaves its optimizer behind.
const trainable = kerasFiles.filter((name) => !/dropout|embedding|hard-sigmoid/.test(name));

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

test.each(kerasFiles.filter((name) => name.includes("hard-sigmoid")))(
  "%s says what works with its gates, and comes back from what is written of it",
  (name) => {
    const model = readKeras(fixture(name));
    expect(model.warnings.join()).toMatch(/hard_sigmoid: it is written and scored with TensorFlow\.js/);
    // Keras 3's function is another one of the same name, so that its arrays are scaled on the way in and out.
    for (const bytes of [writeKerasH5(model), writeKerasV3(model)]) {
      const again = readKeras(bytes);
      expect(again.architecture).toEqual(model.architecture);
      for (const [index, { values }] of again.weights.entries())
        expectClose(values, model.weights[index]!.values, 1e-6);
    }
    expect(() => writeSafetensors(model)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_ACTIVATION" }));
  },
);

test("the optimizer of Keras 3's hard_sigmoid, whose arrays are scaled, stays behind", () => {
  expect(readKeras(fixture("keras-2.7-hard-sigmoid.h5")).optimizer?.config.name).toBe("rmsprop");
  expect(readKeras(fixture("keras-3.15-hard-sigmoid.keras")).optimizer).toBeUndefined();
});
