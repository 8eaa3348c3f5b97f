// One training, and what its model writes from two hundred beginnings.
import {
  batchSource,
  createEngineBackend,
  evaluate,
  generate,
  longestRunsOf,
  splitText,
  train,
} from "@charlstm/training";
import { createVocabulary, encode } from "@charlstm/vectorize";
import { judgeOf } from "./judge.mjs";
import { promptsFrom } from "./prompts.mjs";

/** Nats by which a text may surprise more than the best one, and the least share of real words. */
const bounds = { surprise: 0.5, realWords: 0.85 };

/**
 * Trains on a text and judges the last model.
 *
 * @param settings Of the training; samples are not written.
 * @param options `count` prompts, `length` characters each at temperature 0.5; `beginnings` random places whose first 300 characters are scored.
 */
export async function trial(text, settings, { count = 200, length = 400, beginnings = 1000, threads } = {}) {
  const vocabulary = createVocabulary(text);
  const ids = encode(text, vocabulary);
  const { train: trained, heldOut } = splitText(ids, settings.heldOut);
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = settings;
  const backend = await createEngineBackend({
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, threads, rows: batchSource(trained, settings).rows },
  });
  try {
    const curve = [];
    let seconds = 0;
    let longestRuns;
    for await (const event of train(backend, { ids, vocabulary }, { settings: { ...settings, temperatures: [] } })) {
      if (event.type === "run-end") longestRuns = longestRunsOf(event.checkpoint);
      if (event.type !== "epoch-end") continue;
      curve.push(event.heldOutLoss);
      seconds += event.seconds;
    }
    const texts = await writeFromAll(backend, vocabulary, text, { count, length, longestRuns });
    // A loop of one character surprises least of all: the best text is one of words.
    const ofWords = texts.filter(({ realWords }) => realWords >= bounds.realWords);
    const least = Math.min(...ofWords.map(({ surprise }) => surprise));
    return {
      curve,
      seconds,
      highestJump: Math.max(0, ...curve.slice(1).map((loss, index) => loss - curve[index])),
      beginnings: await scoreBeginnings(backend, heldOut, beginnings),
      texts,
      misses: texts.filter(
        ({ surprise, realWords }) => surprise > least + bounds.surprise || realWords < bounds.realWords,
      ),
    };
  } finally {
    await backend.dispose();
  }
}

async function writeFromAll(backend, vocabulary, text, { count, length, longestRuns }) {
  const judge = judgeOf(text);
  const texts = [];
  for (const { kind, prompt } of promptsFrom(text, vocabulary, count)) {
    let written = "";
    const options = { prompt, length, temperature: 0.5, seed: 1, longestRuns };
    for await (const { character } of generate(backend, vocabulary, options)) written += character;
    texts.push({ kind, prompt, text: written, ...judge(written) });
  }
  return texts;
}

/** Mean and highest loss over the first 300 characters from random places, each from the zero state. */
async function scoreBeginnings(backend, ids, count) {
  const length = Math.min(300, Math.floor(ids.length / 2));
  const losses = [];
  for (let index = 0; index < count; index++) {
    // Every place comes as often as any other, without a generator: steps of the golden ratio.
    const start = Math.floor(((index * 0.6180339887) % 1) * (ids.length - length - 1));
    const part = ids.subarray(start, start + length + 1);
    losses.push((await evaluate(backend, part, { context: "stream", window: 0 })).loss);
  }
  return { mean: losses.reduce((a, b) => a + b, 0) / count, highest: Math.max(...losses) };
}
