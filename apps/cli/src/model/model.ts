import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Checkpoint, type CheckpointStore, createDiskStore, isModelError } from "@charlstm/model/checkpoint";
import { type Backend, heldOutLossOf, loadBest, type Objective, type TrainingProgress } from "@charlstm/training";
import { Option } from "commander";
import { type BackendName, createBackend } from "../backends/backends.js";
import { CliError } from "../errors.js";
import { type ModelChoice, readRunRecord, refuseHandedOver, runPaths } from "../run/folder.js";
import { loadNewestWhole } from "../run/newest-checkpoint.js";
import { type Io, say, warn } from "../terminal/io.js";
import { modelFiles, readModelFiles } from "./model-files.js";

export function useOption(
  description = "of a run: its best epoch on the held-out text, or its last (default: best)",
): Option {
  return new Option("--use <which>", description).choices(["best", "last"]);
}

/** What commands that take a model say of it. */
export const modelArgument = "a run, a checkpoint, a .charlstm file, or a model of another tool as import reads it";

/**
 * Opens what the command line calls a model: a checkpoint's folder, or a run's; or files that `import` reads, a `.charlstm` among
 * them. Of a run that held text out it is the best epoch (or the last one, as `use` says); where they differ, which one is taken is
 * said.
 */
export async function openModel(io: Io, path: string, use: ModelChoice = "best"): Promise<Checkpoint> {
  const folder = resolve(io.folder, path);
  if (existsSync(join(folder, "charlstm.json"))) return createDiskStore(dirname(folder)).load(basename(folder));
  if (isForeign(folder)) {
    const wayOut = () => "; or import it with --vocabulary-from, the text that it was trained on";
    return readModelFiles(io, await modelFiles(folder), {}, wayOut).checkpoint;
  }
  const models = await modelsOf(io, folder);
  const [first, ...others] = models;
  if (!first) {
    if (existsSync(runPaths(folder).record)) refuseHandedOver(folder, await readRunRecord(folder));
    throw new CliError(
      "NO_MODEL",
      `${folder} ${existsSync(folder) ? "holds no model" : "does not exist"}: name a run (train prints its folder), one of its checkpoints, or a model's file`,
    );
  }
  const last = others.reduce((newest, model) => (stepOf(model) > stepOf(newest) ? model : newest), first);
  const scored = models.filter((model) => heldOutLossOf(model) !== undefined);
  const best = scored.reduce(
    (lowest, model) => (heldOutLossOf(model)! < heldOutLossOf(lowest)! ? model : lowest),
    last,
  );
  if (stepOf(best) !== stepOf(last)) say(io, modelLine({ best, last, use }));
  return use === "best" ? best : last;
}

/** Whether a path is a file, or a folder that is no run's and has what models of other tools begin with. */
function isForeign(path: string): boolean {
  if (!existsSync(path) || existsSync(runPaths(path).record)) return false;
  if (!statSync(path).isDirectory()) return true;
  return ["model.json", "manifest.json", "saved_model.pb"].some((name) => existsSync(join(path, name)));
}

/** The models that a run has left: the newest checkpoint, the best one, and `model/`, which has to be whole where it is there. */
async function modelsOf(io: Io, folder: string): Promise<Checkpoint[]> {
  const final = existsSync(join(folder, "model")) ? await createDiskStore(folder).load("model") : undefined;
  const { checkpoints } = runPaths(folder);
  const store = createDiskStore(checkpoints);
  const newest = existsSync(checkpoints) ? await newestIn(io, store, final !== undefined) : undefined;
  const best = newest && (await loadBest(store, newest));
  return [newest, best, final].filter((model) => model !== undefined);
}

/** One line that says which of a run's models is taken. */
export function modelLine({ best, last, use }: { best: Checkpoint; last: Checkpoint; use: ModelChoice }): string {
  const place = (model: Checkpoint) => {
    const { epoch = 0, stepInEpoch = 0 } = (model.progress ?? {}) as Partial<TrainingProgress>;
    return stepInEpoch === 0 ? `epoch ${epoch}` : `epoch ${epoch + 1} to step ${stepOf(model)}`;
  };
  const loss = (model: Checkpoint) => {
    const value = heldOutLossOf(model);
    return value === undefined ? "" : `, held out ${value.toFixed(4)} nats`;
  };
  if (stepOf(best) === stepOf(last)) return `model: ${place(last)}, the last and the best${loss(best)}`;
  return use === "best"
    ? `model: ${place(best)}, the best${loss(best)} (the last: ${place(last)}${loss(last)}; --use last takes it)`
    : `model: ${place(last)}, the last${loss(last)} (the best: ${place(best)}${loss(best)})`;
}

/** The newest whole checkpoint, broken ones named; where another model can stand in, `undefined` when there is none. */
async function newestIn(io: Io, store: CheckpointStore, mayLack: boolean): Promise<Checkpoint | undefined> {
  try {
    return (await loadNewestWhole(store, (line) => warn(io, line))).checkpoint;
  } catch (error) {
    if (mayLack && isModelError(error)) return undefined;
    throw error;
  }
}

/** Updates of the run so far. */
function stepOf({ progress }: Checkpoint): number {
  return (progress as { step?: number } | undefined)?.step ?? 0;
}

/** A backend that holds a checkpoint's weights, for scoring texts or writing them. */
export async function backendOf(
  io: Io,
  checkpoint: Checkpoint,
  name: BackendName,
  { objective = checkpoint.objective, rows = 1 }: { objective?: Objective; rows?: number } = {},
): Promise<Backend> {
  const { architecture, weights } = checkpoint;
  const purpose = rows > 1 ? "scoring" : "streams";
  const optimizer = { name: "sgd" } as const;
  const backend = await createBackend(name, { architecture, objective, optimizer, rows, seed: 0, purpose }, io);
  backend.writeWeights(weights);
  return backend;
}
