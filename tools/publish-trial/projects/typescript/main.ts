import "@tensorflow/tfjs-backend-cpu";
import { cleanText } from "@charlstm/corpus";
import { createEngine, type Engine } from "@charlstm/engine";
import { isFormatError, readKeras } from "@charlstm/formats";
import { createCharLstm } from "@charlstm/model";
import { type CheckpointStore, createMemoryStore } from "@charlstm/model/checkpoint";
import { createRandom, type Random, sample } from "@charlstm/sampling";
import { createEngineBackend, presets, type TrainingSettings, train } from "@charlstm/training";
import { createTfjsBackend } from "@charlstm/training/tfjs";
import { createVocabulary, encode, type Vocabulary } from "@charlstm/vectorize";

const { text }: { text: string } = cleanText("the cat sat on the mat and the dog sat on the log. ".repeat(40));
const vocabulary: Vocabulary = createVocabulary(text);
const ids: Uint8Array | Uint16Array | Uint32Array = encode(text, vocabulary);

const random: Random = createRandom(7);
const drawn: number = sample(new Float32Array([0.25, 0.75]), { random, temperature: 0.5 });
// @ts-expect-error: a temperature is a number
if (drawn > 1) sample([1], { temperature: "hot" });

const engine: Engine = await createEngine({ vocabularySize: 3, units: [4], rows: 1, length: 2, purpose: "streams" });
await engine.dispose();

try {
  readKeras(new Uint8Array(8));
} catch (error) {
  if (!isFormatError(error)) throw error;
}

const settings: TrainingSettings = { ...presets.quick, units: [8], window: 8, batch: 4, epochs: 1, maxSteps: 3 };
const store: CheckpointStore = createMemoryStore();
const options = {
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
};
for (const backend of [await createEngineBackend(options), await createTfjsBackend(options)]) {
  let loss = Number.NaN;
  for await (const event of train(backend, { ids, vocabulary }, { settings, store })) {
    if (event.type === "step-end") loss = event.loss;
  }
  if (!(loss > 0)) throw new Error(`no loss: ${loss}`);
  await backend.dispose();
}
createCharLstm({ vocabularySize: 4, window: 8, units: 16 }).dispose();
