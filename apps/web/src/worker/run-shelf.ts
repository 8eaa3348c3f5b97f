import type { Checkpoint, CheckpointStore } from "@charlstm/model/checkpoint";
import { loadModel, type ModelRecord, saveModel, saveText, sizeOf } from "../files/shelf.js";
import type { Run } from "./page-run.js";

/** Milliseconds; epochs of a short text end many times a second. */
const leastBetweenSaves = 3000;

/** Saves each checkpoint of the run in the place of the one before it; a failure is told, and the run goes on. */
export function shelfStore(run: Run): CheckpointStore {
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

/** Keeps the text, so that the run can be resumed after the page was closed. */
export async function keepText({ request }: Run): Promise<void> {
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
