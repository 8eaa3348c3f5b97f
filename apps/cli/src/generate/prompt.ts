import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { cleanPrompt as cleanLikeText, decodeText } from "@charlstm/corpus";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { isTrainingError, itemMark, namesOf } from "@charlstm/training";
import type { Vocabulary } from "@charlstm/vectorize";
import { CliError } from "../errors.js";
import { recordedCleaning, recordedRecipe } from "../run/recorded-text.js";
import type { Io } from "../terminal/io.js";
import type { GenerateFlags } from "./options.js";

/** More than any context can make use of; a whole library by mistake is refused instead of read. */
const largestPrompt = 2 ** 20;

/** What the text starts from: `--prompt`, `--prompt -`, `--prompt-file`, or the beginning of the book. */
export async function promptOf(
  io: Io,
  flags: GenerateFlags,
  metadata: Checkpoint["metadata"],
  vocabulary: Vocabulary,
): Promise<string> {
  if (flags.prompt === "-") return cleanPrompt(await readAll(io.stdin), metadata);
  if (flags.prompt !== undefined) return cleanPrompt(flags.prompt, metadata);
  if (flags.promptFile !== undefined)
    return cleanPrompt(await readPrompt(resolve(io.folder, flags.promptFile)), metadata);
  // An item begins with nothing before it.
  if (vocabulary.idOf(itemMark) !== undefined) return "";
  return String(metadata.prompt ?? vocabulary.characters[0]);
}

async function readPrompt(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new CliError("BAD_USAGE", `--prompt-file ${path} is no file: name a text to start from`);
  if (found.size > largestPrompt) {
    throw new CliError("BAD_USAGE", `--prompt-file ${path} has ${found.size} bytes: give at most ${largestPrompt}`);
  }
  return decodeText(await readFile(path)).text;
}

/** A prompt as the text's own cleaning, which the checkpoint tells, would have left its characters. */
export function cleanPrompt(prompt: string, metadata: Checkpoint["metadata"]): string {
  const recipe = recordedRecipe(metadata);
  const { foldCase } = recordedCleaning(metadata);
  // A text too large to be cleaned keeps its characters as they are.
  return recipe || foldCase ? cleanLikeText(prompt, { recipe, foldCase }) : prompt.replaceAll("\r\n", "\n");
}

/** The library's error about strange characters, in the words of the command line. */
export function inFlags(error: unknown): unknown {
  if (!isTrainingError(error) || error.code !== "UNKNOWN_PROMPT_CHARACTERS") return error;
  const { characters, unknown } = error.details as { characters: string[]; unknown: string };
  const nearest = unknown === "nearest" ? "" : ", or take the nearest that it knows (--unknown nearest)";
  return new CliError(
    "UNKNOWN_PROMPT_CHARACTERS",
    `the prompt has characters that the model never saw: ${namesOf(characters)}; write it without them, ` +
      `leave them out (--unknown skip)${nearest}`,
    { cause: error },
  );
}
