import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { createDiskStore, loadNewest } from "@charlstm/model/checkpoint";
import { type EngineBackendOptions, type EpochMetrics, splitText, train } from "@charlstm/training";
import { Command } from "commander";
import { type BackendName, createBackend } from "../backends.js";
import { baselines } from "../baselines.js";
import { chooseBackend } from "../choose-backend.js";
import { epochTable } from "../epoch-table.js";
import { type Io, say, write } from "../io.js";
import { createRunFolder, readRunRecord, runPaths, writeBaselines } from "../run-folder.js";
import { openRunWriter } from "../run-writer.js";
import { addTrainFlags, type TrainFlags } from "../train-options.js";
import { planTraining, type ResumedRun, type TrainPlan } from "../train-plan.js";
import { createTrainReport } from "../train-report.js";

/** `charlstm train [book]` */
export function trainCommand(io: Io): Command {
  const command = new Command("train")
    .description("Train on a book and write samples after every epoch.")
    .argument("[book]", "a Gutenberg id, a path, a URL, or - for stdin (default: Pride and Prejudice)");
  return addTrainFlags(command).action((book: string | undefined, flags: TrainFlags) => runTrain(io, book, flags));
}

async function runTrain(io: Io, book: string | undefined, flags: TrainFlags): Promise<void> {
  const resumed = flags.resume === undefined ? undefined : await openResumedRun(io, flags.resume);
  const plan = await planTraining(io, book, flags, resumed);
  const { settings, vocabulary } = plan;
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = settings;
  const options = {
    architecture: { vocabularySize: vocabulary.size, window, units, dropout },
    ...{
      objective,
      optimizer,
      clipNorm,
      rows: plan.rows,
      seed,
      threads: flags.threads ?? resumed?.record.backend.threads,
    },
  };
  const backend = await createBackend(await backendName(io, flags, options, resumed), options, io.folder);
  const report = createTrainReport(io, settings.epochs);
  const folder = resumed?.folder ?? newRunFolder(io, flags, plan);
  try {
    if (!resumed) await createRunFolder(folder, { ...plan.record, backend: { name: backend.name, ...backend.facts } });
    say(io, `run: ${folder}`);
    const events = train(backend, plan, {
      settings,
      store: createDiskStore(runPaths(folder).checkpoints),
      resume: resumed?.checkpoint,
      metadata: plan.metadata,
      ...(flags.keep === undefined ? {} : { keep: flags.keep }),
      ...(flags.checkpointMinutes === undefined ? {} : { checkpointMinutes: flags.checkpointMinutes }),
      patience: flags.patience,
      signal: io.signal,
    });
    const writer = await openRunWriter(folder, {
      history: (resumed?.checkpoint?.history ?? []) as EpochMetrics[],
      tensorboard: flags.tensorboard === true,
    });
    for await (const event of events) {
      report.show(event);
      await writer.record(event);
      if (flags.json) await write(io.stdout, `${JSON.stringify(event, withoutCheckpoint)}\n`);
      if (event.type === "run-end") await reportResults(io, folder, event.history, plan);
    }
    say(io, `run: ${folder} (charlstm generate ${folder} writes from it)`);
  } catch (error) {
    report.close();
    if (io.signal.aborted) say(io, `Saved. Go on with: charlstm train --resume ${folder}`);
    throw error;
  } finally {
    report.close();
    await backend.dispose();
  }
}

/** The backend that was asked for, or the choice between those that are installed, which is said. */
async function backendName(
  io: Io,
  { backend }: TrainFlags,
  options: EngineBackendOptions,
  resumed?: ResumedRun,
): Promise<BackendName> {
  if (backend !== "auto") return backend;
  const { name, reason } = await chooseBackend(io, options, { began: resumed?.record.backend.name });
  say(io, `backend: ${name} (${reason}; --backend overrules)`);
  return name;
}

/** The figures of every epoch, what simpler models make of the same held-out text, and the page that shows it all. */
async function reportResults(
  io: Io,
  folder: string,
  history: readonly EpochMetrics[],
  { ids, vocabulary, settings }: TrainPlan,
): Promise<void> {
  say(io, epochTable(history));
  const split = splitText(ids, settings.heldOut);
  if (split.heldOut.length <= settings.window) {
    say(io, "Losses are on the text that trained: nothing was held out (--held-out 0.05 would).");
  } else {
    const measured = { heldOutCharacters: split.heldOut.length, baselines: baselines(split, vocabulary) };
    await writeBaselines(folder, measured);
    const beside = measured.baselines.map(({ name, loss }) => `${name} ${nats(loss)}`);
    say(
      io,
      `Held out: the last ${100 * settings.heldOut} % of the text, ${split.heldOut.length} characters. Beside it: ${beside.join(", ")}.`,
    );
  }
  const { writeRunReport } = await import("../report/write-report.js");
  say(io, `report: ${(await writeRunReport(folder)).page}`);
}

function nats(loss: number): string {
  return `${loss.toFixed(4)} nats (${(loss / Math.LN2).toFixed(4)} bits)`;
}

function withoutCheckpoint(key: string, value: unknown): unknown {
  return key === "checkpoint" ? undefined : value;
}

/** A run to go on with, from its newest whole checkpoint, or from the beginning when it was stopped before its first one. */
async function openResumedRun(io: Io, run: string): Promise<ResumedRun> {
  const folder = resolve(io.folder, run);
  const record = await readRunRecord(folder);
  const store = createDiskStore(runPaths(folder).checkpoints);
  if ((await store.list()).length === 0) {
    say(io, "the run was stopped before its first checkpoint: beginning again");
    return { folder, record };
  }
  const { checkpoint, name, skipped } = await loadNewest(store);
  for (const { name: broken, error } of skipped) {
    say(io, `checkpoint ${broken} is not whole and is passed over: ${error.message}`);
  }
  say(io, `going on from checkpoint ${name}`);
  return { folder, record, checkpoint };
}

/** `--out`, or the first free `runs/<book>-<n>`. */
function newRunFolder(io: Io, flags: TrainFlags, plan: TrainPlan): string {
  if (flags.out !== undefined) return resolve(io.folder, flags.out);
  const { book, corpus } = plan.record;
  const slug = slugOf(corpus.title ?? (book && book !== "-" ? basename(book).replace(/\.[^.]*$/, "") : "text"));
  for (let count = 1; ; count++) {
    const folder = join(io.folder, "runs", `${slug}-${count}`);
    if (!existsSync(folder)) return folder;
  }
}

function slugOf(title: string): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return slug || "text";
}
