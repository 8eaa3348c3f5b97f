// What the presets make of texts of any size: the table in docs/training.md.
//
//   pnpm --filter @charlstm/reliability presets book.txt names.txt --preset large --sizes 4000,20000,60000
//
// Trains on the first characters of each file, once with the preset as it is written down and once fitted to the text, and scores
// the epoch that was best on the run's own held-out text on the 20,000 characters that follow; beside it the best of the Markov
// models of orders 1 to 6.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadCorpus } from "@charlstm/corpus";
import {
  batchSource,
  createEngineBackend,
  evaluate,
  markovScores,
  presetFor,
  presets,
  train,
} from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";

const following = 20_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: "string", default: "quick" },
    sizes: { type: "string", default: "4000,20000,60000,200000" },
    seed: { type: "string", default: "1" },
    threads: { type: "string" },
    // As JSON: other settings to compare with, beside the preset and what fits.
    settings: { type: "string", multiple: true, default: [] },
  },
});

/** The score of a training's best epoch, and what its training took. */
async function scoreOf(ids, vocabulary, settings, next) {
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = settings;
  const backend = await createEngineBackend({
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, rows: batchSource(ids, settings).rows },
    threads: values.threads && Number(values.threads),
  });
  let [lowest, loss, at, seconds] = [Number.POSITIVE_INFINITY, Number.NaN, 0, 0];
  for await (const event of train(backend, { ids, vocabulary }, { settings: { ...settings, temperatures: [] } })) {
    if (event.type !== "epoch-end") continue;
    seconds += event.seconds;
    const heldOut = event.heldOutLoss ?? -event.epoch;
    if (heldOut >= lowest) continue;
    [lowest, at] = [heldOut, event.epoch];
    loss = (await evaluate(backend, next, { context: "stream", window })).loss;
  }
  await backend.dispose();
  return `${loss.toFixed(4)} (epoch ${at} of ${settings.epochs}, ${seconds.toFixed(1)} s)`;
}

for (const file of positionals) {
  const { text } = await loadCorpus(resolve(process.env.INIT_CWD ?? ".", file));
  const characters = [...text];
  for (const size of values.sizes.split(",").map(Number)) {
    if (characters.length < size + following) continue;
    const part = characters.slice(0, size + following).join("");
    const vocabulary = createVocabulary(part);
    const all = encode(part, vocabulary);
    const [ids, next] = [all.subarray(0, size), all.subarray(size)];
    const seed = Number(values.seed);
    const ways = {
      "as written down": presets[values.preset],
      fitted: presetFor(values.preset, size),
      ...Object.fromEntries(
        values.settings.map((json) => [json, { ...presetFor(values.preset, size), ...JSON.parse(json) }]),
      ),
    };
    const markov = await markovScores(ids, next, vocabulary.size);
    console.log(
      `${file}, ${size} characters, ${values.preset}; Markov ${Math.min(...markov.map(({ loss }) => loss)).toFixed(4)}`,
    );
    for (const [name, settings] of Object.entries(ways)) {
      console.log(`  ${name}: ${await scoreOf(ids, vocabulary, { ...settings, seed }, next)}`);
    }
  }
}
