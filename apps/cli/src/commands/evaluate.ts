import { evaluate, splitText, type TrainingSettings } from "@charlstm/training";
import { encode, vocabularyFromJSON } from "@charlstm/vectorize";
import { Command, Option } from "commander";
import { share, wholeNumber } from "../arguments.js";
import { type BackendName, backendNames } from "../backends.js";
import { openBook, type RecipeChoice } from "../book.js";
import { type Io, write } from "../io.js";
import { backendOf, openModel } from "../model.js";
import { recipeOption } from "../train-options.js";

interface EvaluateFlags {
  recipe?: RecipeChoice;
  heldOut?: number;
  context?: "stream" | "window";
  stride: number;
  backend: BackendName;
  offline?: boolean;
  json?: boolean;
}

/** `charlstm evaluate <model> [book]` */
export function evaluateCommand(io: Io): Command {
  return new Command("evaluate")
    .description("Measure how well a model predicts a text: loss, bits per character, perplexity, accuracy.")
    .argument("<model>", "the folder of a run or of a checkpoint")
    .argument("[book]", "a Gutenberg id, a path, a URL, or - for stdin (default: the book it was trained on)")
    .addOption(recipeOption())
    .option("--held-out <share>", "score only this share, at the end of the text", share)
    .addOption(
      new Option("--context <name>", "what the model knows (default: as it was trained)").choices(["stream", "window"]),
    )
    .option("--stride <n>", "characters between two windows, with --context window", wholeNumber(1), 1)
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .option("--offline", "use the cache only, never the network")
    .option("--json", "print one object")
    .action((model: string, book: string | undefined, flags: EvaluateFlags) => runEvaluate(io, model, book, flags));
}

async function runEvaluate(io: Io, path: string, book: string | undefined, flags: EvaluateFlags): Promise<void> {
  const checkpoint = await openModel(io, path);
  const settings = checkpoint.settings as TrainingSettings;
  const trained = checkpoint.metadata as { book?: string | null; corpus?: { recipe?: RecipeChoice } };
  const recipe = flags.recipe ?? trained.corpus?.recipe ?? "auto";
  const { corpus } = await openBook(io, book === undefined ? trained.book : book, { recipe, offline: flags.offline });
  const ids = encode(corpus.text, vocabularyFromJSON(checkpoint.vocabulary));
  const heldOut = flags.heldOut ?? (book === undefined ? settings.heldOut : 0);
  const scored = heldOut > 0 ? splitText(ids, heldOut).heldOut : ids;
  const context = flags.context ?? (checkpoint.objective === "window" ? "window" : "stream");
  const objective = context === "window" ? "window" : "sequence";
  const backend = await backendOf(checkpoint, flags.backend, { objective, rows: 128 });
  try {
    const { window } = checkpoint.architecture;
    const evaluation = await evaluate(backend, scored, { context, window, stride: flags.stride, signal: io.signal });
    const facts = {
      split: heldOut > 0 ? `last ${100 * heldOut} %` : "whole text",
      characters: scored.length,
      context,
      ...evaluation,
    };
    await write(io.stdout, flags.json ? `${JSON.stringify(facts)}\n` : report(facts));
  } finally {
    await backend.dispose();
  }
}

function report(facts: Record<string, string | number>): string {
  const shown = (value: string | number) =>
    typeof value === "number" && !Number.isInteger(value) ? value.toFixed(4) : String(value);
  return Object.entries(facts)
    .map(
      ([name, value]) =>
        `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(20)}${shown(value)}\n`,
    )
    .join("");
}
