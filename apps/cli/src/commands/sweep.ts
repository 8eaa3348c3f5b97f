import { mkdir, readdir } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { lockRun } from "../run/lock.js";
import { addSweepFlags, refuseWithResume, type SweepFlags } from "../sweep/flags.js";
import { readResults, readSweepRecord, turnsOf, writeSweepRecord } from "../sweep/folder.js";
import { type OpenSweep, runHere } from "../sweep/local.js";
import { planSweep, reopenTexts, sweepFolder } from "../sweep/open.js";
import { reportSweep } from "../sweep/results.js";
import { readSweepFile } from "../sweep/sweep-file.js";
import { commandLine } from "../terminal/invocation.js";
import { type Io, say } from "../terminal/io.js";

/** `charlstm sweep [book...]` */
export function sweepCommand(io: Io): Command {
  const command = new Command("sweep")
    .description("Train many models, to find the settings that suit a book, or one model for each of many books.")
    .argument("[book...]", "as train takes them, each a text of its own; or one sweep.json with books and flags in it");
  return addSweepFlags(command).action((words: string[], flags: SweepFlags) =>
    flags.resume === undefined ? begin(io, words, givenFlags(command, flags)) : goOn(io, command, flags),
  );
}

/** What stands on the command line alone: a file's values give way to it, and to nothing that is a default. */
function givenFlags(command: Command, flags: SweepFlags): Partial<SweepFlags> {
  const isGiven = ([name]: [string, unknown]) => command.getOptionValueSource(name) === "cli";
  return Object.fromEntries(Object.entries(flags).filter(isGiven));
}

async function begin(io: Io, words: readonly string[], given: Partial<SweepFlags>): Promise<void> {
  const files = words.filter((word) => extname(word) === ".json");
  if (files.length > 0 && words.length > 1)
    throw new CliError("BAD_USAGE", `${files[0]} is a sweep file, which names its books itself: give it alone`);
  const file = files[0] === undefined ? undefined : await readSweepFile(resolve(io.folder, files[0]));
  const flags = { preset: "quick", ...file?.flags, ...given } as const;
  const { record, texts } = await planSweep(io, file?.books ?? words.map((word) => [word]), flags);
  const folder = await sweepFolder(io, flags.out, record);
  await mkdir(folder, { recursive: true });
  const lock = await lockRun(folder);
  try {
    const there = (await readdir(folder)).filter((name) => name !== "run.lock");
    if (there.length > 0)
      throw new CliError(
        "OCCUPIED",
        `${folder} holds ${there[0]}: name a new or empty folder with --out, or go on with --resume`,
      );
    await writeSweepRecord(folder, record);
    say(io, planLine({ folder, record, texts, results: [] }));
    await run(io, { folder, record, texts, results: [] }, flags);
  } finally {
    await lock.release();
  }
}

async function goOn(io: Io, command: Command, flags: SweepFlags): Promise<void> {
  refuseWithResume(command);
  const folder = resolve(io.folder, flags.resume!);
  const record = await readSweepRecord(folder);
  const lock = await lockRun(folder);
  try {
    const results = await readResults(folder);
    const texts = await reopenTexts(io, folder, record);
    say(
      io,
      `going on with ${folder}: ${new Set(results.map(({ trial }) => trial)).size} of ${record.trials.length} trials have results`,
    );
    await run(io, { folder, record, texts, results }, flags);
  } finally {
    await lock.release();
  }
}

async function run(io: Io, sweep: OpenSweep, flags: Partial<SweepFlags>): Promise<void> {
  const { folder } = sweep;
  io.onSignals?.("save");
  try {
    await runHere(io, sweep, flags.parallel ?? 1);
  } catch (error) {
    say(io, `Saved. Go on with: ${commandLine(io, "sweep", "--resume", folder)}`);
    throw error;
  }
  io.onSignals?.("stop"); // all is saved
  await reportSweep(io, sweep, flags);
  say(io, `sweep: ${folder}`);
}

function planLine({ folder, record }: OpenSweep): string {
  const { trials, texts, halving, threads } = record;
  const how = halving ? `rungs at ${turnsOf(record)[0]?.rungs.join(", ")} epochs` : `to their end`;
  const on = texts.length === 1 ? "one text" : `${texts.length} texts`;
  return `${folder}: ${trials.length} trials on ${on}, ${how}, ${threads} ${threads === 1 ? "thread" : "threads"} each`;
}
