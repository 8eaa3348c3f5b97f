import { mkdir, readdir } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { lockRun } from "../run/lock.js";
import { addSweepFlags, refuseWithResume, type SweepFlags } from "../sweep/flags.js";
import { readResults, readSweepRecord, type SweepRecord, turnsOf, writeSweepRecord } from "../sweep/folder.js";
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
  refuseAlone(given);
  const files = words.filter((word) => extname(word) === ".json");
  if (files.length > 0 && words.length > 1)
    throw new CliError("BAD_USAGE", `${files[0]} is a sweep file, which names its books itself: give it alone`);
  const file = files[0] === undefined ? undefined : await readSweepFile(resolve(io.folder, files[0]));
  const flags = { preset: "quick", ...file?.flags, ...given } as const;
  await withRunner(io, flags, async (runner) => {
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
      const sweep = { folder, record, texts, results: [] };
      say(io, planLine(sweep));
      await run(io, sweep, flags, runner);
    } finally {
      await lock.release();
    }
  });
}

async function goOn(io: Io, command: Command, flags: SweepFlags): Promise<void> {
  refuseWithResume(command);
  const folder = resolve(io.folder, flags.resume!);
  const record = await readSweepRecord(folder);
  refuseOtherPlace(folder, record, flags);
  const lock = await lockRun(folder);
  try {
    await withRunner(
      io,
      { ...(record.queue?.store === undefined ? {} : { store: record.queue.store }), ...flags },
      async (runner) => {
        const results = await readResults(folder);
        const sweep = { folder, record, texts: [], results };
        if (flags.cancel) {
          await runner.cancel?.(sweep);
          return say(io, `${folder}: its trials are out of the queue; ${results.length} results stay`);
        }
        const texts = await reopenTexts(io, folder, record);
        const done = new Set(results.map(({ trial }) => trial)).size;
        say(io, `going on with ${folder}: ${done} of ${record.trials.length} trials have results`);
        await run(io, { ...sweep, texts }, flags, runner);
      },
    );
  } finally {
    await lock.release();
  }
}

/** Where trials run: in this process, or wherever workers of a queue are. */
interface Runner {
  run(sweep: OpenSweep): Promise<void>;
  cancel?(sweep: OpenSweep): Promise<void>;
  isQueue: boolean;
}

/** Gives the work what runs its trials; a queue is connected to first, so that nothing is written where it will not do. */
async function withRunner(
  io: Io,
  { queue, store, parallel = 1 }: Partial<SweepFlags>,
  work: (runner: Runner) => Promise<void>,
): Promise<void> {
  if (queue === undefined) return work({ run: (sweep) => runHere(io, sweep, parallel), isQueue: false });
  const [{ connectQueue }, { openStore }, { runQueued, takeOut }] = await Promise.all([
    import("../queue/connect.js"),
    import("../queue/open-store.js"),
    import("../queue/submit.js"),
  ]);
  const connected = await connectQueue(io, queue);
  try {
    const place = { connected, store: await openStore(io, store, connected) };
    await work({
      run: (sweep) => runQueued(io, sweep, place),
      cancel: (sweep) => takeOut(sweep, place),
      isQueue: true,
    });
  } finally {
    await connected.close();
  }
}

/** @throws {CliError} `BAD_USAGE` for flags that mean nothing without another. */
function refuseAlone({ store, queue, cancel, parallel }: Partial<SweepFlags>): void {
  const refuse = (flag: string, why: string) => {
    throw new CliError("BAD_USAGE", `${flag} ${why}`);
  };
  if (cancel) refuse("--cancel", "is for a sweep that is there: name it with --resume");
  if (store !== undefined && queue === undefined)
    refuse("--store", "is where a queue's runs are kept: name its --queue");
  if (parallel !== undefined && queue !== undefined)
    refuse("--parallel", "does not go with --queue: each worker has its own");
}

function refuseOtherPlace(folder: string, { queue }: SweepRecord, flags: SweepFlags): void {
  if (queue && flags.queue === undefined)
    throw new CliError("BAD_USAGE", `the trials of ${folder} are in a queue: say where it is with --queue`);
  if (!queue && flags.queue !== undefined)
    throw new CliError("BAD_USAGE", `the trials of ${folder} run in one process: leave --queue out`);
  if (flags.cancel && !queue) throw new CliError("BAD_USAGE", `${folder} is in no queue: leave --cancel out`);
}

async function run(io: Io, sweep: OpenSweep, flags: Partial<SweepFlags>, runner: Runner): Promise<void> {
  const { folder } = sweep;
  if (!runner.isQueue) io.onSignals?.("save");
  try {
    await runner.run(sweep);
  } catch (error) {
    const line = (...words: string[]) => commandLine(io, "sweep", "--resume", folder, ...words);
    if (runner.isQueue)
      say(
        io,
        `The queue stays as it is. Go on with: ${line("--queue")} ADDRESS; or with --cancel, take its trials out`,
      );
    else say(io, `Saved. Go on with: ${line()}`);
    throw error;
  }
  io.onSignals?.("stop"); // all is saved
  await reportSweep(io, sweep, flags);
  say(io, `sweep: ${folder}`);
}

function planLine({ folder, record }: OpenSweep): string {
  const { trials, texts, halving, threads } = record;
  const how = halving ? `rungs at ${turnsOf(record)[0]?.rungs.join(", ")} epochs` : "to their end";
  const on = texts.length === 1 ? "one text" : `${texts.length} texts`;
  return `${folder}: ${trials.length} trials on ${on}, ${how}, ${threads} ${threads === 1 ? "thread" : "threads"} each`;
}
