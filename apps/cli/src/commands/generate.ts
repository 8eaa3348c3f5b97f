import { createRandom } from "@charlstm/sampling";
import { type GeneratedCharacter, generate } from "@charlstm/training";
import { vocabularyFromJSON } from "@charlstm/vectorize";
import { Command, Option } from "commander";
import { repeated, temperature, wholeNumber } from "../arguments.js";
import { type BackendName, backendNames } from "../backends.js";
import { type Io, write } from "../io.js";
import { backendOf, openModel } from "../model.js";
import { temperatureBlock } from "../run-folder.js";

interface GenerateFlags {
  prompt?: string;
  length: number;
  temperature?: number[];
  seed?: number;
  backend: BackendName;
  json?: boolean;
}

/** `charlstm generate <model>` */
export function generateCommand(io: Io): Command {
  return new Command("generate")
    .description("Write in a trained model's voice, character by character, to stdout.")
    .argument("<model>", "the folder of a run or of a checkpoint")
    .option("--prompt <text>", "what the text starts from (default: the beginning of the book)")
    .option("--length <n>", "characters to write", wholeNumber(0), 400)
    .option(
      "--temperature <t>",
      "0 always takes the most probable character; repeatable (default: 0.5)",
      repeated(temperature),
    )
    .option("--seed <n>", "repeats a text (default: another text each time)", wholeNumber(0))
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .option("--json", "print one object a text")
    .action((model: string, flags: GenerateFlags) => runGenerate(io, model, flags));
}

async function runGenerate(io: Io, path: string, flags: GenerateFlags): Promise<void> {
  const checkpoint = await openModel(io, path);
  const vocabulary = vocabularyFromJSON(checkpoint.vocabulary);
  const prompt = flags.prompt ?? String(checkpoint.metadata.prompt ?? vocabulary.characters[0]);
  const temperatures = flags.temperature ?? [0.5];
  const backend = await backendOf(checkpoint, flags.backend);
  const random = createRandom(flags.seed ?? Date.now());
  try {
    for (const temperature of temperatures) {
      const characters = generate(backend, vocabulary, {
        prompt,
        length: flags.length,
        temperature,
        random,
        signal: io.signal,
      });
      if (flags.json)
        await write(io.stdout, `${JSON.stringify({ temperature, prompt, text: await joined(characters) })}\n`);
      else if (temperatures.length > 1)
        await write(io.stdout, temperatureBlock(temperature, prompt + (await joined(characters))));
      else {
        await write(io.stdout, prompt);
        for await (const { character } of characters) await write(io.stdout, character);
        await write(io.stdout, "\n");
      }
    }
  } finally {
    await backend.dispose();
  }
}

async function joined(characters: AsyncIterable<GeneratedCharacter>): Promise<string> {
  let text = "";
  for await (const { character } of characters) text += character;
  return text;
}
