import { createRandom, type RandomState } from "@charlstm/sampling";
import { decode } from "@charlstm/vectorize";
import type { Sample } from "./events.js";
import { generate } from "./generate.js";
import type { Run } from "./run.js";
import { betweenItems, writeItems } from "./write-items.js";

/** The texts of one epoch, and the state of the generator after they were drawn. */
export interface WrittenSamples {
  prompt: string;
  samples: Sample[];
  random: RandomState;
}

/**
 * Picks a window of the training text at random and writes on from it at every temperature, as the notebook does; of items, writes
 * one after the other.
 */
export async function writeSamples(run: Run): Promise<WrittenSamples> {
  if (run.settings.items !== undefined) return writeItemSamples(run);
  const { backend, settings, vocabulary, text, state, options } = run;
  const random = createRandom(state.progress.random);
  const start = Math.floor(random() * (text.train.length - settings.window));
  const prompt = decode(text.train.subarray(start, start + settings.window), vocabulary);
  const samples: Sample[] = [];
  for (const temperature of settings.temperatures) {
    let written = "";
    for await (const { character } of generate(backend, vocabulary, {
      prompt,
      lead: "", // the prompt is from the middle of a line
      length: settings.sampleLength,
      temperature,
      random,
      window: settings.window,
      longestRuns: settings.objective === "sequence" ? state.progress.longestRuns : undefined,
      signal: options.signal,
    })) {
      written += character;
    }
    samples.push({ temperature, text: written });
  }
  return { prompt, samples, random: random.state };
}

/** Items side by side from their beginnings, about as many as the length of a sample has room for. */
async function writeItemSamples(run: Run): Promise<WrittenSamples> {
  const { backend, settings, vocabulary, state, options } = run;
  const random = createRandom(state.progress.random);
  const { temperatures, sampleLength } = settings;
  const count = Math.min(mostSampled, Math.max(1, Math.floor(sampleLength / meanLength(run))));
  const samples: Sample[] = [];
  for (const temperature of temperatures) {
    const items = new Array<string>(count).fill("");
    const ways = { temperature, random, count, maxLength: sampleLength, signal: options.signal };
    if (sampleLength > 0) for await (const { item, text } of writeItems(backend, vocabulary, ways)) items[item] = text;
    samples.push({ temperature, text: [...items.join(betweenItems(vocabulary))].slice(0, sampleLength).join("") });
  }
  return { prompt: "", samples, random: random.state };
}

const mostSampled = 32;

/** Characters of an item on average, with its mark, in the first part of the text. */
function meanLength({ text: { train } }: Run): number {
  const part = train.subarray(0, 100_000);
  let marks = 0;
  for (const id of part) if (id === train[0]) marks++;
  return part.length / marks;
}
