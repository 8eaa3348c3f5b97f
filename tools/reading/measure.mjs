// How near generated text comes to its book, for ways of drawing characters: the table in docs/sampling.md.
//   node tools/reading/measure.mjs <run folder> <book file> [<run folder> <book file> ...]
// Eight texts a way, 2,500 characters each, seeds 1 to 8, from four places of the book with the 200 characters before them.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { cleanText, decodeText } from "../../packages/corpus/dist/index.js";
import { createDiskStore, loadNewest } from "../../packages/model/dist/checkpoint-node.js";
import { createEngineBackend, generate } from "../../packages/training/dist/index.js";
import { vocabularyFromJSON } from "../../packages/vectorize/dist/index.js";

const spaces = " ";
const breaks = " \n";

/** The ways, by name; `exempt` are characters that no penalty touches. */
const ways = {
  "temperature 0.5": { temperature: 0.5 },
  "temperature 0.7": { temperature: 0.7 },
  "temperature 0.9": { temperature: 0.9 },
  "0.7, min-p 0.05": { temperature: 0.7, minP: 0.05 },
  "0.9, min-p 0.1": { temperature: 0.9, minP: 0.1 },
  "0.5, frequency 0.05": { temperature: 0.5, frequencyPenalty: 0.05 },
  "0.5, frequency 0.1": { temperature: 0.5, frequencyPenalty: 0.1 },
  "0.5, frequency 0.15": { temperature: 0.5, frequencyPenalty: 0.15 },
  "0.5, frequency 0.2": { temperature: 0.5, frequencyPenalty: 0.2 },
  "0.5, frequency 0.1, window 32": { temperature: 0.5, frequencyPenalty: 0.1, penaltyWindow: 32 },
  "0.5, frequency 0.05, window 128": { temperature: 0.5, frequencyPenalty: 0.05, penaltyWindow: 128 },
  "0.5, frequency 0.025, window 256": { temperature: 0.5, frequencyPenalty: 0.025, penaltyWindow: 256 },
  "0.5, frequency 0.1, no space": { temperature: 0.5, frequencyPenalty: 0.1, exempt: spaces },
  "0.5, frequency 0.1, no space or line end": { temperature: 0.5, frequencyPenalty: 0.1, exempt: breaks },
  "0.5, frequency 0.15, no space or line end": { temperature: 0.5, frequencyPenalty: 0.15, exempt: breaks },
  "0.5, frequency 0.1, min-p 0.02": { temperature: 0.5, frequencyPenalty: 0.1, minP: 0.02 },
  "0.6, frequency 0.1, no space or line end": { temperature: 0.6, frequencyPenalty: 0.1, exempt: breaks },
};

const wordsOf = (text) => text.toLowerCase().match(/\p{L}+/gu) ?? [];
const shareOf = (part, whole) => (100 * part) / Math.max(1, whole);

function measure(texts, known) {
  const text = texts.join("\n");
  const words = wordsOf(text);
  const sentences = text.match(/\p{L}[.!?]+(?=["”’'_)\]]*\s|["”’'_)\]]*$)/gu) ?? [];
  const fours = texts.flatMap((one) => {
    const own = wordsOf(one);
    return own.slice(3).map((_, at) => own.slice(at, at + 4).join(" "));
  });
  return [
    ((1e4 * (text.match(/["“”]/g) ?? []).length) / text.length).toFixed(0),
    (words.length / Math.max(1, sentences.length)).toFixed(0),
    shareOf(words.filter((word) => known.has(word)).length, words.length).toFixed(1),
    shareOf(new Set(fours).size, fours.length).toFixed(1),
  ];
}

async function modelOf(folder) {
  const path = resolve(folder);
  try {
    return await createDiskStore(path).load("model");
  } catch {
    return (await loadNewest(createDiskStore(`${path}/checkpoints`))).checkpoint;
  }
}

async function write(backend, vocabulary, prompts, { exempt = "", ...way }) {
  const unpenalizedIds = [...exempt].map((character) => vocabulary.idOf(character)).filter((id) => id !== undefined);
  const texts = [];
  for (const [place, prompt] of prompts.entries()) {
    const own = ["", ""];
    const options = { prompt, length: 2500, count: 2, seed: 1 + 2 * place, unpenalizedIds, ...way };
    for await (const { text, character } of generate(backend, vocabulary, options)) own[text] += character;
    texts.push(...own);
  }
  return texts;
}

const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);
for (let at = 2; at + 1 < process.argv.length; at += 2) {
  const [run, book] = process.argv.slice(at, at + 2);
  const { architecture, objective, weights, vocabulary: saved } = await modelOf(run);
  const vocabulary = vocabularyFromJSON(saved);
  const backend = await createEngineBackend({ architecture, objective, optimizer: { name: "sgd" }, rows: 1, seed: 0 });
  backend.writeWeights(weights);
  const { text } = cleanText(decodeText(readFileSync(book)).text);
  const known = new Set(wordsOf(text));
  const pieces = Array.from({ length: 8 }, (_, piece) => {
    const from = Math.floor((text.length * (piece + 1)) / 10);
    return text.slice(from, from + 2500);
  });
  const prompts = [2, 4, 6, 8].map((tenth) => text.slice((text.length * tenth) / 10 - 200, (text.length * tenth) / 10));
  row(basename(book), "quotes in 10,000", "words a sentence", "real words %", "distinct 4-grams %");
  row("---", "---", "---", "---", "---");
  const [quotes, length] = measure([text], known);
  row("the book", quotes, length, "100.0", measure(pieces, known)[3]);
  for (const [name, way] of Object.entries(ways))
    row(name, ...measure(await write(backend, vocabulary, prompts, way), known));
  console.log();
}
