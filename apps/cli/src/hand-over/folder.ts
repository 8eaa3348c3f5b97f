// What train.py reads: the text as ids, the settings and where the run stands, the weights with all that goes with them.
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { portableFromCheckpoint, writeSafetensors } from "@charlstm/formats";
import type { Checkpoint } from "@charlstm/model/checkpoint";
import { batchSource, begunAnew, type OptimizerConfig, type TrainingProgress } from "@charlstm/training";
import type { Ids } from "@charlstm/vectorize";
import { builtFile } from "../files/built-file.js";
import { runPaths, writeMetrics, writeRunRecord } from "../run/folder.js";
import type { TrainPlan } from "../train/plan.js";
import { versions } from "../versions.js";

/** What an optimizer computes with where a run does not say; Keras's defaults, as the engine has them. */
const defaults = {
  rmsprop: { rho: 0.9, epsilon: 1e-7 },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 },
  adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
  sgd: {},
} as const satisfies Record<OptimizerConfig["name"], object>;

const slots = { rmsprop: ["velocity"], adam: ["m", "v"], adamw: ["m", "v"], sgd: [] } as const;

/** Updates between two saves within an epoch; an epoch's end saves too. */
const stepsPerSave = 5000;

/** Writes the folder beside its place and moves it there whole. */
export async function writeHandOver(
  folder: string,
  { plan, checkpoint, job }: { plan: TrainPlan; checkpoint: Checkpoint; job: Job },
): Promise<void> {
  const partial = join(dirname(folder), `.${basename(folder)}.partial`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    await writeFile(join(partial, "ids.bin"), Buffer.concat([plan.ids, plan.heldOut].map((ids) => bytesOf(ids, plan))));
    const model = writeSafetensors(portableFromCheckpoint(checkpoint), { tensors: carriedState(checkpoint, plan) });
    await writeFile(join(partial, "weights.safetensors"), model);
    await writeFile(join(partial, "settings.json"), `${JSON.stringify(job, null, 2)}\n`);
    await copyFile(builtFile("train.py"), join(partial, "train.py"));
    await writeMetrics(partial, checkpoint.history as never[]);
    await writeRunRecord(partial, { ...plan.record, backend: { name: "pytorch" } });
    await mkdir(runPaths(partial).samples);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** What train.py is to do, as `settings.json` has it. */
export interface Job {
  readonly totalSteps: number;
  readonly progress: Pick<TrainingProgress, "epoch" | "step">;
}

/** A training as train.py goes on with it. */
export function jobOf({ settings, vocabulary, ids, heldOut, rows }: TrainPlan, checkpoint: Checkpoint): Job {
  const { stepsPerEpoch } = batchSource(ids, settings);
  const { epoch, step, stepInEpoch, rateFactor, sums, best } = checkpoint.progress as TrainingProgress;
  const { name } = settings.optimizer;
  const job = {
    charlstm: versions.charlstm,
    settings: { ...settings, optimizer: { ...defaults[name], ...settings.optimizer } },
    vocabulary: vocabulary.characters,
    characters: ids.length,
    heldOutCharacters: heldOut.length,
    rows,
    stepsPerEpoch,
    totalSteps: Math.min(settings.maxSteps ?? Number.POSITIVE_INFINITY, settings.epochs * stepsPerEpoch),
    stepsPerSave,
    begunAnew,
    slots: slots[name],
    progress: { epoch, step, stepInEpoch, rateFactor, sums },
    history: checkpoint.history,
    best: best ?? null,
  };
  return job;
}

/** A byte for each character where that is enough, else four, in the order of little-endian machines. */
function bytesOf(ids: Ids, { vocabulary }: TrainPlan): Uint8Array {
  const same = vocabulary.size <= 256 ? Uint8Array.from(ids) : Int32Array.from(ids);
  return new Uint8Array(same.buffer);
}

/** The state that the sequence objective carries, of each layer `[1, rows, units]`, as `nn.LSTM` takes it. */
function carriedState({ tensors }: Checkpoint, { rows, settings: { units } }: TrainPlan) {
  const values = tensors?.find(({ name }) => name === "carried_state")?.values ?? new Float32Array();
  const parts = new Map<string, { shape: number[]; values: Float32Array }>();
  let at = 0;
  for (const [layer, width] of units.entries()) {
    for (const part of ["h", "c"]) {
      if (at === values.length) return parts;
      parts.set(`state.${part}.${layer}`, { shape: [1, rows, width], values: values.subarray(at, at + rows * width) });
      at += rows * width;
    }
  }
  return parts;
}
