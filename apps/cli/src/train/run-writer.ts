import { basename } from "node:path";
import { createDiskStore } from "@charlstm/model/checkpoint";
import type { EpochMetrics, TrainingEvent } from "@charlstm/training";
import { removeUnfinished } from "../files/own-files.js";
import { writeModelFile } from "../model/write-model.js";
import type { ModelChoice } from "../run/folder.js";
import { appendMetrics, runPaths, writeMetrics, writeSampleFile } from "../run/folder.js";

/** Keeps a run's files in step with its events. */
export interface RunWriter {
  record(event: TrainingEvent): Promise<void>;
  /** The epochs that are on record, those before a resume among them. */
  history(): readonly EpochMetrics[];
}

export interface RunWriterOptions {
  /** Epochs that were written before a resume; what had been written after its checkpoint is written again. */
  history: readonly EpochMetrics[];
  /** Whether to write TensorBoard's event files too. */
  tensorboard: boolean;
  /** Which model `model/` and the Keras file are. */
  use: ModelChoice;
  /** Throws when the folder is another process's by now. */
  check(): Promise<void>;
}

/** Opens the files of a run's folder. */
export async function openRunWriter(
  folder: string,
  { history, tensorboard, use, check }: RunWriterOptions,
): Promise<RunWriter> {
  const paths = runPaths(folder);
  for (const place of [folder, paths.samples]) await removeUnfinished(place);
  await writeMetrics(folder, history);
  let written = history;
  const board = tensorboard ? await openTensorBoard(paths.tensorboard) : undefined;
  return {
    history: () => written,
    async record(event) {
      if (event.type === "step-end") return;
      await check();
      switch (event.type) {
        case "sample-written":
          await writeSampleFile(folder, event.epoch, event.prompt, event.samples);
          return;
        case "epoch-end": {
          const { type: _, partial, ...metrics } = event;
          if (!partial) {
            await appendMetrics(folder, metrics);
            written = [...written, metrics];
          }
          await board?.(metrics);
          return;
        }
        case "loss-diverged": {
          // The run goes back, perhaps over the end of an epoch.
          written = written.filter(({ step }) => step <= event.backToStep);
          await writeMetrics(folder, written);
          return;
        }
        case "run-end": {
          const model = use === "best" ? event.best : event.checkpoint;
          await createDiskStore(folder).save(basename(paths.model), model);
          await writeModelFile(paths.kerasModel, "h5", model);
          written = event.history;
          await writeMetrics(folder, written);
        }
      }
    },
  };
}

/** Loaded only when it is asked for: a command line starts faster without. */
async function openTensorBoard(folder: string): Promise<(metrics: EpochMetrics) => Promise<void>> {
  const { createEventFile, epochScalars } = await import("./tensorboard.js");
  const file = await createEventFile(folder);
  return (metrics) => file.write(metrics.step, epochScalars(metrics));
}
