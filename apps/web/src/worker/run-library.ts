import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import { loadModel, saveBest, saveModel, saveText, sizeOf } from "../files/library.js";
import type { ModelRecord } from "../files/records.js";
import type { Run } from "./page-run.js";
import { placesOf, takeCheckpoint } from "./run-places.js";

/** Milliseconds; epochs of a short text end many times a second. */
const leastBetweenSaves = 3000;
/** Characters of a sample that are kept with its run. */
export const sampleKept = 240;

/** Saves each checkpoint of the run in the place of the one before it, the best beside it; a failure is told, and the run goes on. */
export function libraryStore(run: Run): CheckpointStore {
  const { id } = run.request;
  return {
    async save(_name, checkpoint) {
      takeCheckpoint(run, checkpoint);
      if (!run.abort.signal.aborted && performance.now() - run.savedAt < leastBetweenSaves) return;
      await keepRun(run);
    },
    load: () => loadModel(id, "best"),
    list: async () => [],
    remove: async () => {},
  };
}

/** Writes the run's newest and best checkpoint to the browser's storage. */
export async function keepRun(run: Run): Promise<void> {
  const { saved, best, keptBest, step } = run;
  const { id, report } = run.request;
  const places = placesOf(run);
  run.savedAt = performance.now();
  try {
    if (places && best && best !== keptBest) {
      await saveBest(id, best);
      run.keptBest = best;
    }
    if (saved) await saveModel(recordOf(run, saved, places), saved);
    run.isKept = true;
    report({ type: "model-saved", step });
  } catch (error) {
    run.isKept = false;
    report({ type: "save-failed", what: "model", message: whySaveFailed(error) });
  }
}

function recordOf(run: Run, checkpoint: Checkpoint, places: ReturnType<typeof placesOf>): ModelRecord {
  const { id, title, choices, text } = run.request;
  const { architecture, objective } = checkpoint;
  const { items } = choices.settings;
  return {
    ...{ id, title, objective, savedAt: Date.now(), bytes: (places ? 2 : 1) * sizeOf(checkpoint), status: "training" },
    ...{ units: architecture.units, vocabularySize: architecture.vocabularySize },
    ...(items ? { items } : {}),
    ...{ step: run.step, totalSteps: run.totalSteps, losses: run.losses },
    ...{ effort: run.effort, sample: run.sample.slice(0, sampleKept) },
    ...(places ? { places } : {}),
    ...(run.isTextKept ? { run: { choices, text: text.origin } } : {}),
  };
}

/** Keeps the text, so that the run can be resumed after the page was closed. */
export async function keepText(run: Run): Promise<void> {
  const { id, text, report } = run.request;
  try {
    await saveText(id, text.text);
    run.isTextKept = true;
  } catch (error) {
    const message = isFull(error)
      ? "The browser’s storage is full: this run’s text is not kept, so a pause can’t be ended. Delete models under Keep, then start anew."
      : `The text could not be saved: ${String(error)}`;
    report({ type: "save-failed", what: "text", message });
  }
}

const isFull = (error: unknown) => error instanceof DOMException && error.name === "QuotaExceededError";

function whySaveFailed(error: unknown): string {
  return isFull(error)
    ? "The browser’s storage is full: the model is not saved and would be lost with this page. Delete models under Keep, or export this one."
    : `The model could not be saved: ${error instanceof Error ? error.message : String(error)}`;
}
