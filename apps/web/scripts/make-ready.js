// Makes what is in ready/: the model that Play opens with, and the record of the run that made it. `node scripts/make-ready.js`, some
// ten minutes, after a build. One thread of the plain SIMD build: neither the machine nor its load chooses how sums are rounded.
import { mkdirSync, writeFileSync } from "node:fs";
import { cleanText } from "@charlstm/corpus";
import { encodeCheckpoint } from "@charlstm/model/checkpoint";
import { readNovel } from "@charlstm/novel";
import { createEngineBackend, generate, presets, splitText, train } from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";

const title = "Moby-Dick";
const settings = {
  ...presets.quick,
  units: [128],
  dropout: 0,
  epochs: 20,
  patience: 0,
  temperatures: [],
  sampleLength: 0,
};
/** Updates after which a sample is kept, beside the end of each epoch: most is learnt at the beginning. */
const early = [25, 50, 100, 200, 400, 700];
const sample = { prompt: "The whale", length: 330, temperature: 0.6, seed: 1 };

const recipe = "gutenberg";
const { text } = cleanText(readNovel(), { recipe, foldCase: false, unwrap: false });
const vocabulary = createVocabulary(text);
const parts = splitText(encode(text, vocabulary), settings.heldOut);
const { units, dropout, window, objective, optimizer, clipNorm, seed, batch } = settings;
const backend = await createEngineBackend({
  architecture: { vocabularySize: vocabulary.size, window, units, dropout },
  ...{ objective, optimizer, clipNorm, seed, rows: batch, threads: 1, build: "simd" },
});

const samples = [];
let losses = [];
const keep = async (facts) => {
  let written = "";
  for await (const { character } of generate(backend, vocabulary, sample)) written += character;
  samples.push({ ...facts, text: written });
  console.log(JSON.stringify(facts), written.slice(0, 70).replaceAll("\n", " "));
};
const metadata = {
  title,
  prompt: text.slice(0, window),
  corpus: { recipe, cleaning: { foldCase: false, unwrap: false } },
};
const rounded = (loss) => Math.round(loss * 1000) / 1000;
for await (const event of train(
  backend,
  { ids: parts.train, heldOut: parts.heldOut, vocabulary },
  { settings, metadata },
)) {
  if (event.type === "run-start") await keep({ step: 0, epoch: 0 });
  if (event.type === "step-end") {
    losses.push(event.loss);
    if (event.epoch === 1 && early.includes(event.step)) {
      const last = losses.slice(-25);
      await keep({ step: event.step, epoch: 0, loss: rounded(last.reduce((sum, loss) => sum + loss) / last.length) });
    }
  }
  if (event.type === "epoch-end") {
    losses = [];
    const { epoch, step, loss, heldOutLoss } = event;
    await keep({ step, epoch, loss: rounded(loss), heldOutLoss: rounded(heldOutLoss) });
  }
  if (event.type === "run-end") write(event.best);
}
await backend.dispose();

/** Only what writing needs, without the optimizer. */
function write({ architecture, vocabulary: characters, weights, progress }) {
  const { longestRuns } = progress;
  const checkpoint = { architecture, vocabulary: characters, objective, weights, settings, metadata };
  const folder = new URL("../ready/model/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const files = encodeCheckpoint({ ...checkpoint, history: [], progress: { longestRuns } });
  for (const [name, bytes] of files) writeFileSync(new URL(name, folder), bytes);
  const { prompt, temperature } = sample;
  const record = { title, settings: { units, epochs: settings.epochs }, prompt, temperature, samples };
  writeFileSync(new URL("../ready/run.json", import.meta.url), `${JSON.stringify(record)}\n`);
}
