import type { Checkpoint } from "@charlstm/model/checkpoint";
import { betweenItems, evaluate, generate, type TrainingEvent, train, writeItems } from "@charlstm/training";
import { decode, type Ids, itemStarts, type Vocabulary } from "@charlstm/vectorize";
import { type Use, updateRecord } from "../files/records.js";
import { addPoint } from "../logic/loss-series.js";
import { shareOfWords } from "../logic/words.js";
import { firstItems } from "./items.js";
import { nextTurn } from "./next-turn.js";
import { metadataOf, modelOf, openRun, type Run, type RunRequest, type SamplePlan } from "./page-run.js";
import { keepRun, keepText, libraryStore, sampleKept } from "./run-library.js";
import { type Left, placesOf, takeEnd } from "./run-places.js";

const turnEvery = 30;
const reportEvery = 200;
const checkpointMinutes = 0.25;
const promptLength = 24;
/** Characters of a sample; of a model of windows fewer. */
const sampleLength = 420;
const mostItems = 16;
/** Characters that a sample's beginning is looked for back from a place at most. */
const longestWayBack = 400;
/** Characters of the live estimate of the held-out loss. */
const heldOutSample = 4096;

/** Trains one model at a time. */
export function createRunService() {
  let current: Run | undefined;
  let ended: Left | undefined;
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
        if (run.saved) ended = { saved: run.saved, best: run.best };
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
    /** The model of the run in progress as it is now, or what the last run left. */
    async snapshot(use: Use): Promise<Checkpoint | undefined> {
      const run = current;
      if (!run) return use === "best" ? (ended?.best ?? ended?.saved) : ended?.saved;
      // Between two updates only: the engine does one thing at a time.
      return new Promise((resolve, reject) => run.wanted.push({ resolve, reject }));
    },
  };
}

async function followRun(run: Run): Promise<void> {
  const { request, settings, text, parts, backend, abort, resume } = run;
  const { report } = request;
  if (!run.isTextKept) await keepText(run);
  let finished = false;
  try {
    const events = train(
      backend,
      { ids: parts.train, heldOut: parts.heldOut, vocabulary: text.vocabulary },
      {
        settings,
        store: libraryStore(run),
        checkpointMinutes,
        ...{ resume, signal: abort.signal },
        metadata: metadataOf(run),
      },
    );
    for await (const event of events) {
      handle(run, event);
      if (event.type === "run-start") await writeSample(run);
      if (event.type === "step-end") await afterStep(run);
      if (event.type === "run-end") {
        finished = true;
        takeEnd(run, event);
        await keepRun(run);
      }
    }
    if (finished) await writeSample(run);
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  }
  const reason = finished ? "finished" : (abort.signal.reason as "paused" | "stopped");
  // What is kept of a run whose end was not stays one that was interrupted.
  const sample = run.sample.slice(0, sampleKept);
  if (run.isKept) await updateRecord(request.id, { status: reason, sample }).catch(() => undefined);
  report({ type: "run-ended", reason, step: run.step, places: placesOf(run) });
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
        ...{ objective: run.settings.objective, items: run.settings.items },
      });
      return;
    }
    case "step-end": {
      run.step = event.step;
      run.meter.add(event);
      run.effort.seconds += event.seconds;
      run.effort.characters += event.characters;
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
      return;
    }
    case "held-out-rising":
      report(event);
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

/** Writes for the page to show: some items, or on from a place of the training text. */
async function writeSample(run: Run): Promise<void> {
  const { prompt, text } = await (run.settings.items ? writeSomeItems(run) : writeOn(run));
  run.sample = prompt + text;
  run.request.report({
    ...{ type: "sample-written", step: run.step, prompt, text },
    realWords: shareOfWords(text, run.words),
  });
}

/** As many items as a sample has room for, from their beginnings. */
async function writeSomeItems({ parts, text, backend, plan }: Run) {
  const { train } = parts;
  const mean = train.length / (itemStarts(train).length - 1);
  const count = Math.min(mostItems, Math.max(1, Math.floor(sampleLength / mean)));
  const items: string[] = [];
  // A network that has not learnt yet where they end finds no end.
  const maxLength = Math.min(sampleLength, Math.ceil(4 * mean));
  const ways = { temperature: plan.temperature, count, maxLength };
  for await (const { item, text: written } of writeItems(backend, text.vocabulary, ways)) items[item] = written;
  return { prompt: "", text: items.join(betweenItems(text.vocabulary)) };
}

/** On from a place of the training text; a model of sequences from where a line begins. */
async function writeOn({ settings, text: prepared, backend, plan }: Run) {
  const { ids, vocabulary } = prepared;
  const { objective, window } = settings;
  const place = Math.floor(Math.random() * Math.max(1, ids.length - window));
  const start = objective === "window" ? place : lineStart(ids, place, vocabulary);
  const prompt = decode(ids.subarray(start, start + (objective === "window" ? window : promptLength)), vocabulary);
  // Reading a whole window again for each character takes its time.
  const length = objective === "window" ? 120 : sampleLength;
  let text = "";
  const characters = generate(backend, vocabulary, { prompt, length, temperature: plan.temperature });
  for await (const { character } of characters) text += character;
  return { prompt, text };
}

/** Where the line of a place begins; in a text with long lines, or none, the word. */
function lineStart(ids: Ids, place: number, vocabulary: Vocabulary): number {
  const least = Math.max(0, place - longestWayBack);
  for (const sign of ["\n", " "]) {
    const start = ids.subarray(least, place).lastIndexOf(vocabulary.idOf(sign) ?? -1) + 1;
    if (start > 0) return least + start;
  }
  return place;
}

/** A quick estimate on the first part of the held-out text; the whole of it is scored after every epoch. */
async function scoreHeldOut(run: Run): Promise<void> {
  const { heldOut } = run.parts;
  const { window, items } = run.settings;
  if (heldOut.length <= (items ? 0 : window)) return;
  const [context, part] = items
    ? (["items", firstItems(heldOut, heldOutSample)] as const)
    : (["stream", heldOut.subarray(0, heldOutSample)] as const);
  const { loss } = await evaluate(run.backend, part, { context, window });
  addHeldOut(run, loss);
}
