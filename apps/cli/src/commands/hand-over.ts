import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Checkpoint, initialWeights } from "@charlstm/model/checkpoint";
import { freshState } from "@charlstm/training";
import { Command } from "commander";
import { CliError } from "../errors.js";
import { jobOf, writeHandOver } from "../hand-over/folder.js";
import { type ResumedRun, readRunRecord, refuseHandedOver, runPaths } from "../run/folder.js";
import { newestCheckpoint } from "../run/newest-checkpoint.js";
import { type Io, print, say } from "../terminal/io.js";
import { working } from "../terminal/working.js";
import { addSettingFlags, type TrainFlags } from "../train/options.js";
import { planTraining, type TrainPlan } from "../train/plan.js";

interface HandOverFlags extends TrainFlags {
  to: string;
}

/** `charlstm hand-over <run|book...>` */
export function handOverCommand(io: Io): Command {
  return addSettingFlags(new Command("hand-over"))
    .description(
      "Hand a training over to PyTorch: a folder with one train.py, for a GPU, several, or several machines.",
    )
    .argument("<run|book...>", "a run to go on with from its newest checkpoint, or books as train takes them")
    .requiredOption("--to <folder>", "folder to write, new or empty")
    .action((sources: string[], flags: HandOverFlags) => runHandOver(io, sources, flags));
}

async function runHandOver(io: Io, sources: readonly string[], flags: HandOverFlags): Promise<void> {
  const folder = resolve(io.folder, flags.to);
  if (existsSync(folder) && (await readdir(folder).catch(() => ["a file"])).length > 0) {
    throw new CliError("OCCUPIED", `${folder} is not empty: name another folder with --to`);
  }
  const run = sources.length === 1 ? await openRun(io, resolve(io.folder, sources[0]!)) : undefined;
  const plan = run
    ? await planTraining(io, [], { ...flags, backend: "auto", resume: run.folder }, run)
    : await planTraining(io, sources, { ...flags, backend: "auto" });
  const { items, optimizer } = plan.settings;
  if (items !== undefined) throw refused("a training on items", "train.py reads whole texts: train it here");
  if ("momentum" in optimizer && optimizer.momentum) throw refused("momentum", "train.py has none: train it here");
  const checkpoint = run?.checkpoint ?? firstCheckpoint(plan);
  if (checkpoint.architecture.recurrentActivation) {
    throw refused("a network with hard_sigmoid gates", "PyTorch's LSTM has sigmoid gates alone: train it here");
  }
  const job = jobOf(plan, checkpoint);
  if (job.progress.step >= job.totalSteps || job.progress.epoch >= plan.settings.epochs) {
    throw new CliError("BAD_USAGE", "the run is at its end: say how far it is to go on with --epochs or --max-steps");
  }
  await working(io, `writing ${folder}`, writeHandOver(folder, { plan, checkpoint, job }));
  say(io, `Go on there with: python train.py, or torchrun --nproc-per-node <GPUs> train.py`);
  await print(io, `${folder}\n`);
}

function refused(what: string, advice: string): CliError {
  return new CliError("BAD_USAGE", `${what} can't be handed over: ${advice}`);
}

/** A run that is named, from its newest whole checkpoint; none where the source is no run. */
async function openRun(io: Io, folder: string): Promise<ResumedRun | undefined> {
  if (!existsSync(runPaths(folder).record)) return undefined;
  const record = await readRunRecord(folder);
  refuseHandedOver(folder, record);
  const newest = await newestCheckpoint(io, folder);
  if (!newest) {
    throw new CliError(
      "NO_RUN",
      `${join(folder, "checkpoints")} is empty: the run has nothing to go on from; hand its book over`,
    );
  }
  say(io, `handing over checkpoint ${newest.name}`);
  return { folder, record, checkpoint: newest.checkpoint };
}

/** Where a training of a book begins. */
function firstCheckpoint({ settings, vocabulary, metadata }: TrainPlan): Checkpoint {
  const { window, units, dropout, objective, optimizer, seed } = settings;
  const architecture = { vocabularySize: vocabulary.size, window, units, dropout };
  return {
    ...{ architecture, vocabulary: vocabulary.characters, objective, metadata },
    weights: initialWeights(architecture, { seed }),
    optimizer: { name: optimizer.name, step: 0, slots: [] },
    ...freshState(settings, vocabulary.size),
    settings,
  };
}
