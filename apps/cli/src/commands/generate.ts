import { createInterface } from "node:readline";
import { type Backend, type GeneratedCharacter, type GenerateOptions, generate } from "@charlstm/training";
import { type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { Command } from "commander";
import { addGenerateFlags, type GenerateFlags, generateOptions } from "../generate-options.js";
import { type Io, print, printJson, say, write } from "../io.js";
import { backendOf, openModel } from "../model.js";
import { temperatureBlockHead } from "../run-folder.js";
import { hasColour, shade } from "../shade.js";
import { terminalText } from "../terminal-text.js";

/** `charlstm generate <model>` */
export function generateCommand(io: Io): Command {
  const command = new Command("generate")
    .description("Write in a trained model's voice, character by character, to stdout.")
    .argument("<model>", "the folder of a run or of a checkpoint");
  return addGenerateFlags(command).action((model: string, flags: GenerateFlags) => runGenerate(io, model, flags));
}

/** What every text of one command line shares. */
interface Generation {
  io: Io;
  flags: GenerateFlags;
  backend: Backend;
  vocabulary: Vocabulary;
}

async function runGenerate(io: Io, path: string, flags: GenerateFlags): Promise<void> {
  const checkpoint = await openModel(io, path);
  const vocabulary = vocabularyFromJSON(checkpoint.vocabulary);
  const backend = await backendOf(io, checkpoint, flags.backend);
  const generation = { io, flags, backend, vocabulary };
  try {
    if (flags.interactive) await writeInteractively(generation);
    else await writeTexts(generation, flags.prompt ?? String(checkpoint.metadata.prompt ?? vocabulary.characters[0]));
  } finally {
    await backend.dispose();
  }
}

/** The texts of one prompt: at every temperature, `--count` of them. */
async function writeTexts(generation: Generation, prompt: string): Promise<void> {
  const { io, flags } = generation;
  const temperatures = flags.temperature ?? [0.5];
  for (const temperature of temperatures) {
    const options = { ...generateOptions(flags, prompt), temperature };
    if (flags.json) await writeJson(generation, options);
    else {
      const head = temperatures.length > 1 ? temperatureBlockHead(temperature) : "";
      if (flags.count > 1) await writeSideBySide(generation, options, head);
      else await writeOne(generation, options, head);
    }
    io.signal.throwIfAborted();
  }
}

/** One text, as it is made. Nothing is printed before the prompt has proved good. */
async function writeOne(
  { io, flags, backend, vocabulary }: Generation,
  options: GenerateOptions,
  head: string,
): Promise<void> {
  const isShaded = flags.showProbabilities === true && hasColour(io);
  if (flags.showProbabilities && !isShaded)
    say(io, "no colours here: the text is not shaded (--json lists the probabilities)");
  const characters = generate(backend, vocabulary, { ...options, signal: io.signal });
  const start = `${head}${options.prompt}`;
  let isStarted = false;
  for await (const drawn of characters) {
    if (!isStarted) await print(io, start);
    isStarted = true;
    if (isShaded) await write(io.stdout, shade(terminalText(drawn.character), drawn.modelProbability));
    else await print(io, drawn.character);
  }
  await print(io, isStarted ? "\n" : `${start}\n`);
}

/** Several texts, drawn in one pass, one under the other. */
async function writeSideBySide(
  { io, backend, vocabulary }: Generation,
  options: GenerateOptions,
  head: string,
): Promise<void> {
  const texts = new Array<string>(options.count ?? 1).fill(options.prompt);
  for await (const { text, character } of generate(backend, vocabulary, { ...options, signal: io.signal }))
    texts[text] += character;
  await print(io, head + texts.map((text, index) => `[${index + 1}]\n${text}\n`).join("\n"));
}

async function writeJson({ io, flags, backend, vocabulary }: Generation, options: GenerateOptions): Promise<void> {
  const texts = Array.from({ length: options.count ?? 1 }, () => [] as GeneratedCharacter[]);
  const alternatives = flags.showProbabilities ? 5 : 0;
  for await (const drawn of generate(backend, vocabulary, { ...options, alternatives, signal: io.signal }))
    texts[drawn.text]!.push(drawn);
  for (const [index, drawn] of texts.entries()) {
    const { prompt, temperature, seed = 0 } = options;
    const text = drawn.map(({ character }) => character).join("");
    const characters = flags.showProbabilities ? { characters: drawn.map(({ text: _, ...choice }) => choice) } : {};
    await printJson(io, { prompt, text, temperature, seed: seed + index, ...characters });
  }
}

/** Every line of stdin is a beginning; what is wrong with one is said, and the next one asked for. */
async function writeInteractively(generation: Generation): Promise<void> {
  const { io } = generation;
  const lines = createInterface({ input: io.stdin, signal: io.signal });
  const ask = () => io.stdin.isTTY && io.stderr.write("> ");
  ask();
  for await (const line of lines) {
    if (line !== "") await writeTexts(generation, line).catch((error: Error) => sayUnlessAborted(io, error));
    io.signal.throwIfAborted();
    ask();
  }
}

function sayUnlessAborted(io: Io, error: Error): void {
  if (!io.signal.aborted) say(io, error.message);
}
