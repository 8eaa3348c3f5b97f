import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type Checkpoint, createDiskStore, loadNewest } from "@charlstm/model/checkpoint";
import type { Backend, Objective } from "@charlstm/training";
import { type BackendName, createBackend } from "./backends.js";
import { CliError } from "./errors.js";
import type { Io } from "./io.js";
import { runPaths } from "./run-folder.js";

/** Opens what the command line calls a model: a checkpoint's folder, or a run's, whose final or newest checkpoint it is. */
export async function openModel(io: Io, path: string): Promise<Checkpoint> {
  const folder = resolve(io.folder, path);
  if (existsSync(join(folder, "charlstm.json"))) return createDiskStore(dirname(folder)).load(basename(folder));
  if (existsSync(join(folder, "model"))) return createDiskStore(folder).load("model");
  const { checkpoints } = runPaths(folder);
  if (existsSync(checkpoints)) return (await loadNewest(createDiskStore(checkpoints))).checkpoint;
  throw new CliError(
    "NO_MODEL",
    `${folder} ${existsSync(folder) ? "holds no model" : "does not exist"}: name the folder of a run (train prints it) or of one of its checkpoints`,
  );
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
  const backend = await createBackend(name, { architecture, objective, optimizer, rows, seed: 0, purpose }, io.folder);
  backend.writeWeights(weights);
  return backend;
}
