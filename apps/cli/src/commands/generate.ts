import { type Backend, type GenerateOptions, itemKindOf, longestRunsOf, readingOptions } from "@charlstm/training";
import { type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { writeInteractively } from "../generate/interactive.js";
import { addGenerateFlags, checkGenerateFlags, type GenerateFlags, samplingOptions } from "../generate/options.js";
import { cleanPrompt, inFlags, promptOf } from "../generate/prompt.js";
import { type Shade, shadeOf } from "../generate/shade.js";
import { printItems } from "../generate/write-items.js";
import { writeJson, writePlain } from "../generate/write-text.js";
import { backendOf, modelArgument, openModel } from "../model/model.js";
import { temperatureBlockHead } from "../run/folder.js";
import { type Io, say } from "../terminal/io.js";

/** `charlstm generate <model>` */
export function generateCommand(io: Io): Command {
  const command = new Command("generate")
    .description("Write in a trained model's voice, character by character, to stdout.")
    .argument("<model>", modelArgument);
  return addGenerateFlags(command).action((model: string, flags: GenerateFlags) => runGenerate(io, model, flags));
}

/** What every text of one command line shares. */
interface Generation {
  io: Io;
  flags: GenerateFlags;
  backend: Backend;
  vocabulary: Vocabulary;
  longestRuns: readonly number[] | undefined;
  shade: Shade | undefined;
}

async function runGenerate(io: Io, path: string, flags: GenerateFlags): Promise<void> {
  checkGenerateFlags(flags);
  const checkpoint = await openModel(io, path, flags.use);
  const vocabulary = vocabularyFromJSON(checkpoint.vocabulary);
  if (flags.items !== undefined && itemKindOf(checkpoint) === undefined) {
    throw new CliError(
      "BAD_USAGE",
      `the model ${path} knows no items: leave --items out, or train one with train --items line`,
    );
  }
  const shade = flags.showProbabilities && !flags.json ? shadeOf(io) : undefined;
  if (flags.showProbabilities && !flags.json && !shade)
    say(io, "no colours here: the text is not shaded (--json lists the probabilities)");
  const backend = await backendOf(io, checkpoint, flags.backend);
  const generation = { io, flags, backend, vocabulary, longestRuns: longestRunsOf(checkpoint), shade };
  try {
    if (!flags.interactive)
      await writeTexts(generation, await promptOf(io, flags, checkpoint.metadata, vocabulary), io.signal);
    else {
      await writeInteractively(io, (line, signal) =>
        writeTexts(generation, cleanPrompt(line, checkpoint.metadata), signal),
      );
    }
  } finally {
    await backend.dispose();
  }
}

/** The texts of one prompt: at every temperature, `--count` of them, one after the other so that each is seen as it is made. */
async function writeTexts(generation: Generation, prompt: string, signal: AbortSignal): Promise<void> {
  const { io, flags, backend, vocabulary, shade } = generation;
  const { length, context, unknown, stop, count } = flags;
  const alternatives = flags.json && flags.showProbabilities ? 5 : 0;
  const temperatures = flags.temperature ?? [undefined];
  for (const [block, temperature] of temperatures.entries()) {
    const seed = flags.seed ?? Date.now() + block;
    if (flags.items !== undefined) {
      const head = temperatures.length > 1 ? temperatureBlockHead(temperature!) : "";
      const writing = printItems(io, backend, vocabulary, {
        ...samplersOf(generation, temperature),
        ...{ head, prompt, context, unknown, stop, signal, seed, count: flags.items, maxLength: flags.maxLength },
        json: flags.json === true,
      });
      await writing.catch((error: unknown) => Promise.reject(inFlags(error)));
      continue;
    }
    for (let text = 0; text < count; text++) {
      const numbered = count > 1 ? `${text > 0 ? "\n" : ""}[${text + 1}]\n` : "";
      const head = (temperatures.length > 1 && text === 0 ? temperatureBlockHead(temperature!) : "") + numbered;
      const options = {
        ...samplersOf(generation, temperature),
        ...{ head, prompt, length, context, unknown, stop, alternatives, signal, seed: seed + text },
      };
      const written = flags.json
        ? writeJson(io, backend, vocabulary, options)
        : writePlain(io, backend, vocabulary, options, shade);
      await written.catch((error: unknown) => Promise.reject(inFlags(error)));
      signal.throwIfAborted();
    }
  }
}

/** How characters are drawn: as the flags say; where they say nothing, for reading, but as the notebook does for its models. */
function samplersOf(generation: Generation, temperature?: number): Partial<GenerateOptions> {
  const { flags, backend, vocabulary, longestRuns } = generation;
  const given = samplingOptions(flags, vocabulary);
  const isPlain = temperature !== undefined || Object.keys(given).length > 0;
  const isNotebook = (flags.context ?? backend.options.objective) === "window";
  const ways = isPlain || isNotebook ? { temperature: temperature ?? 0.5, ...given } : readingOptions;
  return { ...ways, longestRuns };
}
