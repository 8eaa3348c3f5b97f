import { type PresetName, presets, splitText } from "@charlstm/training";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { list, positive, share, wholeNumber } from "../terminal/arguments.js";
import { type Io, printJson, say, write } from "../terminal/io.js";
import { terminalLine } from "../terminal/terminal-text.js";
import { baselines } from "../texts/baselines.js";
import type { RecipeChoice } from "../texts/book.js";
import { openTrainingText, type TrainingText } from "../texts/training-text.js";
import { recipeOption } from "../train/options.js";
import { describeHost, environmentLine } from "./environment.js";
import { type QualityRow, trainAndScore } from "./quality-run.js";
import { epochHead, epochLine, summaryLines } from "./quality-table.js";

interface QualityFlags {
  runs: PresetName[];
  epochs: Partial<Record<PresetName, number>>;
  heldOut: number[];
  recipe?: RecipeChoice;
  minutes: number;
  threads?: number;
  offline?: boolean;
  json?: boolean;
}

/** `charlstm bench quality [books...]` */
export function qualityCommand(io: Io): Command {
  return (
    new Command("quality")
      .description("Train by several recipes on the same texts: the held-out loss by seconds and by characters.")
      .argument("[books...]", "Gutenberg ids, paths or URLs (default: Pride and Prejudice)")
      .option("--runs <preset,...>", "presets to compare", list(presetName), [
        "notebook",
        "quick",
        "large",
      ] as PresetName[])
      .option("--epochs <preset=n,...>", "epochs of a preset, its schedule included (default: its own)", epochsOf, {})
      .option("--minutes <n>", "training time of each run at most; it then stops where it is", positive, 10)
      .option(
        "--held-out <share,...>",
        "share of each book held out; the last one serves the rest",
        list(share),
        [0.05],
      )
      .addOption(recipeOption())
      .option("--threads <n>", "threads of the engine (default: one a core)", wholeNumber(1))
      .option("--offline", "use the cache only, never the network")
      .option("--json", "print one object a row")
      // `bench` has a --json too, and takes it wherever it stands.
      .action((books: string[], _, command: Command) => runQuality(io, books, command.optsWithGlobals<QualityFlags>()))
  );
}

function presetName(name: string): PresetName {
  if (!Object.hasOwn(presets, name))
    throw new CliError("BAD_USAGE", `there is no preset ${name}: use ${Object.keys(presets).join(", ")}`);
  return name as PresetName;
}

function epochsOf(text: string): Partial<Record<PresetName, number>> {
  const pairs = text.split(",").map((pair) => pair.trim().split("=") as [string, string?]);
  return Object.fromEntries(pairs.map(([name, epochs = ""]) => [presetName(name), wholeNumber(1)(epochs)]));
}

async function runQuality(io: Io, books: readonly string[], flags: QualityFlags): Promise<void> {
  const environment = describeHost();
  if (flags.json) await printJson(io, { environment });
  else await write(io.stdout, `${environmentLine(environment)}\n`);
  for (const [index, book] of (books.length > 0 ? books : [undefined]).entries()) {
    const heldOut = flags.heldOut[index] ?? flags.heldOut.at(-1)!;
    const text = await openTrainingText(io, book, { recipe: flags.recipe ?? "auto", offline: flags.offline });
    await compareOn(io, { text, title: titleOf(text), heldOut }, flags);
  }
}

const titleOf = ({ title, name }: TrainingText): string =>
  title ?? (typeof name === "string" ? name.split(/[\\/]/).at(-1) : undefined) ?? "text";

/** Every recipe on one text, a line an epoch; then how each ended, beside what simpler models make of the same split. */
async function compareOn(
  io: Io,
  { text, title, heldOut }: { text: TrainingText; title: string; heldOut: number },
  flags: QualityFlags,
): Promise<void> {
  const split = splitText(text.ids, heldOut);
  const facts = `${text.ids.length} characters, ${text.vocabulary.size} distinct, recipe ${text.recipe}`;
  if (!flags.json) {
    const splitFacts = `the last ${100 * heldOut} % held out: ${split.heldOut.length} characters`;
    await write(io.stdout, `\n${terminalLine(title)}: ${facts}; ${splitFacts}\n\n${epochHead}\n`);
  }
  const last: QualityRow[] = [];
  for (const run of flags.runs) {
    const settings = { ...presets[run], heldOut, epochs: flags.epochs[run] ?? presets[run].epochs };
    const options = { threads: flags.threads, minutes: flags.minutes, signal: io.signal };
    let newest: QualityRow | undefined;
    for await (const row of trainAndScore(text, settings, options)) {
      newest = { run, ...row };
      if (flags.json) await printJson(io, { book: title, heldOutShare: heldOut, ...newest });
      else await write(io.stdout, `${epochLine(newest)}\n`);
    }
    if (!newest) continue;
    last.push(newest);
    if (newest.epoch < settings.epochs) say(io, `${run}: ${flags.minutes} minutes are over`);
  }
  const beside = await baselines(io, split, text.vocabulary);
  if (flags.json) await printJson(io, { book: title, baselines: beside });
  else await write(io.stdout, `\n${summaryLines(last, beside).join("\n")}\n`);
}
