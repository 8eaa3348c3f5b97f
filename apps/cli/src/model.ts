import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Checkpoint, createDiskStore, isModelError, loadNewest } from "@charlstm/model/checkpoint";
import type { Backend, Objective } from "@charlstm/training";
import { type BackendName, createBackend } from "./backends.js";
import { CliError } from "./errors.js";
import type { Io } from "./io.js";
import { runPaths } from "./run-folder.js";

/** Opens what the command line calls a model: a checkpoint's folder, or a run's, whose newest one it is. */
export async function openModel(io: Io, path: string): Promise<Checkpoint> {
  const folder = resolve(io.folder, path);
  if (existsSync(join(folder, "charlstm.json"))) return createDiskStore(dirname(folder)).load(basename(folder));
  const final = existsSync(join(folder, "model")) ? await createDiskStore(folder).load("model") : undefined;
  const { checkpoints } = runPaths(folder);
  const newest = existsSync(checkpoints) ? await newestIn(checkpoints, final !== undefined) : undefined;
  // A run that had ended and was resumed has gone on from its final model.
  if (newest && (!final || stepOf(newest) > stepOf(final))) return newest;
  if (final) return final;
  throw new CliError(
    "NO_MODEL",
    `${folder} ${existsSync(folder) ? "holds no model" : "does not exist"}: name the folder of a run (train prints it) or of one of its checkpoints`,
  );
}

/** The newest checkpoint; where another model can stand in, `undefined` when there is none that can be read. */
async function newestIn(checkpoints: string, mayLack: boolean): Promise<Checkpoint | undefined> {
  try {
    return (await loadNewest(createDiskStore(checkpoints))).checkpoint;
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
