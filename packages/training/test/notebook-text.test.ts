import { readFileSync } from "node:fs";
import { createVocabulary } from "@charlstm/vectorize";
import { describe, expect, test } from "vitest";
import { generate } from "../src/index.js";
import { backendNames, createBackend } from "./helpers.js";

interface Golden {
  vocabulary: string[];
  window: number;
  units: number;
  weights: { name: string; shape: number[]; values: number[] }[];
  prompt: string;
  uniforms: number[];
  texts: { temperature: number; text: string }[];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/notebook-text.json", import.meta.url), "utf8")) as Golden;
const vocabulary = createVocabulary(golden.vocabulary.join(""));

describe.each(backendNames)("on %s, a window read again for each character", (name) => {
  test("writes what Keras and the notebook write from the same weights and uniform numbers", async () => {
    const { window, units, prompt, weights } = golden;
    const backend = await createBackend(name, {
      architecture: { vocabularySize: vocabulary.size, window, units: [units], dropout: 0 },
      objective: "window",
      optimizer: { name: "sgd" },
      rows: 1,
      seed: 1,
    });
    backend.writeWeights(weights.map((weight) => ({ ...weight, values: Float32Array.from(weight.values) })));
    const uniforms = golden.uniforms.values();
    const random = () => uniforms.next().value!;
    for (const { temperature, text } of golden.texts) {
      let written = "";
      const options = { prompt, length: [...text].length, temperature, random, context: "window" } as const;
      for await (const { character } of generate(backend, vocabulary, options)) written += character;
      expect(written).toBe(text);
    }
    expect(uniforms.next().done).toBe(true);
    await backend.dispose();
  });
});
