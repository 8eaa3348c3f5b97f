import { createRandom, type RandomState } from "@charlstm/sampling";
import { decode } from "@charlstm/vectorize";
import type { Sample } from "./events.js";
import { generate } from "./generate.js";
import type { Run } from "./run.js";

/** The texts of one epoch, and the state of the generator after they were drawn. */
export interface WrittenSamples {
  prompt: string;
  samples: Sample[];
  random: RandomState;
}

/**
 * Picks a window of the training text at random and writes on from it at every temperature, as the notebook does.
 */
export async function writeSamples({
  backend,
  settings,
  vocabulary,
  text,
  state,
  options,
}: Run): Promise<WrittenSamples> {
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
      signal: options.signal,
    })) {
      written += character;
    }
    samples.push({ temperature, text: written });
  }
  return { prompt, samples, random: random.state };
}
