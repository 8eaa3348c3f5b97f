import { type Backend, type GeneratedCharacter, type GenerateOptions, generate } from "@charlstm/training";
import type { Vocabulary } from "@charlstm/vectorize";
import { type Io, print, write } from "../terminal/io.js";
import { terminalJson, terminalText } from "../terminal/terminal-text.js";
import type { Shade } from "./shade.js";

/** One text to write. */
export interface TextOptions extends GenerateOptions {
  /** What is printed before the prompt, once that has proved good. */
  head: string;
  seed: number;
}

/** Writes a text as it is made: its head, its prompt and what follows. */
export async function writePlain(
  io: Io,
  backend: Backend,
  vocabulary: Vocabulary,
  { head, ...options }: TextOptions,
  shade?: Shade,
): Promise<void> {
  const start = `${head}${options.prompt}`;
  let isStarted = false;
  try {
    for await (const { character, modelProbability } of generate(backend, vocabulary, options)) {
      if (!isStarted) await print(io, start);
      isStarted = true;
      if (shade) await write(io.stdout, shade(terminalText(character), modelProbability));
      else await print(io, character);
    }
    if (!isStarted) await print(io, start);
    isStarted = true;
  } finally {
    if (isStarted && !io.signal.aborted) await print(io, "\n");
  }
}

/** Writes a text as one line of JSON, as it is made: the object is never in memory as a whole, so it may be of any length. */
export async function writeJson(
  io: Io,
  backend: Backend,
  vocabulary: Vocabulary,
  { head: _, ...options }: TextOptions,
): Promise<void> {
  const { prompt, temperature, seed } = options;
  const facts = `${terminalJson({ prompt, temperature, seed }).slice(0, -1)},`;
  const lists = options.alternatives !== undefined && options.alternatives > 0;
  const text = createPieces();
  let written = 0;
  for await (const { text: _1, ...drawn } of generate(backend, vocabulary, options)) {
    if (written === 0) await write(io.stdout, facts + (lists ? '"characters":[' : '"text":"'));
    if (lists) await write(io.stdout, (written > 0 ? "," : "") + terminalJson(drawn));
    if (lists) text.add(insideOfString(drawn));
    else await write(io.stdout, insideOfString(drawn));
    written++;
  }
  if (written === 0) await write(io.stdout, facts + (lists ? '"characters":[' : '"text":"'));
  if (lists) await write(io.stdout, '],"text":"');
  for (const piece of text.all) await write(io.stdout, piece);
  await write(io.stdout, '"}\n');
}

function insideOfString({ character }: Pick<GeneratedCharacter, "character">): string {
  return terminalJson(character).slice(1, -1);
}

/** A text in pieces, since one string has a largest length. */
function createPieces(): { all: string[]; add(text: string): void } {
  const all = [""];
  return {
    all,
    add(text) {
      if (all.at(-1)!.length > 2 ** 16) all.push("");
      all[all.length - 1] += text;
    },
  };
}
