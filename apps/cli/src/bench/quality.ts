import {
  batchSource,
  createEngineBackend,
  evaluate,
  type PresetName,
  presets,
  splitText,
  type TrainingSettings,
  train,
} from "@charlstm/training";
import { Command } from "commander";
import { list, positive, share } from "../arguments.js";
import { createBackend } from "../backends.js";
import { baselines } from "../baselines.js";
import type { RecipeChoice } from "../book.js";
import { CliError } from "../errors.js";
import { type Io, say, write } from "../io.js";
import { recipeOption } from "../train-options.js";
import { openTrainingText, type TrainingText } from "../training-text.js";

interface QualityFlags {
  runs: PresetName[];
  heldOut: number[];
  recipe?: RecipeChoice;
  minutes: number;
  offline?: boolean;
  json?: boolean;
}

/** How good a recipe is after a while: scored on windows of the held-out text, whatever it trained on. */
interface QualityRow {
  run: PresetName;
  epoch: number;
  /** Spent in updates. */
  seconds: number;
  /** Characters read in updates, rows × length of every batch. */
  characters: number;
  /** On the training text, in nats. */
  loss: number;
  /** On every third 60-character window of the held-out text, in nats. */
  heldOutLoss: number;
}

const scoredWindow = 60;
const scoredStride = 3;

/** `charlstm bench quality [books...]` */
export function qualityCommand(io: Io): Command {
  return new Command("quality")
    .description("Train by several recipes on the same texts, and compare the held-out loss by seconds and characters.")
    .argument("[books...]", "Gutenberg ids, paths or URLs (default: Pride and Prejudice)")
    .option("--runs <preset,...>", "presets to compare", list(presetName), [
      "notebook",
      "quick",
      "large",
    ] as PresetName[])
    .option("--held-out <share,...>", "share of each book held out; the last one serves the rest", list(share), [0.05])
    .option("--minutes <n>", "training time of each run at most", positive, 10)
    .addOption(recipeOption())
    .option("--offline", "use the cache only, never the network")
    .option("--json", "print one object a row")
    .action((books: string[], flags: QualityFlags) => runQuality(io, books, flags));
}

function presetName(name: string): PresetName {
  if (!(name in presets))
    throw new CliError("BAD_USAGE", `there is no preset ${name}: use ${Object.keys(presets).join(", ")}`);
  return name as PresetName;
}

async function runQuality(io: Io, books: readonly string[], flags: QualityFlags): Promise<void> {
  for (const [index, book] of (books.length > 0 ? books : [undefined]).entries()) {
    const heldOut = flags.heldOut[index] ?? flags.heldOut.at(-1)!;
    const text = await openTrainingText(io, book, { recipe: flags.recipe ?? "auto", offline: flags.offline });
    const split = splitText(text.ids, heldOut);
    const title = `${text.title ?? text.name ?? "text"}: ${text.ids.length} characters, the last ${100 * heldOut} % held out`;
    if (!flags.json) await write(io.stdout, `${title}\n${head}\n`);
    for (const run of flags.runs) {
      for await (const row of trainAndScore(io, text, { ...presets[run], heldOut }, run, flags.minutes)) {
        await write(
          io.stdout,
          flags.json ? `${JSON.stringify({ book: text.title ?? text.name, ...row })}\n` : `${format(row)}\n`,
        );
      }
    }
    const beside = baselines(split, text.vocabulary);
    if (!flags.json)
      await write(io.stdout, `${beside.map(({ name, loss }) => `${name}: ${figures(loss)}`).join("\n")}\n\n`);
  }
}

/** Trains by one recipe and scores after each epoch, until the time is up; what scoring takes does not count. */
async function* trainAndScore(
  io: Io,
  text: TrainingText,
  preset: TrainingSettings,
  run: PresetName,
  minutes: number,
): AsyncGenerator<QualityRow, void, void> {
  const settings = { ...preset, temperatures: [] };
  const { train: trained, heldOut } = splitText(text.ids, settings.heldOut);
  const { units, dropout, window, objective, optimizer, clipNorm, seed } = settings;
  const vocabularySize = text.vocabulary.size;
  const backend = await createBackend("engine", {
    architecture: { vocabularySize, window, units, dropout },
    ...{ objective, optimizer, clipNorm, seed, rows: batchSource(trained, settings).rows },
  });
  const scorer = await createEngineBackend({
    architecture: { vocabularySize, window: scoredWindow, units, dropout: 0 },
    ...{ objective: "window", optimizer: { name: "sgd" }, rows: 128, seed, purpose: "scoring" },
  });
  try {
    let seconds = 0;
    let characters = 0;
    for await (const event of train(backend, text, { settings, signal: io.signal })) {
      if (event.type === "step-end") {
        seconds += event.seconds;
        characters += event.characters;
      } else if (event.type === "epoch-end") {
        scorer.writeWeights(await backend.readWeights());
        const scored = await evaluate(scorer, heldOut, {
          context: "window",
          window: scoredWindow,
          stride: scoredStride,
        });
        yield { run, epoch: event.epoch, seconds, characters, loss: event.loss, heldOutLoss: scored.loss };
        if (seconds > 60 * minutes) {
          say(io, `${run}: ${minutes} minutes are over`);
          return;
        }
      }
    }
  } finally {
    await backend.dispose();
    await scorer.dispose();
  }
}

const head = "run       epoch  seconds  characters  training loss  held out: nats    bits";

function format({ run, epoch, seconds, characters, loss, heldOutLoss }: QualityRow): string {
  const cells = [
    String(epoch).padStart(5),
    seconds.toFixed(1).padStart(9),
    `${(characters / 1e6).toFixed(1)}M`.padStart(12),
  ];
  return `${run.padEnd(10)}${cells.join("")}${loss.toFixed(4).padStart(15)}${heldOutLoss.toFixed(4).padStart(16)}${(heldOutLoss / Math.LN2).toFixed(4).padStart(8)}`;
}

function figures(loss: number): string {
  return `${loss.toFixed(4)} nats, ${(loss / Math.LN2).toFixed(4)} bits`;
}
