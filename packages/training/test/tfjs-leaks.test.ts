import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type GeneratedCharacter, type GenerateOptions, generate, train } from "../src/index.js";
import { createBackend, tinyBackend, tinySettings, tinyText } from "./helpers.js";

test.each(["window", "sequence"] as const)(
  "a TensorFlow.js run with the %s objective leaves no tensor behind, also when it is aborted",
  async (objective) => {
    const settings = tinySettings[objective];
    await tf.setBackend("cpu");
    const before = tf.memory().numTensors;
    const backend = await tinyBackend(settings, tinyText(), "tfjs-cpu");
    const controller = new AbortController();
    await expect(
      (async () => {
        for await (const event of train(backend, tinyText(), { settings, signal: controller.signal })) {
          if (event.type === "epoch-end") controller.abort();
        }
      })(),
    ).rejects.toThrow();
    await backend.dispose();
    await backend.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);

test("a text on TensorFlow.js leaves no tensor behind, also when it is broken off", async () => {
  const { vocabulary } = tinyText();
  const backend = await createBackend("tfjs-cpu", {
    architecture: { vocabularySize: vocabulary.size, window: 7, units: [9, 5], dropout: 0 },
    ...{ objective: "sequence", optimizer: { name: "sgd" }, rows: 1, seed: 1 },
  });
  const write = async (options: Partial<GenerateOptions>): Promise<GeneratedCharacter[]> => {
    const drawn: GeneratedCharacter[] = [];
    for await (const character of generate(backend, vocabulary, { prompt: "the cat sat", ...options })) {
      drawn.push(character);
      if (options.length === undefined) break;
    }
    return drawn;
  };
  const before = tf.memory().numTensors;
  await write({ count: 3 });
  await write({ context: "window", length: 5 });
  expect(tf.memory().numTensors).toBe(before);
  await backend.dispose();
});
