import type { ModelFormat } from "@charlstm/formats";
import { batch, computed, signal } from "@preact/signals";
import { exportFormats } from "../files/formats.js";
import type { FoundFile } from "../files/found-files.js";
import { readyId } from "../files/ready.js";
import { listModels, type ModelRecord, newModelId, type Use, updateRecord } from "../files/records.js";
import { groupModels } from "../files/sort-files.js";
import { say, sayError, telling } from "./notices.js";
import { tellModelsChanged } from "./tabs.js";
import { text } from "./text.js";
import { reader, trainer } from "./workers.js";

/** The saved models, the newest first. */
export const models = signal<readonly ModelRecord[]>([]);

export interface StorageUse {
  usage: number;
  quota: number;
}

/** What the browser says of its storage for this site. */
export const storage = signal<StorageUse | undefined>(undefined);

/** The model that Play and Look inside work with: the run's own (`current`), a saved one's id, or `ready`, the one that comes with the page. */
const chosenModel = signal<string>("current");
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

/** Lists the models anew, here and in the other tabs. */
export async function refreshModels(): Promise<void> {
  await listModelsAnew();
  tellModelsChanged();
}

export async function listModelsAnew(): Promise<void> {
  try {
    models.value = await listModels();
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    storage.value = { usage, quota };
  } catch (error) {
    sayError(new Error(`The browser’s storage can’t be used: models last as long as this page. (${String(error)})`));
  }
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

/** Imports each of the models that the files are; what is none is told, and keeps no other from coming. */
export async function importFiles(files: readonly FoundFile[]): Promise<void> {
  await importEach(
    groupModels(files).map((group) => (id: string) => reader.importFiles(group, id, text.value?.vocabulary)),
  );
}

/** Imports the model that a link names; from another host than the page's only when the visitor agrees. */
export async function importLinked(address: string): Promise<void> {
  const page = location.href.split("#")[0]!;
  // What is no address at all is refused where it would be fetched.
  const { host, href } = URL.canParse(address, page) ? new URL(address, page) : location;
  if (host !== location.host && !confirm(`This link names a model at ${host}. Fetch it from there?\n${href}`)) return;
  say(`Fetching the model from ${host} …`);
  await importEach([(id) => reader.importFrom(address, page, id, text.value?.vocabulary)]);
}

async function importEach(imports: readonly ((id: string) => Promise<ImportedRecord>)[]): Promise<void> {
  await telling(async () => {
    const here: string[] = [];
    const refused: string[] = [];
    for (const one of imports) {
      try {
        const { record, notes } = await one(newModelId());
        chooseModel(record.id);
        here.push(`“${record.title}” is here: open it under Play.`, ...notes);
      } catch (error) {
        refused.push(error instanceof Error ? error.message : String(error));
      }
    }
    await refreshModels();
    if (refused.length > 0) throw new Error([...refused, ...here].join("\n"));
    say(here.join("\n"));
  });
}

/** A model that was put into the library, and what there is to say about it. */
interface ImportedRecord {
  record: ModelRecord;
  notes: readonly string[];
}

/** Hands a model to the visitor as a file; `current` is that of the last run, saved or not. */
export async function exportFile(id: string, title: string, format: ModelFormat, use: Use): Promise<void> {
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
