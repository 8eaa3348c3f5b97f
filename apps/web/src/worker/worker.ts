// The page's worker. It runs twice: one trains and holds the text, the other reads models and converts files, so that playing
// never waits for training.
import type { ModelFormat } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { type ItemKind, itemKindOf } from "@charlstm/training";
import { expose } from "comlink";
import type { FoundFile } from "../files/found-files.js";
import type { GivenFile } from "../files/import-model.js";
import { loadModel, removeModel, saveModel, sizeOf } from "../files/library.js";
import { readyId } from "../files/ready.js";
import { loadReady } from "../files/ready-model.js";
import type { ModelRecord, TextOrigin, Use } from "../files/records.js";
import type { Choices } from "../logic/settings.js";
import { countItems } from "./items.js";
import type { PreparedText } from "./prepared-text.js";
import { createReadingService } from "./reading-service.js";
import type { RunEvent } from "./run-events.js";
import { createRunService } from "./run-service.js";
import { furtherTitle, newCharacters } from "./starting-model.js";
import { createTextService } from "./text-service.js";

const texts = createTextService();
const runs = createRunService();
const reading = createReadingService();

/** A model that a run is to begin with: a saved one, the ready one, or `current`, what the last run left. */
export interface StartingModel {
  id: string;
  title: string;
  use: Use;
}

const api = {
  openText: texts.openText,

  /** How many items the text that is open has. */
  countItems: (items: ItemKind): number => countItems(openedText(), items),

  /** What of the text that is open, or of its items, is new to a model. */
  async charactersNewTo(from: StartingModel, items: ItemKind | undefined): Promise<string[]> {
    return newCharacters(await open(from), openedText(), items);
  },

  /** Trains on the text that is open, a new network or a model further; resolves when the run ends, is paused or is stopped. */
  async startRun(id: string, choices: Choices, report: (event: RunEvent) => void, from?: StartingModel): Promise<void> {
    const text = openedText();
    const { title } = text.origin;
    await runs.run({
      ...{ id, choices, text, report },
      ...(from ? { title: furtherTitle(from.title, title), from: await open(from) } : { title }),
    });
  },

  /** Goes on with a saved run, on the text that it began with. */
  async resumeRun(
    record: ModelRecord & { run: { choices: Choices; text: TextOrigin } },
    report: (event: RunEvent) => void,
  ) {
    const { id, title, run } = record;
    const text = await texts.reopen(id, run.text);
    await runs.run({ id, title, choices: run.choices, text, resumed: record, report });
  },

  endRun: runs.end,
  planSamples: runs.planSamples,
  snapshot: runs.snapshot,

  ...reading,

  /** Opens files as a model and puts it into the library. */
  async importFiles(files: readonly FoundFile[], id: string, vocabulary: readonly string[] | undefined) {
    const { pickFiles } = await fetched(import("../files/import-model.js"));
    const given = await Promise.all(
      pickFiles(files).map(async ({ name, file }) => ({ name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    return putIntoLibrary(given, id, vocabulary);
  },

  /** Fetches a model from an address, relative to the page's, and puts it into the library. */
  async importFrom(address: string, page: string, id: string, vocabulary: readonly string[] | undefined) {
    const { fetchModel } = await fetched(import("../files/fetch-model.js"));
    return putIntoLibrary([await fetchModel(address, page)], id, vocabulary);
  },

  removeModel,

  /** Opens a saved model, or the ready one, for writing and looking inside. */
  async openSaved(id: string, use: Use): Promise<void> {
    await reading.openModel(await load(id, use));
  },

  /** The model of the run in progress, or of the last one, as a file of the wanted format. */
  async exportCurrent(format: ModelFormat, use: Use) {
    return write(await currentModel(use), format);
  },

  /** A saved model, or the ready one, as a file of the wanted format. */
  async exportSaved(id: string, format: ModelFormat, use: Use) {
    return write(await load(id, use), format);
  },
};

async function putIntoLibrary(given: readonly GivenFile[], id: string, vocabulary: readonly string[] | undefined) {
  const { importModel } = await fetched(import("../files/import-model.js"));
  const { checkpoint, title, notes } = importModel(given, vocabulary);
  const { architecture, objective } = checkpoint;
  const items = itemKindOf(checkpoint);
  const record: ModelRecord = {
    ...{ id, title, objective, savedAt: Date.now(), bytes: sizeOf(checkpoint), status: "imported" },
    ...{ units: architecture.units, vocabularySize: architecture.vocabularySize },
    ...(items ? { items } : {}),
    ...{ step: 0, totalSteps: 0, losses: { train: [], heldOut: [] } },
  };
  await saveModel(record, checkpoint);
  return { record, notes };
}

/** A part of this worker that is fetched when it is first asked for. */
const fetched = <Part>(loading: Promise<Part>): Promise<Part> =>
  loading.catch((cause: unknown) => {
    throw new Error("What reads and writes model files could not be loaded: try again once there is a network.", {
      cause,
    });
  });

function openedText(): PreparedText {
  if (!texts.open) throw new Error("No text is open: choose one under Text first.");
  return texts.open;
}

const open = ({ id, use }: StartingModel): Promise<Checkpoint> =>
  id === "current" ? currentModel(use) : load(id, use);

const load = (id: string, use: Use): Promise<Checkpoint> => (id === readyId ? loadReady() : loadModel(id, use));

async function currentModel(use: Use): Promise<Checkpoint> {
  const checkpoint = await runs.snapshot(use);
  if (!checkpoint) throw new Error("No model was trained in this page yet.");
  return checkpoint;
}

async function write(checkpoint: Checkpoint, format: ModelFormat) {
  const { exportModel } = await fetched(import("../files/export-model.js"));
  return exportModel(checkpoint, format);
}

export type WorkerApi = typeof api;

addEventListener("message", ({ data }: MessageEvent<MessagePort>) => expose(api, data), { once: true });
// It is loaded.
postMessage(true);
