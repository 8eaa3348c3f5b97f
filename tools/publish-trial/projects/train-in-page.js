// What the pages of the vite and next projects do: a few steps on the engine, then a text.
import { createEngineBackend, generate, presets, train } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";

/** Resolves to the losses of the epochs and a text of 40 characters. */
export async function trainALittle() {
  const text = "the cat sat on the mat and the dog sat on the log. ".repeat(40);
  const vocabulary = createVocabulary(text);
  const settings = {
    ...presets.quick,
    units: [32],
    window: 16,
    batch: 8,
    epochs: 3,
    sampleLength: 20,
    warmupSteps: 10,
  };
  const backend = await createEngineBackend({
    architecture: {
      vocabularySize: vocabulary.size,
      window: settings.window,
      units: settings.units,
      dropout: settings.dropout,
    },
    objective: settings.objective,
    optimizer: settings.optimizer,
    clipNorm: settings.clipNorm,
    rows: settings.batch,
    seed: settings.seed,
  });
  const losses = [];
  for await (const event of train(backend, { ids: encode(text, vocabulary), vocabulary }, { settings })) {
    if (event.type === "epoch-end") losses.push(event.loss);
  }
  let written = "";
  for await (const { character } of generate(backend, vocabulary, { prompt: "the cat", length: 40, seed: 1 })) {
    written += character;
  }
  await backend.dispose();
  return { losses, written };
}
