import { allBuilds, type Build } from "@charlstm/engine";
import {
  expectedOf,
  isInRange,
  type OptimizerConfig,
  type PresetName,
  presets,
  type SettingFacts,
  type SettingRange,
  settingsTable,
  type TrainingSettings,
} from "@charlstm/training";
import { type Command, Option } from "commander";
import { type BackendName, backendNames } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { useOption } from "../model/model.js";
import type { ModelChoice, SavingChoices } from "../run/folder.js";
import { list, number, positive, wholeNumber } from "../terminal/arguments.js";
import type { RecipeChoice } from "../texts/book.js";
import { addBookFlags, type BookFlags } from "../texts/book-flags.js";

/** The flags of `train`, as commander hands them over; what was not given is missing. */
export interface TrainFlags extends BookFlags, Partial<Omit<TrainingSettings, "optimizer">> {
  preset: PresetName;
  recipe?: RecipeChoice;
  layers?: number;
  optimizer?: OptimizerConfig["name"];
  backend: BackendName;
  engineBuild?: Build | "auto";
  threads?: number;
  out?: string;
  from?: string;
  resume?: string;
  keep?: number;
  checkpointMinutes?: number;
  use?: ModelChoice;
  tensorboard?: boolean;
  quiet?: boolean;
  json?: boolean;
}

/** Adds the flags that say what a training is of: its settings, and how its text is read. */
export function addSettingFlags(command: Command): Command {
  command.addOption(presetOption()).addOption(recipeOption());
  for (const [name, facts] of Object.entries(settingsTable)) {
    command.addOption(settingOption(facts));
    if (name === "units") command.option("--layers <n>", "LSTM layers of that width, 1 to 4", wholeNumber(1));
  }
  return addBookFlags(command);
}

export function presetOption(): Option {
  return new Option("--preset <name>", "settings to start from").choices(Object.keys(presets)).default("quick");
}

/** A setting's flag, for one value. */
export function settingOption({ flag, help, range }: SettingFacts): Option {
  const option = new Option(flag, help);
  return "of" in range && range.kind !== "list" ? option.choices(range.of) : option.argParser(inRange(range));
}

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  return addSettingFlags(command)
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .addOption(
      new Option(
        "--engine-build <name>",
        "what the engine was compiled for (default: the fastest that runs here)",
      ).choices(["auto", ...allBuilds]),
    )
    .option("--threads <n>", "threads of the engine, at most 64 (default: one a core, at most 8)", wholeNumber(1))
    .option("--out <folder>", "folder of the run (default: runs/<book>-<n>)")
    .option(
      "--from <model>",
      "learn further from a model: a run, a checkpoint, or files of another tool, as import reads",
    )
    .option("--resume <run>", "go on with a run from its newest checkpoint")
    .option("--keep <n>", "newest checkpoints kept, beside the best (default: 3)", wholeNumber(1))
    .option("--checkpoint-minutes <n>", "minutes between checkpoints within an epoch (default: 10)", positive)
    .addOption(
      useOption("the epoch that model/ and the .h5 take: the best on the held-out text, or the last (default: best)"),
    )
    .option("--tensorboard", "write event files for TensorBoard into the run's folder")
    .option("--quiet", "no samples and no table on the terminal, a line an epoch")
    .option("--json", "print events as JSON lines on stdout");
}

/** Reads what a setting may be. */
function inRange(range: SettingRange): (text: string) => unknown {
  if (range.kind === "list") return list(inRange(range.of));
  if (range.kind === "whole") return wholeNumber(range.least);
  return number(expectedOf(range), (value) => isInRange(range, value));
}

/** What a run saves: as the flags say, else as an earlier run's record does. */
export function savingFrom(flags: TrainFlags, recorded: SavingChoices = {}): SavingChoices {
  const { keep, checkpointMinutes, tensorboard, use } = flags;
  const given = Object.entries({ keep, checkpointMinutes, tensorboard, use }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...recorded, ...Object.fromEntries(given) };
}

/** Flags that go with neither of two ways to go on, and why. */
const ignored = {
  resume: {
    out: "it goes on in its own folder",
    preset: "it goes on with the settings that it began with",
    from: "it goes on with its own model",
    items: "it goes on with the items that it began with",
  },
  from: {
    units: "the model has its own",
    layers: "the model has its own",
    objective: "the model has its own",
  },
} as const;

/**
 * Refuses flags that a run would not heed.
 *
 * @throws {CliError} `BAD_USAGE`, naming the flag.
 */
export function refuseIgnoredFlags(command: Command): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  for (const [way, reasons] of Object.entries(ignored)) {
    if (!isGiven(way)) continue;
    for (const [name, reason] of Object.entries(reasons)) {
      if (!isGiven(name)) continue;
      throw new CliError(
        "BAD_USAGE",
        `--${name} does not go with --${way}: ${reason}; leave --${name} out, or start a new run without --${way}`,
      );
    }
  }
  const { backend } = command.opts<TrainFlags>();
  if (isGiven("engineBuild") && backend !== "auto" && backend !== "engine") {
    throw new CliError(
      "BAD_USAGE",
      `--engine-build does not go with --backend ${backend}: it is the engine's; leave one of them out`,
    );
  }
}

export function recipeOption(): Option {
  return new Option(
    "--recipe <name>",
    "how the text is cleaned (default: notebook with --preset notebook and for the notebook's edition, else gutenberg)",
  ).choices(["gutenberg", "notebook"]);
}

/** The flags that say what a training's settings are. */
export type SettingFlags = Pick<TrainFlags, "preset" | "layers" | keyof TrainingSettings>;

/** The settings that a preset, or an earlier run, and the flags make together. */
export function settingsFrom(base: TrainingSettings, flags: Omit<SettingFlags, "preset">): TrainingSettings {
  const units = flags.units ?? base.units;
  const given = Object.keys(settingsTable).map((name) => [name, flags[name as keyof TrainingSettings]]);
  const chosen = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return {
    ...base,
    ...chosen,
    units:
      flags.layers === undefined
        ? units
        : Array.from({ length: flags.layers }, (_, layer) => units[layer] ?? units.at(-1)!),
    optimizer: flags.optimizer && flags.optimizer !== base.optimizer.name ? { name: flags.optimizer } : base.optimizer,
  };
}
