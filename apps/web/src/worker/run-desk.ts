import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import {
  type Backend,
  batchSource,
  createEngineBackend,
  evaluate,
  generate,
  splitText,
  type TrainingEvent,
  type TrainingSettings,
  train,
} from "@charlstm/training";
import { decode } from "@charlstm/vectorize";
import { loadModel, type ModelRecord, saveModel, saveText, sizeOf, updateRecord } from "../files/shelf.js";
import { addPoint, type LossPoint } from "../logic/loss-series.js";
import type { Choices } from "../logic/settings.js";
import { shareOfWords, wordsOf } from "../logic/words.js";
import { createMeter } from "./meter.js";
import { nextTurn } from "./next-turn.js";
import type { RunEvent } from "./run-events.js";
import type { PreparedText } from "./text-desk.js";

/** A run as the page asks for it. */
export interface RunRequest {
  id: string;
  title: string;
  choices: Choices;
  text: PreparedText;
  /** A saved run to go on with. */
  resumed?: ModelRecord;
  report: (event: RunEvent) => void;
}

/** How the live samples are written. */
export interface SamplePlan {
  temperature: number;
  /** Milliseconds between two samples. */
  every: number;
}

const turnEvery = 30;
const reportEvery = 200;
/** The first sample comes sooner: a visitor is waiting for it. */
const firstSampleAfter = 700;
const checkpointMinutes = 0.25;
/** Milliseconds; epochs of a short text end many times a second. */
const leastBetweenSaves = 3000;
const promptLength = 24;
/** Characters of the live estimate of the held-out loss. */
const heldOutSample = 4096;
const mostThreads = 8;
const rowsPerThread = 8;

/** Trains one model at a time. */
export function createRunDesk() {
  let current: Run | undefined;
  let last: Checkpoint | undefined;
  const plan: SamplePlan = { temperature: 0.6, every: 2000 };

  return {
    /** Trains until the run ends, is paused or is stopped. */
    async run(request: RunRequest): Promise<void> {
      if (current) throw new Error("A run is in progress already: pause or stop it first.");
      const run = await openRun(request, plan);
      current = run;
      try {
        await followRun(run);
      } finally {
        current = undefined;
        last = run.saved ?? last;
        for (const { reject } of run.wanted) reject(new Error("The run has ended."));
        await run.backend.dispose();
      }
    },
    /** Ends the update in progress, saves, and lets `run` return. */
    end(reason: "paused" | "stopped"): void {
      current?.abort.abort(reason);
    },
    planSamples(change: Partial<SamplePlan>): void {
      Object.assign(plan, change);
      if (current) current.sampledAt = Number.NEGATIVE_INFINITY;
    },
    /** The model of the run in progress as it is now, or as the last run left it. */
    async snapshot(): Promise<Checkpoint | undefined> {
      const run = current;
      if (!run) return last;
      // Between two updates only: the engine does one thing at a time.
      return new Promise((resolve, reject) => run.wanted.push({ resolve, reject }));
    },
  };
}

interface Run {
  request: RunRequest;
  backend: Backend;
  threads: number;
  plan: SamplePlan;
  abort: AbortController;
  losses: { train: LossPoint[]; heldOut: LossPoint[] };
  step: number;
  totalSteps: number;
  meter: ReturnType<typeof createMeter>;
  turnedAt: number;
  sampledAt: number;
  resume: Checkpoint | undefined;
  /** The newest checkpoint, whether the browser had room for it or not. */
  saved: Checkpoint | undefined;
  /** When it was last written to the browser's storage. */
  savedAt: number;
  /** Words of the training text, to tell how many of a sample's are real. */
  words: ReadonlySet<string>;
  wanted: { resolve: (checkpoint: Checkpoint) => void; reject: (error: Error) => void }[];
}

async function openRun(request: RunRequest, plan: SamplePlan): Promise<Run> {
  const { settings, threads: chosen } = request.choices;
  const { ids, vocabulary } = request.text;
  const resume = request.resumed ? await loadModel(request.resumed.id) : undefined;
  const { rows } = batchSource(splitText(ids, settings.heldOut).train, settings);
  const threads = threadsFor(rows, chosen);
  const backend = await createEngineBackend({
    architecture: architectureOf(settings, vocabulary.size),
    ...{ objective: settings.objective, optimizer: settings.optimizer, clipNorm: settings.clipNorm },
    ...{ rows, seed: settings.seed, threads },
  });
  const losses = request.resumed?.losses ?? { train: [], heldOut: [] };
  return {
    ...{
      request,
      backend,
      threads,
      plan,
      losses,
      resume,
      saved: resume,
      savedAt: Number.NEGATIVE_INFINITY,
      words: wordsOf(request.text.text),
    },
    ...{ abort: new AbortController(), step: 0, totalSteps: 0, meter: createMeter(), wanted: [] },
    ...{ turnedAt: performance.now(), sampledAt: performance.now() - plan.every + firstSampleAfter },
  };
}

const architectureOf = ({ window, units, dropout }: TrainingSettings, vocabularySize: number) => ({
  vocabularySize,
  window,
  units,
  dropout,
});

/** Threads that a batch of so many rows is worth; one where memory can't be shared. */
function threadsFor(rows: number, chosen: number): number {
  if (!globalThis.crossOriginIsolated) return 1;
  const most = Math.min(mostThreads, Math.ceil(rows / rowsPerThread));
  return Math.min(chosen > 0 ? chosen : navigator.hardwareConcurrency, most);
}

async function followRun(run: Run): Promise<void> {
  const { request, backend, abort, resume } = run;
  const { text, choices, report, title } = request;
  if (!request.resumed && !text.origin.isNovel) await keepText(run);
  let finished = false;
  try {
    const events = train(backend, text, {
      settings: choices.settings,
      store: shelfStore(run),
      checkpointMinutes,
      ...{ resume, signal: abort.signal },
      metadata: { title, prompt: decode(text.ids.subarray(0, choices.settings.window), text.vocabulary) },
    });
    for await (const event of events) {
      handle(run, event);
      if (event.type === "run-start") await writeSample(run);
      if (event.type === "step-end") await afterStep(run);
      if (event.type === "run-end") finished = true;
    }
    if (finished) await writeSample(run);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  const reason = finished ? "finished" : (abort.signal.reason as "paused" | "stopped");
  await updateRecord(request.id, { status: reason }).catch(() => undefined);
  report({ type: "run-ended", reason, step: run.step });
}

function handle(run: Run, event: TrainingEvent): void {
  const { report } = run.request;
  switch (event.type) {
    case "run-start": {
      const { characters, heldOutCharacters, parameters, stepsPerEpoch, totalSteps, step } = event;
      Object.assign(run, { step, totalSteps });
      const { threads, losses } = run;
      report({
        type: "run-started",
        ...{ threads, characters, heldOutCharacters, parameters, stepsPerEpoch, totalSteps, step, losses },
      });
      return;
    }
    case "step-end": {
      run.step = event.step;
      run.meter.add(event);
      if (run.meter.age < reportEvery && event.step < run.totalSteps) return;
      const { loss, charactersPerSecond, stepsPerSecond } = run.meter.read();
      run.losses.train = addPoint(run.losses.train, { step: event.step, loss });
      const { epoch, step, learningRate } = event;
      const secondsLeft = (run.totalSteps - step) / stepsPerSecond;
      report({ type: "progress-made", epoch, step, loss, learningRate, charactersPerSecond, secondsLeft });
      return;
    }
    case "epoch-end":
      if (event.heldOutLoss !== undefined) addHeldOut(run, event.heldOutLoss);
      return;
    case "loss-diverged": {
      const { step, backToStep, learningRate } = event;
      report({ type: "loss-diverged", step, backToStep, learningRate });
    }
  }
}

function addHeldOut(run: Run, loss: number): void {
  run.losses.heldOut = addPoint(run.losses.heldOut, { step: run.step, loss });
  run.request.report({ type: "held-out-scored", step: run.step, loss });
}

/** What is due between two updates: letting messages in, handing out the weights, a sample. */
async function afterStep(run: Run): Promise<void> {
  if (performance.now() - run.turnedAt > turnEvery) {
    await nextTurn();
    run.turnedAt = performance.now();
  }
  if (run.wanted.length > 0) {
    const checkpoint = await modelOf(run);
    for (const { resolve } of run.wanted.splice(0)) resolve(checkpoint);
  }
  if (performance.now() - run.sampledAt > run.plan.every) {
    await writeSample(run);
    await scoreHeldOut(run);
    run.sampledAt = performance.now();
  }
}

/** Writes on from a place of the training text, for the page to show. */
async function writeSample({ request, backend, plan, step, words }: Run): Promise<void> {
  const { ids, vocabulary } = request.text;
  const { objective, window } = request.choices.settings;
  const start = Math.floor(Math.random() * Math.max(1, ids.length - window));
  const prompt = decode(ids.subarray(start, start + (objective === "window" ? window : promptLength)), vocabulary);
  // Reading a whole window again for each character takes its time.
  const length = objective === "window" ? 120 : 420;
  let text = "";
  const characters = generate(backend, vocabulary, { prompt, length, temperature: plan.temperature });
  for await (const { character } of characters) text += character;
  request.report({ type: "sample-written", step, prompt, text, realWords: shareOfWords(text, words) });
}

/** A quick estimate on the first part of the held-out text; the whole of it is scored after every epoch. */
async function scoreHeldOut(run: Run): Promise<void> {
  const { settings } = run.request.choices;
  const { heldOut } = splitText(run.request.text.ids, settings.heldOut);
  if (heldOut.length <= settings.window) return;
  const { loss } = await evaluate(run.backend, heldOut.subarray(0, heldOutSample), {
    context: "stream",
    window: settings.window,
  });
  addHeldOut(run, loss);
}

async function modelOf({ request, backend }: Run): Promise<Checkpoint> {
  const { text, choices, title } = request;
  const { settings } = choices;
  return {
    architecture: architectureOf(settings, text.vocabulary.size),
    vocabulary: text.vocabulary.characters,
    objective: settings.objective,
    weights: await backend.readWeights(),
    history: [],
    settings,
    metadata: { title, prompt: decode(text.ids.subarray(0, settings.window), text.vocabulary) },
  };
}

/** Saves each checkpoint of the run in the place of the one before it; a failure is told, and the run goes on. */
function shelfStore(run: Run): CheckpointStore {
  const { id, report } = run.request;
  return {
    async save(_name, checkpoint) {
      run.saved = checkpoint;
      const isLast = run.abort.signal.aborted || run.step === run.totalSteps;
      if (!isLast && performance.now() - run.savedAt < leastBetweenSaves) return;
      run.savedAt = performance.now();
      try {
        await saveModel(recordOf(run, checkpoint), checkpoint);
        report({ type: "model-saved", step: run.step });
      } catch (error) {
        report({ type: "save-failed", message: whySaveFailed(error) });
      }
    },
    load: () => loadModel(id),
    list: async () => [],
    remove: async () => {},
  };
}

function recordOf(run: Run, checkpoint: Checkpoint): ModelRecord {
  const { id, title, choices, text } = run.request;
  const { architecture, objective } = checkpoint;
  return {
    ...{ id, title, objective, savedAt: Date.now(), bytes: sizeOf(checkpoint), status: "training" },
    ...{ units: architecture.units, vocabularySize: architecture.vocabularySize },
    ...{ step: run.step, totalSteps: run.totalSteps, losses: run.losses },
    run: { choices, text: text.origin },
  };
}

async function keepText({ request }: Run): Promise<void> {
  try {
    await saveText(request.id, request.text.text);
  } catch (error) {
    request.report({ type: "save-failed", message: whySaveFailed(error) });
  }
}

function whySaveFailed(error: unknown): string {
  const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
  return isFull
    ? "The browser’s storage is full: the model is not saved and would be lost with this page. Delete models under Keep, or export this one."
    : `The model could not be saved: ${error instanceof Error ? error.message : String(error)}`;
}
