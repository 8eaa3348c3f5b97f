import type { GenerateOptions, UnknownPolicy } from "@charlstm/training";
import { type Command, Option } from "commander";
import { number, positive, repeated, temperature, wholeNumber } from "./arguments.js";
import { type BackendName, backendNames } from "./backends.js";

/** The flags of `generate`, as commander hands them over; what was not given is missing. */
export interface GenerateFlags {
  prompt?: string;
  length: number;
  temperature?: number[];
  topK?: number;
  topP?: number;
  minP?: number;
  typicalP?: number;
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  stop?: string[];
  count: number;
  seed?: number;
  context?: "stream" | "window";
  unknown: UnknownPolicy;
  interactive?: boolean;
  showProbabilities?: boolean;
  backend: BackendName;
  json?: boolean;
}

const probability = number("a number above 0, at most 1", (value) => value > 0 && value <= 1);
const anyNumber = number("a number", () => true);

/** Adds the flags of `generate` to a command. */
export function addGenerateFlags(command: Command): Command {
  return command
    .option("--prompt <text>", "what the text starts from (default: the beginning of the book)")
    .option("--length <n>", "characters to write", wholeNumber(0), 400)
    .option(
      "--temperature <t>",
      "0 always takes the most probable character; repeatable (default: 0.5)",
      repeated(temperature),
    )
    .option("--top-k <n>", "draw from the n most probable characters only", wholeNumber(1))
    .option("--top-p <p>", "draw from the most probable characters that make up p together", probability)
    .option(
      "--min-p <p>",
      "leave out characters below p times the best one's probability",
      number("a number from 0 to 1", (value) => value >= 0 && value <= 1),
    )
    .option("--typical-p <p>", "draw from the most typical characters that make up p together", probability)
    .option("--repetition-penalty <x>", "above 1: what was written lately is less likely", positive)
    .option("--frequency-penalty <x>", "less likely with each time it was written lately", anyNumber)
    .option("--presence-penalty <x>", "less likely once it was written lately", anyNumber)
    .option(
      "--stop <text>",
      "end a text after this; repeatable",
      repeated((text: string) => text),
    )
    .option("--count <n>", "texts to write, side by side", wholeNumber(1), 1)
    .option("--seed <n>", "repeats a text (default: another text each time)", wholeNumber(0))
    .addOption(
      new Option(
        "--context <name>",
        "remember the whole text, or read the last window again for each character (default: as it was trained)",
      ).choices(["stream", "window"]),
    )
    .addOption(
      new Option("--unknown <policy>", "what to do with characters of the prompt that the model never saw")
        .choices(["error", "skip", "nearest"])
        .default("error"),
    )
    .option("--interactive", "read a beginning from each line of stdin, and go on from it")
    .option("--show-probabilities", "shade each character by its probability; with --json, list them")
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .option("--json", "print one object a text");
}

/** What the flags say to `generate` of @charlstm/training, but for the temperature. */
export function generateOptions(flags: GenerateFlags, prompt: string): GenerateOptions {
  const { length, count, seed = Date.now(), topK, topP, minP, typicalP, stop, context, unknown } = flags;
  const { repetitionPenalty, frequencyPenalty, presencePenalty } = flags;
  const given = { topK, topP, minP, typicalP, repetitionPenalty, frequencyPenalty, presencePenalty, stop, context };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { prompt, length, count, seed, unknown, ...chosen };
}
