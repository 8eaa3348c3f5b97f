import { batch, computed, signal } from "@preact/signals";
import { type ExportFormat, exportFormats } from "../files/formats.js";
import type { FoundFile } from "../files/found-files.js";
import { readyId } from "../files/ready.js";
import { listModels, type ModelRecord, newModelId, type Use, updateRecord } from "../files/records.js";
import { runsInTraining } from "../files/run-locks.js";
import { say, sayError, telling } from "./notices.js";
import { text } from "./text.js";
import { reader, trainer } from "./workers.js";

/** The saved models, the newest first. */
export const models = signal<readonly ModelRecord[]>([]);

/** Those that were in training when it was last asked, in this tab or in another. */
export const inTraining = signal<ReadonlySet<string>>(new Set());

export interface StorageUse {
  usage: number;
  quota: number;
}

/** What the browser says of its storage for this site. */
export const storage = signal<StorageUse | undefined>(undefined);

/** The model that Play and Look inside work with: the run's own (`current`), a saved one's id, or `ready`, the one that comes with the page. */
export const chosenModel = signal<string>("current");
/** Which of its models, where a run has left two. */
export const chosenUse = signal<Use>("best");

/** The model that the run of this page trains, or has trained last; under this id it is saved. */
export const runId = signal<string | undefined>(undefined);

/** What is used: the chosen model, or where there is none such the newest that there is. */
export const usedModel = computed(() => {
  const chosen = chosenModel.value;
  const isThere = chosen === "current" ? runId.value !== undefined : models.value.some(({ id }) => id === chosen);
  if (isThere || chosen === readyId) return chosen;
  return runId.value === undefined ? (models.value[0]?.id ?? readyId) : "current";
});

/** Takes a model to Play and Look inside. */
export function chooseModel(id: string, use: Use = "best"): void {
  batch(() => {
    chosenModel.value = id;
    chosenUse.value = use;
  });
}

/** Tells the other tabs that models have changed; none where site data are blocked. */
const tabs = openChannel();

function openChannel(): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel("charlstm models");
  } catch {
    return undefined;
  }
}

/** Lists the models anew, here and in the other tabs. */
export async function refreshModels(): Promise<void> {
  await listAnew();
  tabs?.postMessage("changed");
}

async function listAnew(): Promise<void> {
  try {
    const [listed, training] = [await listModels(), await runsInTraining()];
    batch(() => {
      models.value = listed;
      inTraining.value = training;
    });
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    storage.value = { usage, quota };
  } catch (error) {
    sayError(new Error(`The browser’s storage can’t be used: models last as long as this page. (${String(error)})`));
  }
}

/** Lists anew when another tab has trained, renamed or deleted, or may have and is closed. */
export function followOtherTabs(): void {
  tabs?.addEventListener("message", () => void listAnew());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void listAnew();
  });
}

export async function renameModel(id: string, title: string): Promise<void> {
  await updateRecord(id, { title });
  await refreshModels();
  say(`It is called “${title}” now.`);
}

export async function deleteModel({ id, title }: ModelRecord): Promise<void> {
  await reader.removeModel(id);
  if (chosenModel.value === id) chooseModel("current");
  await refreshModels();
  say(`“${title}” is deleted.`);
}

export async function importFiles(files: readonly FoundFile[]): Promise<void> {
  await telling(async () => {
    const { record, notes } = await reader.importFiles(files, newModelId(), text.value?.vocabulary);
    chooseModel(record.id);
    await refreshModels();
    say([`“${record.title}” is here: open it under Play.`, ...notes].join("\n"));
  });
}

/** Hands a model to the visitor as a file; `current` is that of the last run, saved or not. */
export async function exportFile(id: string, title: string, format: ExportFormat, use: Use): Promise<void> {
  await telling(async () => {
    const { bytes, notes } = await (id === "current"
      ? trainer.exportCurrent(format, use)
      : reader.exportSaved(id, format, use));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    link.download = `${fileName(title)}${exportFormats[format].ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say([`Saved as ${link.download}.`, ...notes.map((note) => `Note: ${note}.`)].join("\n"));
  });
}

const fileName = (title: string) => title.replace(/[^\p{L}\p{N} ._-]+/gu, "").trim() || "model";

/** Opens the chosen model in the reader. */
export async function openChosen(): Promise<void> {
  if (usedModel.value !== "current") return reader.openSaved(usedModel.value, chosenUse.value);
  const checkpoint = await trainer.snapshot(chosenUse.value);
  if (!checkpoint) throw new Error("This run has no model yet: let it make its first steps, or choose another model.");
  await reader.openModel(checkpoint);
}
