import { availableParallelism } from "node:os";
import { settingsTable, type TrainingSettings } from "@charlstm/training";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CliError } from "../errors.js";
import { wholeNumber } from "../terminal/arguments.js";
import { addBookFlags, type BookFlags } from "../texts/book-flags.js";
import { presetOption, recipeOption, settingOption, type TrainFlags } from "../train/options.js";
import { type Axis, axisForms, axisOf, type Space, type Values, type Varied, variedNames } from "./space.js";

/** The flags of `sweep`; a setting that trials may differ in has an axis. */
export interface SweepFlags
  extends BookFlags,
    Partial<Omit<TrainingSettings, Varied>>,
    Pick<TrainFlags, "preset" | "recipe" | "threads" | "out" | "json">,
    Partial<Record<Varied, Axis>> {
  trials?: number;
  halving?: boolean;
  parallel?: number;
  bestTo?: string;
  resume?: string;
  queue?: string;
  store?: string;
  cancel?: boolean;
}

/** Adds the flags of `sweep` to a command. */
export function addSweepFlags(command: Command): Command {
  command.addOption(presetOption()).addOption(recipeOption());
  for (const [name, facts] of Object.entries(settingsTable)) {
    if (name === "seed") continue;
    if (!variedNames.includes(name as Varied)) command.addOption(settingOption(facts));
    else
      command.addOption(new Option(facts.flag.replace(/<.*>/, "<values>"), facts.help).argParser(axis(name as Varied)));
  }
  return addBookFlags(command)
    .option("--trials <n>", "draw so many points of the search space (default: all of a grid)", wholeNumber(1))
    .option("--seed <n>", "starts the draw, and every trial (default: 1)", wholeNumber(0))
    .option("--halving", "stop what lags: a third of the trials goes on at each rung of epochs (ASHA)")
    .option("--parallel <n>", "trials at a time (default: 1)", wholeNumber(1))
    .option("--threads <n>", "threads of each trial (default: the cores, shared out; with --queue 1)", wholeNumber(1))
    .option("--out <folder>", "folder of the sweep (default: runs/sweep-<book>-<n>)")
    .option("--best-to <folder>", "copy the best trial's model there; of several texts, one in it for each")
    .option("--resume <sweep>", "go on with a sweep")
    .option("--queue <address>", "give the trials out to workers, by the Redis at redis://host:6379")
    .option(
      "--store <place>",
      "with --queue: keep the runs in a folder that all machines see, or s3://bucket/folder (default: Redis)",
    )
    .option("--cancel", "with --resume and --queue: take the trials out of the queue")
    .option("--json", "print the trials as JSON lines on stdout, the best first");
}

function axis(name: Varied): (text: string) => Axis {
  return (text) => {
    const read = axisOf(name, text);
    if (!("problems" in read)) return read;
    throw new InvalidArgumentError(`${read.problems.join("; ")} (${axisForms}).`);
  };
}

/** Flags that go with `--resume`. */
const resumable: ReadonlySet<string> = new Set([
  "resume",
  "parallel",
  "bestTo",
  "json",
  "queue",
  "store",
  "cancel",
  "debug",
]);

/**
 * Refuses flags that a sweep which goes on would not heed.
 *
 * @throws {CliError} `BAD_USAGE`, naming the flag.
 */
export function refuseWithResume(command: Command): void {
  const given = command.options.filter(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === "cli" && !resumable.has(option.attributeName()),
  );
  if (given.length === 0 && command.args.length === 0) return;
  const what = [...given.map(({ long }) => long), ...command.args].join(", ");
  throw new CliError("BAD_USAGE", `${what} does not go with --resume: it goes on with the trials that it began with`);
}

/** What trials differ in: the settings that were given more than one value. */
export function spaceOf(flags: Partial<SweepFlags>): Space {
  return Object.fromEntries(axesOf(flags).filter(([, axis]) => axis.kind === "range" || axis.values.length > 1));
}

/** The settings that all trials share, as flags have them. */
export function sharedOf(flags: Partial<SweepFlags>): Values {
  const { items, heldOut, temperatures, sampleLength, patience, maxSteps } = flags;
  const given = Object.entries({ items, heldOut, temperatures, sampleLength, patience, maxSteps });
  const single = axesOf(flags).flatMap(([name, axis]) =>
    axis.kind === "list" && axis.values.length === 1 ? [[name, axis.values[0]]] : [],
  );
  return Object.fromEntries([...given.filter(([, value]) => value !== undefined), ...single]);
}

function axesOf(flags: Partial<SweepFlags>): [Varied, Axis][] {
  return variedNames.flatMap((name): [Varied, Axis][] => (flags[name] ? [[name, flags[name]]] : []));
}

/** The cores, shared out among trials that run side by side. */
export function sharedThreads(parallel: number): number {
  return Math.max(1, Math.min(8, Math.floor(availableParallelism() / parallel)));
}
