import type { GenerateOptions, UnknownPolicy } from "@charlstm/training";
import type { Vocabulary } from "@charlstm/vectorize";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type BackendName, backendNames } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { useOption } from "../model/model.js";
import type { ModelChoice } from "../run/folder.js";
import { number, positive, repeated, temperature, wholeNumber } from "../terminal/arguments.js";
import { readEscapes } from "./escapes.js";

/** The flags of `generate`, as commander hands them over; what was not given is missing. */
export interface GenerateFlags {
  prompt?: string;
  promptFile?: string;
  interactive?: boolean;
  unknown: UnknownPolicy;
  length: number;
  stop?: string[];
  count: number;
  items?: number;
  maxLength: number;
  seed?: number;
  temperature?: number[];
  temperatureLast?: boolean;
  topK?: number;
  topP?: number;
  minP?: number;
  typicalP?: number;
  topNSigma?: number;
  xtc?: number;
  mirostat?: number;
  ban?: string;
  logitBias?: [character: string, bias: number][];
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  penaltyWindow?: number;
  sparePrompt?: boolean;
  dry?: number;
  context?: "stream" | "window";
  use?: ModelChoice;
  backend: BackendName;
  showProbabilities?: boolean;
  json?: boolean;
}

const probability = number("a number above 0, at most 1", (value) => value > 0 && value <= 1);
const share = number("a number from 0 to 1", (value) => value >= 0 && value <= 1);
const anyNumber = number("a number", () => true);

/** `e=-2`: a character, and what its logit gains; the character may be an escape, or `=`. */
function bias(text: string): [string, number] {
  const [, name = "", value = ""] = /^(.+)=([^=]+)$/su.exec(text) ?? [];
  const character = readEscapes(name);
  if ([...character].length !== 1)
    throw new InvalidArgumentError("Expected a character, = and a number, such as e=-2.");
  return [character, anyNumber(value)];
}

function lastCharacters(text: string): number {
  return text === "all" ? Number.POSITIVE_INFINITY : wholeNumber(1)(text);
}

/** Adds the flags of `generate` to a command. */
export function addGenerateFlags(command: Command): Command {
  return command
    .optionsGroup("The text:")
    .option(
      "--prompt <text>",
      "what it starts from; \\n is a line end, - is stdin (default: the beginning of the book)",
      prompt,
    )
    .option("--prompt-file <file>", "the same, from a file")
    .option("--interactive", "read a beginning from each line of stdin, and go on from it")
    .addOption(
      new Option("--unknown <policy>", "what to do with characters of the prompt that the model never saw")
        .choices(["error", "skip", "nearest"])
        .default("error"),
    )
    .option("--length <n>", "characters to write", wholeNumber(0), 400)
    .option("--stop <text>", "end a text after this; \\n is a line end; repeatable", repeated(readEscapes))
    .option("--count <n>", "texts to write, one after the other", wholeNumber(1), 1)
    .option("--items <n>", "whole items to write, side by side, each to its end; for a model of items", wholeNumber(1))
    .option("--max-length <n>", "characters of an item at the most", wholeNumber(1), 10_000)
    .option("--seed <n>", "repeats a text (default: another text each time)", wholeNumber(0))

    .optionsGroup("How a character is drawn (default: a mix for reading):")
    .option(
      "--temperature <t>",
      "0 always takes the most probable character; repeatable (default: 0.5)",
      repeated(temperature),
    )
    .option("--temperature-last", "cut the model's own distribution, and apply the temperature to what is left")
    .option("--top-k <n>", "draw from the n most probable characters only", wholeNumber(1))
    .option("--top-p <p>", "draw from the most probable characters that make up p together", probability)
    .option("--min-p <p>", "leave out characters below p times the best one's probability", share)
    .option("--typical-p <p>", "draw from the most typical characters that make up p together", probability)
    .option("--top-n-sigma <n>", "draw from the characters within n standard deviations of the best logit", positive)
    .option("--xtc <p>", "in this share of the draws, leave out all likely characters (above 0.1) but the last", share)
    .option("--mirostat <bits>", "hold the surprise at so many bits a character, whatever the text", positive)
    .option("--ban <characters>", "never write any of these", readEscapes)
    .option("--logit-bias <c=x>", "add x to the logit of the character c, such as e=-2; repeatable", repeated(bias))

    .optionsGroup("Against repetition:")
    .option("--repetition-penalty <x>", "above 1: what was written lately is less likely", positive)
    .option("--frequency-penalty <x>", "less likely with each time it was written lately", anyNumber)
    .option("--presence-penalty <x>", "less likely once it was written lately", anyNumber)
    .option("--penalty-window <n>", "how many characters are lately, or all (default: 64)", lastCharacters)
    .option("--spare-prompt", "do not count the prompt's characters")
    .option("--dry <x>", "passages of 12 characters and more are less likely to come again; 0.8 is usual", positive)

    .optionsGroup("The model, and what is printed:")
    .addOption(
      new Option(
        "--context <name>",
        "remember the whole text, or read the last window again for each character (default: as it was trained)",
      ).choices(["stream", "window"]),
    )
    .addOption(useOption())
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .option("--show-probabilities", "shade each character by its probability; with --json, list them")
    .option("--json", "print one object a text")
    .optionsGroup("Help:");
}

/** A dash is stdin, and stays one. */
function prompt(text: string): string {
  return text === "-" ? text : readEscapes(text);
}

/** Refuses beginnings from two places, and what does not go with items. */
export function checkGenerateFlags({
  prompt,
  promptFile,
  interactive,
  items,
  count,
  showProbabilities,
}: GenerateFlags): void {
  const given = [
    ...(prompt === undefined ? [] : ["--prompt"]),
    ...(promptFile === undefined ? [] : ["--prompt-file"]),
    ...(interactive ? ["--interactive"] : []),
  ];
  if (given.length > 1) {
    throw new CliError("BAD_USAGE", `${given.join(" and ")} both say what to start from: give one of them`);
  }
  if (items === undefined) return;
  const others = [
    ...(interactive ? ["--interactive"] : []),
    ...(count > 1 ? ["--count"] : []),
    ...(showProbabilities ? ["--show-probabilities"] : []),
  ];
  if (others.length > 0) {
    throw new CliError("BAD_USAGE", `${others.join(" and ")} does not go with --items: leave one of them out`);
  }
}

/** DRY for characters: a passage of a few words may come again, and more of it ever less likely. */
const dryForCharacters = { base: 1.2, allowedLength: 12, window: 2000 };
const xtcThreshold = 0.1;

/** What the flags say of how characters are drawn, but for the temperature; empty where they say nothing. */
export function samplingOptions(flags: GenerateFlags, vocabulary: Vocabulary): Partial<GenerateOptions> {
  const { topK, topP, minP, typicalP, topNSigma, temperatureLast, dry, xtc, mirostat } = flags;
  const { repetitionPenalty, frequencyPenalty, presencePenalty, penaltyWindow, ban, logitBias } = flags;
  const given = {
    ...{ topK, topP, minP, typicalP, topNSigma, temperatureLast },
    ...{ repetitionPenalty, frequencyPenalty, presencePenalty, penaltyWindow },
    penalizePrompt: flags.sparePrompt ? false : undefined,
    dry: dry === undefined ? undefined : { multiplier: dry, ...dryForCharacters },
    xtc: xtc === undefined ? undefined : { probability: xtc, threshold: xtcThreshold },
    mirostat: mirostat === undefined ? undefined : { target: mirostat },
    bannedIds: ban === undefined ? undefined : [...ban].flatMap((character) => vocabulary.idOf(character) ?? []),
    logitBias: logitBias && new Map(logitBias.map(([character, value]) => [knownId(character, vocabulary), value])),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function knownId(character: string, vocabulary: Vocabulary): number {
  const id = vocabulary.idOf(character);
  if (id !== undefined) return id;
  throw new CliError("BAD_USAGE", `--logit-bias: the model does not know ${JSON.stringify(character)}`);
}
