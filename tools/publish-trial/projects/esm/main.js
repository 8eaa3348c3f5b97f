import assert from "node:assert/strict";
import { cleanText } from "@charlstm/corpus";
import { createEngine } from "@charlstm/engine";
import { readKeras, writeKerasH5 } from "@charlstm/formats";
import { createDiskStore } from "@charlstm/model/checkpoint";
import { createRandom, sample } from "@charlstm/sampling";
import { createEngineBackend, generate, presets, train } from "@charlstm/training";
import { createVocabulary, decode, encode } from "@charlstm/vectorize";

const { text } = cleanText("the cat sat on the mat and the dog sat on the log. ".repeat(40));
const vocabulary = createVocabulary(text);
const ids = encode(text, vocabulary);
assert.equal(decode(ids, vocabulary), text);
assert.equal(sample([0, 1], { random: createRandom(1) }), 1);

const engine = await createEngine({ vocabularySize: 3, units: [4], rows: 1, length: 2 });
await engine.dispose();

const settings = { ...presets.quick, units: [32], window: 16, batch: 8, epochs: 3, sampleLength: 20, warmupSteps: 10 };
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
  threads: 2,
});
const store = createDiskStore("checkpoints");
const losses = [];
for await (const event of train(backend, { ids, vocabulary }, { settings, store })) {
  if (event.type === "epoch-end") losses.push(event.loss);
}
assert.ok(losses.at(-1) < losses[0], `it learns: ${losses}`);

let written = "";
for await (const { character } of generate(backend, vocabulary, { prompt: "the cat", length: 40, seed: 1 })) {
  written += character;
}
assert.equal([...written].length, 40);

const [name] = (await store.list()).slice(-1);
const { architecture, weights, vocabulary: characters } = await store.load(name);
const again = readKeras(writeKerasH5({ architecture, weights, vocabulary: characters }));
assert.deepEqual(again.architecture.units, [32]);
await backend.dispose();
