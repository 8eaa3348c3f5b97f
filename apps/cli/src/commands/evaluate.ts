import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Backend,
  type CopiedPassage,
  type Evaluation,
  evaluate,
  generate,
  itemKindOf,
  longestCopiedPassage,
  splitItems,
  splitText,
  type TrainingSettings,
} from "@charlstm/training";
import { encodeStream, type Ids, type Vocabulary, vocabularyFromJSON } from "@charlstm/vectorize";
import { Command, Option } from "commander";
import { type BackendName, backendNames } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { backendOf, modelArgument, openModel, useOption } from "../model/model.js";
import { type ModelChoice, readRunRecord, runPaths } from "../run/folder.js";
import { openRecordedText, type RecordedText, recordedCleaning, recordedRecipe } from "../run/recorded-text.js";
import { share, wholeNumber } from "../terminal/arguments.js";
import { commandLine } from "../terminal/invocation.js";
import { type Io, printJson, write } from "../terminal/io.js";
import { terminalJson } from "../terminal/terminal-text.js";
import { type Baseline, baselines } from "../texts/baselines.js";
import type { RecipeChoice } from "../texts/book.js";
import { addBookFlags, type BookFlags, cleaningOf } from "../texts/book-flags.js";
import { countCopies, type ItemCopies } from "../texts/item-copies.js";
import { openTexts, piecesOf, type TrainingText } from "../texts/training-text.js";
import { recipeOption } from "../train/options.js";

interface EvaluateFlags extends BookFlags {
  recipe?: RecipeChoice;
  heldOut?: number;
  context?: "stream" | "window";
  stride: number;
  sampleLength: number;
  use?: ModelChoice;
  backend: BackendName;
  json?: boolean;
}

/** `charlstm evaluate <model> [book...]` */
export function evaluateCommand(io: Io): Command {
  const command = new Command("evaluate")
    .description("Measure how well a model predicts a text: loss, bits per character, perplexity, accuracy.")
    .argument("<model>", modelArgument)
    .argument("[book...]", "texts, as train takes them (default: what it was trained on)")
    .addOption(recipeOption())
    .option("--held-out <share>", "score only this share, at the end of each text", share)
    .addOption(
      new Option("--context <name>", "what the model knows (default: as it was trained)").choices(["stream", "window"]),
    )
    .option("--stride <n>", "characters between two windows, with --context window", wholeNumber(1), 1)
    .option(
      "--sample-length <n>",
      "characters to write and look for in the text, to find what was learnt by heart",
      wholeNumber(0),
      2000,
    )
    .addOption(useOption())
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"));
  return addBookFlags(command)
    .option("--json", "print one object")
    .action((model: string, books: string[], flags: EvaluateFlags) => runEvaluate(io, model, books, flags));
}

async function runEvaluate(io: Io, path: string, books: readonly string[], flags: EvaluateFlags): Promise<void> {
  const checkpoint = await openModel(io, path, flags.use);
  const settings = checkpoint.settings as TrainingSettings;
  const trained = (checkpoint.metadata ?? {}) as RecordedText & { prompt?: string };
  const isOwn = books.length === 0;
  const items = itemKindOf(checkpoint);
  if (items !== undefined && flags.context !== undefined)
    throw new CliError(
      "BAD_USAGE",
      `--context ${flags.context} is not for a model of items, which reads each from its beginning: leave it out`,
    );
  const recipe = flags.recipe ?? recordedRecipe(trained) ?? "auto";
  const text = isOwn
    ? await openRecordedText(io, await recordOf(io, path, trained), {
        ...{ recipe, flags, items },
        command: (...words) => commandLine(io, "evaluate", path, ...words),
      })
    : await openTexts(io, books, { ...flags, ...recordedCleaning(trained), ...cleaningOf(flags), items, recipe });
  const vocabulary = vocabularyFromJSON(checkpoint.vocabulary);
  const ids = await idsIn(vocabulary, text, io.signal);
  const heldOut = flags.heldOut ?? (isOwn ? settings.heldOut : 0);
  const context = items ? "items" : (flags.context ?? (checkpoint.objective === "window" ? "window" : "stream"));
  const backend = await backendOf(io, checkpoint, flags.backend, {
    objective: context === "window" ? "window" : "sequence",
    rows: 128,
  });
  try {
    const { window } = checkpoint.architecture;
    // Before the text is split: several are moved then.
    const looksForCopies = flags.sampleLength > 0;
    const copied =
      looksForCopies && !items
        ? { copied: await findCopies(io, backend, vocabulary, ids, flags.sampleLength, trained.prompt) }
        : {};
    const split = items ? splitItems(ids, heldOut) : splitText(ids, heldOut, text.several?.places);
    const copies =
      looksForCopies && items
        ? { items: await countCopies(io, backend, { vocabulary, train: split.train, maxLength: flags.sampleLength }) }
        : {};
    const scored = heldOut > 0 ? split.heldOut : split.train;
    const evaluation = await evaluate(backend, scored, { context, window, stride: flags.stride, signal: io.signal });
    const facts = {
      split: splitName(heldOut, text, items !== undefined),
      characters: scored.length,
      context,
      ...evaluation,
      ...(heldOut > 0 ? { baselines: await baselines(io, split, vocabulary) } : {}),
      ...copied,
      ...copies,
    };
    if (flags.json) await printJson(io, facts);
    else await write(io.stdout, report(facts));
  } finally {
    await backend.dispose();
  }
}

function splitName(heldOut: number, { several }: TrainingText, isOfItems: boolean): string {
  if (heldOut === 0) return "whole text";
  if (isOfItems) return `${100 * heldOut} % of the items, evenly among all`;
  return `last ${100 * heldOut} %${several && several.texts.length > 1 ? " of each text" : ""}`;
}

/** What a model says of its text: of very many texts, the run that it is in has the list. */
async function recordOf(io: Io, path: string, trained: RecordedText): Promise<RecordedText> {
  const folder = resolve(io.folder, path);
  const isIncomplete = Array.isArray(trained.book) && !(trained.corpus as { texts?: unknown } | undefined)?.texts;
  return isIncomplete && existsSync(runPaths(folder).record) ? readRunRecord(folder) : trained;
}

/** A text's ids in a model's vocabulary. */
async function idsIn(vocabulary: Vocabulary, text: TrainingText, signal: AbortSignal): Promise<Ids> {
  if (text.vocabulary.characters.join("") === vocabulary.characters.join("")) return text.ids;
  return (await encodeStream(piecesOf(text), { vocabulary, capacity: text.ids.length, signal })).ids;
}

/** The longest passage of a text that the model writes, always the same one, that stands in the corpus. */
async function findCopies(
  io: Io,
  backend: Backend,
  vocabulary: Vocabulary,
  ids: Ids,
  length: number,
  prompt = vocabulary.characters[0]!,
): Promise<CopiedPassage> {
  let written = "";
  const options = { prompt, length, temperature: 0.5, seed: 0, context: "stream", signal: io.signal } as const;
  for await (const { character } of generate(backend, vocabulary, options)) written += character;
  let longest = longestCopiedPassage(written, "");
  let before = ""; // the end of what came before a piece: a copy may span both
  let units = 0;
  for await (const piece of piecesOf({ ids, vocabulary })) {
    io.signal.throwIfAborted();
    const passage = longestCopiedPassage(written, before + piece);
    const corpusAt = units - before.length + passage.corpusAt;
    if (passage.length > longest.length) longest = { ...passage, corpusAt };
    units += piece.length;
    before = (before + piece).slice(-written.length);
  }
  return longest;
}

function report({
  baselines,
  copied,
  items,
  ...facts
}: Evaluation & { baselines?: Baseline[]; copied?: CopiedPassage; items?: ItemCopies }): string {
  const shown = (value: string | number) =>
    typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : String(value);
  const rows = [
    ...Object.entries(facts).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      shown(value),
    ]),
    ...(baselines ?? []).map(({ name, loss }) => [name, `${shown(loss)} (${shown(loss / Math.LN2)} bits)`]),
    ...(items ? [["items written", `${items.written}: ${items.copied} copied from the text, ${items.new} new`]] : []),
    ...(copied ? [["longest copy", `${copied.length} characters: ${terminalJson(copied.text)}`]] : []),
  ];
  return rows.map(([name, value]) => `${name!.padEnd(20)}${value}\n`).join("");
}
