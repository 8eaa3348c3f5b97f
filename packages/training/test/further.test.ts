import type { Checkpoint } from "@charlstm/model/checkpoint";
import { initialWeights } from "@charlstm/model/checkpoint";
import { expectClose } from "@charlstm/testing";
import { createVocabulary } from "@charlstm/vectorize";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { learnFurther, presets, settingsFurther } from "../src/index.js";
import { type BackendName, backendNames, createBackend } from "./helpers.js";

function modelOf(characters: string, units: readonly number[] = [3, 2]) {
  const vocabulary = createVocabulary(characters);
  const architecture = { vocabularySize: vocabulary.size, window: 4, units, dropout: 0 };
  return { architecture, vocabulary: vocabulary.characters, weights: initialWeights(architecture, { seed: 5 }) };
}

/** Logits of each character of a text, by character, after each of the characters read before it. */
async function logitsOf(
  name: BackendName,
  model: Pick<Checkpoint, "architecture" | "vocabulary" | "weights">,
  text: string,
) {
  const backend = await createBackend(name, {
    architecture: model.architecture,
    ...{ objective: "sequence", optimizer: { name: "sgd" }, rows: 1, seed: 1 },
  });
  backend.writeWeights(model.weights);
  const stream = backend.openStream();
  const read = [...text].map((character) => {
    const logits = stream.step([model.vocabulary.indexOf(character)]);
    return new Map(model.vocabulary.map((known, id) => [known, logits[id]!]));
  });
  stream.dispose();
  await backend.dispose();
  return read;
}

test.each(backendNames)(
  "%s: after new characters came, the model gives the old ones the very logits that it gave them",
  async (name) => {
    const model = modelOf("cgk ");
    const { architecture, vocabulary, weights, added } = learnFurther(model, [..."abcz"], { seed: 9 });
    expect(vocabulary.characters.join("")).toBe(" abcgkz");
    expect(added).toEqual(["a", "b", "z"]);
    const before = await logitsOf(name, model, "gck kg");
    const after = await logitsOf(name, { architecture, vocabulary: vocabulary.characters, weights }, "gck kg");
    for (const [place, logits] of before.entries()) {
      for (const [character, logit] of logits) expectClose([after[place]!.get(character)!], [logit], 1e-6);
    }
  },
);

test("what is new begins as in a new network of that seed", () => {
  const { architecture, vocabulary, weights } = learnFurther(modelOf("cgk "), [..."abcz"], { seed: 9 });
  const fresh = initialWeights(architecture, { seed: 9 });
  const z = vocabulary.idOf("z")!;
  const [kernel, dense, bias] = ["lstm/kernel", "dense/kernel", "dense/bias"].map((name) => {
    const find = (tensors: typeof fresh) => tensors.find((tensor) => tensor.name === name)!;
    return { given: find([...weights]).values, expected: find(fresh).values };
  });
  expect(kernel!.given.subarray(12 * z)).toEqual(kernel!.expected.subarray(12 * z));
  for (const row of [0, 1]) expect(dense!.given[row * 7 + z]).toBe(dense!.expected[row * 7 + z]);
  expect(bias!.given[z]).toBe(0);
});

test("a text of known characters changes nothing, and no model is changed by what comes of it", () => {
  const anyText = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(anyText, anyText, (old, text) => {
      const model = modelOf(old, [2]);
      const weights = model.weights.map(({ values }) => values.slice());
      const known = learnFurther(model, model.vocabulary, { seed: 1 });
      expect(known).toEqual({ ...model, vocabulary: expect.anything(), weights: model.weights, added: [] });
      const further = learnFurther(model, [...text], { seed: 1 });
      expect([...further.added, ...model.vocabulary].sort()).toEqual([...further.vocabulary.characters].sort());
      expect(model.weights.map(({ values }) => values)).toEqual(weights);
    }),
  );
});

test("a model goes on with half the rate and half the dropout, with its own network and, where it reads windows, its own window", () => {
  const { architecture } = modelOf("ab", [7, 5]);
  const given = { ...presets.quick, learningRate: 0.01, dropout: 0.2, window: 32, objective: "window" as const };
  const rest = { ...given, units: [7, 5], learningRate: 0.005, dropout: 0.1 };
  expect(settingsFurther({ architecture, objective: "sequence" }, given)).toEqual({ ...rest, objective: "sequence" });
  expect(settingsFurther({ architecture, objective: "window" }, given)).toEqual({ ...rest, window: 4 });
});
