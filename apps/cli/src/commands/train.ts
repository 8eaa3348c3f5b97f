import { type Backend, type EngineBackendOptions, type EpochMetrics, heldOutLossOf, train } from "@charlstm/training";
import { Command } from "commander";
import { type BackendName, createBackend } from "../backends/backends.js";
import { chooseBackend } from "../backends/choose-backend.js";
import { chooseBuild, engineLine } from "../backends/choose-build.js";
import { modelLine } from "../model/model.js";
import { type ClaimedRun, checkpointsOf, claimNewRun, claimRun } from "../run/claim.js";
import { type ResumedRun, readRunRecord, refuseHandedOver, writeBaselines, writeRunRecord } from "../run/folder.js";
import { newestCheckpoint } from "../run/newest-checkpoint.js";
import { commandLine } from "../terminal/invocation.js";
import { deafTo, type Io, printJson, say, warn } from "../terminal/io.js";
import { working } from "../terminal/working.js";
import { baselines, mostPredicted } from "../texts/baselines.js";
import { epochTable } from "../train/epoch-table.js";
import { addTrainFlags, refuseIgnoredFlags, type TrainFlags } from "../train/options.js";
import { planTraining, type TrainPlan } from "../train/plan.js";
import { createTrainProgress } from "../train/progress.js";
import { openRunWriter, type RunWriter } from "../train/run-writer.js";

/** `charlstm train [book...]` */
export function trainCommand(io: Io): Command {
  const command = new Command("train")
    .description("Train on a book and write samples after every epoch.")
    .argument(
      "[book...]",
      "Gutenberg ids, paths, folders, patterns like letters/*.txt, URLs, or - for stdin (default: Pride and Prejudice)",
    );
  return addTrainFlags(command).action((books: string[], flags: TrainFlags) => {
    refuseIgnoredFlags(command);
    return runTrain(io, books, flags);
  });
}

async function runTrain(io: Io, books: readonly string[], flags: TrainFlags): Promise<void> {
  const claimed = flags.resume === undefined ? undefined : await claimRun(io, flags.resume);
  try {
    const resumed = claimed && { ...(await openResumedRun(io, claimed.folder)), claimed };
    const plan = await planTraining(io, books, flags, resumed);
    await trainBackend(io, flags, plan, resumed);
  } finally {
    await claimed?.release();
  }
}

/** Makes the backend, takes the run's folder, and trains into it. */
async function trainBackend(
  io: Io,
  flags: TrainFlags,
  plan: TrainPlan,
  resumed?: ResumedRun & { claimed: ClaimedRun },
): Promise<void> {
  const { settings, vocabulary } = plan;
  const { window, units, dropout, objective, optimizer, clipNorm, seed } = settings;
  const options = {
    architecture: { ...plan.model?.architecture, vocabularySize: vocabulary.size, window, units, dropout },
    ...{
      objective,
      optimizer,
      clipNorm,
      rows: plan.rows,
      seed,
      threads: flags.threads ?? resumed?.record.backend.threads,
      build: chooseBuild(io, flags.engineBuild, resumed?.record.backend.build),
    },
  };
  const name = await backendName(io, flags, options, resumed);
  // The first weights take the cube of the units: a second for 600, a minute for 2,000.
  if (Math.max(...units) > 600) say(io, "making the first weights of a wide network…");
  const backend = await deafTo(io, () => createBackend(name, options, io));
  if (plan.model) backend.writeWeights(plan.model.weights);
  if (backend.name === "engine") say(io, engineLine(backend.facts));
  try {
    const record = { ...plan.record, backend: { name: backend.name, ...backend.facts } };
    if (resumed) return await trainRun(io, flags, { plan, backend, claimed: resumed.claimed, resumed });
    const claimed = await claimNewRun(io, flags.out, record);
    try {
      await trainRun(io, flags, { plan, backend, claimed });
    } finally {
      await claimed.release();
    }
  } finally {
    await backend.dispose();
  }
}

/** What a run consists of once its folder is ours. */
interface StartedRun {
  plan: TrainPlan;
  backend: Backend;
  claimed: ClaimedRun;
  resumed?: ResumedRun;
}

async function trainRun(io: Io, flags: TrainFlags, { plan, backend, claimed, resumed }: StartedRun): Promise<void> {
  const { settings, record } = plan;
  const { folder, check } = claimed;
  const { keep, checkpointMinutes, tensorboard = false, use = "best" } = record.saving ?? {};
  const progress = createTrainProgress(io, { ...flags, epochs: settings.epochs });
  let history: readonly EpochMetrics[] = (resumed?.checkpoint?.history ?? []) as EpochMetrics[];
  let writer: RunWriter | undefined;
  let model: string | undefined;
  say(io, `run: ${folder}`);
  io.onSignals?.("save");
  try {
    const events = train(backend, plan, {
      settings,
      store: checkpointsOf(claimed),
      resume: resumed?.checkpoint,
      metadata: plan.metadata,
      ...(keep === undefined ? {} : { keep }),
      ...(checkpointMinutes === undefined ? {} : { checkpointMinutes }),
      signal: io.signal,
    });
    for await (const event of events) {
      // Only now is it sure that the run can go on with these settings.
      writer ??= await openRunWriter(folder, { history, tensorboard, use, check });
      if (event.type === "run-start" && resumed) {
        await check();
        const backendFacts = { name: backend.name, ...backend.facts };
        await writeRunRecord(folder, {
          ...resumed.record,
          settings,
          saving: record.saving ?? {},
          backend: backendFacts,
        });
      }
      progress.show(event);
      await writer.record(event);
      if (flags.json) await printJson(io, event, withoutCheckpoint);
      if (event.type === "run-end") {
        history = event.history;
        const { best, checkpoint: last } = event;
        if (heldOutLossOf(best) !== undefined) model = modelLine({ best, last, use });
      }
    }
    io.onSignals?.("stop"); // all is saved
    // Its memory is the larger part of the process's, and drawing needs some too.
    await backend.dispose();
    await reportResults(io, claimed, history, plan, flags.quiet);
    if (model !== undefined) say(io, model);
    say(io, `run: ${folder} (${commandLine(io, "generate", folder)} writes from it)`);
  } catch (error) {
    progress.close();
    if (error === io.signal.reason && writer)
      say(io, `Saved. Go on with: ${commandLine(io, "train", "--resume", folder)}`);
    throw error;
  } finally {
    progress.close();
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
  { folder, check }: ClaimedRun,
  history: readonly EpochMetrics[],
  { ids, heldOut, vocabulary, settings, record }: TrainPlan,
  quiet = false,
): Promise<void> {
  if (!quiet) say(io, epochTable(history));
  if (!quiet && io.stderr.isTTY && history.length > 1) {
    const { terminalPlot } = await import("../terminal/plot.js");
    say(io, terminalPlot(history, io.stderr.columns ?? 80));
  }
  if (heldOut.length === 0) {
    say(io, "Losses are on the text that trained: nothing was held out (--held-out 0.05 would).");
  } else if (history.every(({ heldOutLoss }) => heldOutLoss === undefined)) {
    say(
      io,
      `Losses are on the text that trained: the ${heldOut.length} characters held out (${100 * settings.heldOut} %) are not longer than ` +
        `a window of ${settings.window}, too few to measure on (a larger --held-out or a smaller --window would do).`,
    );
  } else {
    const split = { train: ids, heldOut };
    const measured = { heldOutCharacters: heldOut.length, baselines: await baselines(io, split, vocabulary) };
    await check();
    await writeBaselines(folder, measured);
    const limit =
      heldOut.length > mostPredicted ? `, on its first ${mostPredicted.toLocaleString("en")} characters` : "";
    const beside = measured.baselines.map(({ name, loss }) => `${name} ${nats(loss)}`);
    const ofTexts = record.corpus.texts && record.corpus.texts.length > 1 ? "each text" : "the text";
    const percent = `${100 * settings.heldOut} %`;
    const what =
      settings.items === undefined ? `the last ${percent} of ${ofTexts}` : `${percent} of the items, evenly among all`;
    say(io, `Held out: ${what}, ${heldOut.length} characters. Beside it${limit}: ${beside.join(", ")}.`);
  }
  const { writeRunReport } = await import("../report/write-report.js");
  await check();
  try {
    const { page, notes } = await working(
      io,
      "drawing the losses and the report",
      writeRunReport(folder, { signal: io.signal }),
    );
    for (const note of notes) warn(io, note);
    say(io, `report: ${page}`);
  } catch (error) {
    io.signal.throwIfAborted();
    warn(io, `there is no report: ${(error as Error).message} (${commandLine(io, "report", folder)} makes it)`);
  }
}

function nats(loss: number): string {
  return `${loss.toFixed(4)} nats (${(loss / Math.LN2).toFixed(4)} bits)`;
}

function withoutCheckpoint(key: string, value: unknown): unknown {
  return key === "checkpoint" || (key === "best" && value && "weights" in (value as object)) ? undefined : value;
}

/** A run to go on with, from its newest whole checkpoint, or from the beginning when it was stopped before its first one. */
async function openResumedRun(io: Io, folder: string): Promise<ResumedRun> {
  const record = await readRunRecord(folder);
  refuseHandedOver(folder, record);
  const newest = await newestCheckpoint(io, folder);
  if (!newest) {
    say(io, "the run was stopped before its first checkpoint: beginning again");
    return { folder, record };
  }
  say(io, `going on from checkpoint ${newest.name}`);
  return { folder, record, checkpoint: newest.checkpoint };
}
