import type { ItemKind, Objective } from "@charlstm/training";
import { batch, computed, signal } from "@preact/signals";
import { proxy } from "comlink";
import { type ModelRecord, newModelId } from "../files/records.js";
import { formatCount } from "../logic/format.js";
import { addPoint, type LossPoint, type LossUnit } from "../logic/loss-series.js";
import { newsOf } from "../logic/new-characters.js";
import { problemOf } from "../logic/settings.js";
import type { RunEvent } from "../worker/run-events.js";
import type { StartingModel } from "../worker/worker.js";
import { choices } from "./choices.js";
import { chooseModel, models, refreshModels, runId } from "./models.js";
import { type Notice, say, sayError, telling, withdraw } from "./notices.js";
import { claim, elsewhere, release } from "./tabs.js";
import { text } from "./text.js";
import { trainer } from "./workers.js";

export type RunStatus = "idle" | "starting" | "running" | "ending" | "paused" | "stopped" | "finished" | "failed";

/** The latest figures of a run; losses in nats per character. */
export interface RunFigures {
  objective: Objective;
  items?: ItemKind | undefined;
  threads: number;
  parameters: number;
  totalSteps: number;
  stepsPerEpoch: number;
  step: number;
  epoch: number;
  loss?: number;
  heldOutLoss?: number;
  charactersPerSecond?: number;
  secondsLeft?: number;
  learningRate?: number;
  /** The text is being learnt by heart. */
  rising?: Rising;
  /** When the run has ended: where its best model and its last stand, if they are two. */
  places?: ModelRecord["places"] | undefined;
}

export type Rising = Extract<RunEvent, { type: "held-out-rising" }>;

export interface LiveSample {
  step: number;
  prompt: string;
  text: string;
  realWords: number;
}

export const status = signal<RunStatus>("idle");
export const figures = signal<RunFigures | undefined>(undefined);
export const trainLosses = signal<readonly LossPoint[]>([]);
export const heldOutLosses = signal<readonly LossPoint[]>([]);
export const sample = signal<LiveSample | undefined>(undefined);
export const sampleTemperature = signal(0.6);
export const lossUnit = signal<LossUnit>("nats");
/** The text that the run reads; another may be open meanwhile. */
export const runTitle = signal("the text");
/** Whether the browser had no room for the run's newest model. */
export const isUnsaved = signal(false);

export const isBusy = computed(() => ["starting", "running", "ending"].includes(status.value));

/** A run that can go on: the one that was paused last, or that the page was closed on. */
export const resumable = computed(() =>
  isBusy.value
    ? undefined
    : models.value.find(
        ({ id, status, run }) => run && (status === "paused" || status === "training") && !elsewhere.value.has(id),
      ),
);

/** What the last run of this page left, once it is over. */
export const justTrained = computed((): StartingModel | undefined => {
  if (status.value !== "finished" && status.value !== "stopped") return undefined;
  const saved = models.value.find(({ id }) => id === runId.value);
  return { id: "current", title: saved?.title ?? runTitle.value, use: "best" };
});

/** Starts a run on the text that is open: of a new network, or of a model that learns further. */
export async function startRun(from?: StartingModel): Promise<void> {
  const problem = problemOf(choices.value.settings);
  if (problem) return void sayError(new Error(problem));
  if (!mayLose()) return;
  const id = newModelId();
  runTitle.value = text.value?.title ?? "the text";
  await follow(id, true, (report) => trainer.startRun(id, choices.value, report, from));
}

/** Lets a model learn further, once it is known that it can; says which characters are new to it. */
export async function trainFurther(from: StartingModel): Promise<void> {
  await telling(async () => {
    const added = await trainer.charactersNewTo(from, choices.value.settings.items);
    if (isBusy.value) return;
    void startRun(from);
    say(
      `“${from.title}” learns further from “${runTitle.value}”, with its own units and layers, half the learning rate and half the ` +
        `dropout. ${newsOf(added)}`,
    );
  });
}

export async function resumeRun(record: ModelRecord): Promise<void> {
  const { run } = record;
  if (!run)
    return void sayError(new Error("This model came from elsewhere: it has no run to go on with. Train it further."));
  if (!mayLose()) return;
  await follow(record.id, false, (report) => {
    choices.value = run.choices;
    runTitle.value = run.text.title;
    return trainer.resumeRun({ ...record, run }, report);
  });
}

export function endRun(reason: "paused" | "stopped"): void {
  if (status.value !== "running") return;
  status.value = "ending";
  void trainer.endRun(reason);
}

export function changeSampleTemperature(temperature: number): void {
  sampleTemperature.value = temperature;
  void trainer.planSamples({ temperature });
}

/** Asks before a run takes the place of one whose model is nowhere else. */
const mayLose = (): boolean =>
  !isUnsaved.value || confirm(`The model of “${runTitle.value}” is not saved and would be lost. Go on all the same?`);

/** What it said of a run that failed, or of a model that could not be saved; no longer true once one starts or is. */
let failure: Notice | undefined;
let saveFailure: Notice | undefined;

async function follow(
  id: string,
  isNew: boolean,
  work: (report: (event: RunEvent) => void) => Promise<void>,
): Promise<void> {
  const before = status.value;
  status.value = "starting";
  try {
    await claim(id, isNew);
  } catch (error) {
    status.value = before;
    failure = sayError(error);
    return;
  }
  batch(() => {
    runId.value = id;
    chooseModel("current");
    isUnsaved.value = false;
    figures.value = undefined;
    sample.value = undefined;
    trainLosses.value = [];
    heldOutLosses.value = [];
  });
  try {
    await work(proxy(receive));
  } catch (error) {
    await refreshModels();
    status.value = "failed";
    failure = sayError(error);
  }
  release();
}

function receive(event: RunEvent): void {
  batch(() => {
    switch (event.type) {
      case "run-started": {
        const { objective, items, threads, parameters, totalSteps, stepsPerEpoch, step, losses } = event;
        status.value = "running";
        withdraw(failure);
        figures.value = { objective, items, threads, parameters, totalSteps, stepsPerEpoch, step, epoch: 1 };
        trainLosses.value = losses.train;
        heldOutLosses.value = losses.heldOut;
        return;
      }
      case "progress-made": {
        const { type: _, ...progress } = event;
        if (figures.value) figures.value = { ...figures.value, ...progress };
        trainLosses.value = addPoint(trainLosses.value, { step: event.step, loss: event.loss });
        return;
      }
      case "held-out-scored":
        if (figures.value) figures.value = { ...figures.value, heldOutLoss: event.loss };
        heldOutLosses.value = addPoint(heldOutLosses.value, { step: event.step, loss: event.loss });
        return;
      case "sample-written":
        sample.value = event;
        return;
      case "model-saved":
        isUnsaved.value = false;
        withdraw(saveFailure);
        // There is something to lose now; browsers that are short of room delete what was not asked for.
        void navigator.storage?.persist?.().catch(() => {});
        void refreshModels();
        return;
      case "save-failed":
        if (event.what === "model") isUnsaved.value = true;
        saveFailure = sayError(new Error(event.message));
        return;
      case "loss-diverged":
        say(`The loss ran away at step ${event.step}: back to step ${event.backToStep}, with a lower learning rate.`);
        return;
      case "held-out-rising":
        if (figures.value) figures.value = { ...figures.value, rising: event };
        return;
      case "run-ended":
        void showEnd(event);
    }
  });
}

/** Shows a run as ended once the list of models knows of it, so that what can be done then is there at once. */
async function showEnd({ reason, places }: Extract<RunEvent, { type: "run-ended" }>): Promise<void> {
  await refreshModels();
  batch(() => {
    status.value = reason;
    if (figures.value) figures.value = { ...figures.value, places };
  });
}

/** What the page tells of the run in one line. */
export const statusLine = computed(() => {
  const title = runTitle.value;
  const kept = isUnsaved.value ? "the model is not saved: export it under Keep" : "the model is kept";
  switch (status.value) {
    case "idle":
      return resumable.value ? `Ready; ${leftOf(resumable.value)}` : "Ready";
    case "starting":
      return `Getting ready to read ${title}`;
    case "running":
      return `Learning from ${title}`;
    case "ending":
      return "Saving";
    case "paused":
      return isUnsaved.value ? `Paused; ${kept}` : "Paused; saved in this browser";
    case "stopped":
      return `Stopped; ${kept}`;
    case "finished":
      return `Done; ${kept}`;
    case "failed":
      return "Ended by an error";
  }
});

/** Where a run stands that this page did not see end. */
function leftOf({ title, status, step, totalSteps }: ModelRecord): string {
  const how = status === "paused" ? "was paused" : "was left in the middle: what is kept of it ends";
  return `“${title}” ${how} at step ${formatCount(step)} of ${formatCount(totalSteps)}`;
}
