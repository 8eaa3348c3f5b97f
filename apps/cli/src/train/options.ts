import { allBuilds, type Build } from "@charlstm/engine";
import {
  type ItemKind,
  itemKinds,
  type OptimizerConfig,
  type PresetName,
  presets,
  type TrainingSettings,
} from "@charlstm/training";
import { type Command, Option } from "commander";
import { type BackendName, backendNames } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { type ModelChoice, useOption } from "../model/model.js";
import type { SavingChoices } from "../run/folder.js";
import { list, number, positive, share, temperature, wholeNumber, zeroOrMore } from "../terminal/arguments.js";
import type { RecipeChoice } from "../texts/book.js";
import { addBookFlags, type BookFlags } from "../texts/book-flags.js";

/** The flags of `train`, as commander hands them over; what was not given is missing. */
export interface TrainFlags extends BookFlags {
  preset: PresetName;
  recipe?: RecipeChoice;
  epochs?: number;
  maxSteps?: number;
  units?: number[];
  layers?: number;
  dropout?: number;
  window?: number;
  stride?: number;
  batch?: number;
  objective?: "window" | "sequence";
  items?: ItemKind;
  optimizer?: OptimizerConfig["name"];
  learningRate?: number;
  warmupSteps?: number;
  decay?: "constant" | "cosine";
  finalRate?: number;
  clipNorm?: number;
  heldOut?: number;
  temperatures?: number[];
  sampleLength?: number;
  backend: BackendName;
  engineBuild?: Build | "auto";
  threads?: number;
  seed?: number;
  out?: string;
  from?: string;
  resume?: string;
  keep?: number;
  checkpointMinutes?: number;
  patience?: number;
  use?: ModelChoice;
  tensorboard?: boolean;
  quiet?: boolean;
  json?: boolean;
}

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  command
    .addOption(new Option("--preset <name>", "settings to start from").choices(Object.keys(presets)).default("quick"))
    .addOption(recipeOption())
    .option("--epochs <n>", "passes over the text", wholeNumber(1))
    .option("--max-steps <n>", "stop after this many updates", wholeNumber(1))
    .option("--units <n,...>", "width of the LSTM state, or of each layer's", list(wholeNumber(1)))
    .option("--layers <n>", "LSTM layers of that width, 1 to 4", wholeNumber(1))
    .option("--dropout <share>", "share of each layer's outputs dropped in training", share)
    .option("--window <n>", "characters of a window or of a truncated stretch", wholeNumber(1))
    .option("--stride <n>", "characters between two window starts", wholeNumber(1))
    .option("--batch <n>", "rows of a batch", wholeNumber(1))
    .addOption(new Option("--objective <name>", "what the loss is taken over").choices(["window", "sequence"]))
    .addOption(
      new Option("--optimizer <name>", "how gradients become updates").choices(["rmsprop", "adam", "adamw", "sgd"]),
    )
    .option("--learning-rate <rate>", "the highest learning rate", positive)
    .option("--warmup-steps <n>", "updates over which the learning rate rises", wholeNumber(0))
    .addOption(new Option("--decay <name>", "how the learning rate falls").choices(["constant", "cosine"]))
    .option(
      "--final-rate <share>",
      "share of the learning rate left at the end",
      number("a number from 0 to 1", (value) => value >= 0 && value <= 1),
    )
    .option("--clip-norm <norm>", "largest global norm of the gradient; 0: no clipping", zeroOrMore)
    .addOption(
      new Option("--items <kind>", "what of the text is an item that is learnt from its beginning to its end").choices([
        ...itemKinds,
      ]),
    )
    .option("--held-out <share>", "share of each text, at its end, or of the items, that only measures", share)
    .option("--temperatures <t,...>", "temperatures of the samples", list(temperature))
    .option("--sample-length <n>", "characters of each sample", wholeNumber(0))
    .addOption(new Option("--backend <name>", "where the arithmetic runs").choices([...backendNames]).default("auto"))
    .addOption(
      new Option(
        "--engine-build <name>",
        "what the engine was compiled for (default: the fastest that runs here)",
      ).choices(["auto", ...allBuilds]),
    )
    .option("--threads <n>", "threads of the engine, at most 64 (default: one a core, at most 8)", wholeNumber(1))
    .option("--seed <n>", "starts every random choice", wholeNumber(0))
    .option("--out <folder>", "folder of the run (default: runs/<book>-<n>)")
    .option(
      "--from <model>",
      "learn further from a model: a run, a checkpoint, or files of another tool, as import reads",
    )
    .option("--resume <run>", "go on with a run from its newest checkpoint")
    .option("--keep <n>", "newest checkpoints kept, beside the best (default: 3)", wholeNumber(1))
    .option("--checkpoint-minutes <n>", "minutes between checkpoints within an epoch (default: 10)", positive)
    .option("--patience <n>", "stop after n epochs without a new lowest loss; 0: never", wholeNumber(0))
    .addOption(
      useOption("the epoch that model/ and the .h5 take: the best on the held-out text, or the last (default: best)"),
    )
    .option("--tensorboard", "write event files for TensorBoard into the run's folder");
  return addBookFlags(command)
    .option("--quiet", "no samples and no table on the terminal, a line an epoch")
    .option("--json", "print events as JSON lines on stdout");
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

/** The settings that a preset, or an earlier run, and the flags make together. */
export function settingsFrom(base: TrainingSettings, flags: TrainFlags): TrainingSettings {
  const units = flags.units ?? base.units;
  const given = {
    epochs: flags.epochs,
    maxSteps: flags.maxSteps,
    dropout: flags.dropout,
    window: flags.window,
    stride: flags.stride,
    batch: flags.batch,
    objective: flags.objective,
    items: flags.items,
    learningRate: flags.learningRate,
    warmupSteps: flags.warmupSteps,
    decay: flags.decay,
    finalRate: flags.finalRate,
    clipNorm: flags.clipNorm,
    patience: flags.patience,
    heldOut: flags.heldOut,
    temperatures: flags.temperatures,
    sampleLength: flags.sampleLength,
    seed: flags.seed,
  };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
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
