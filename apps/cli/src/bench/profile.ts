// How close to the processor's limit a step runs, and where the rest of its time goes.
import { type Build, createEngine } from "@charlstm/engine";
import { countOperations, type KernelSpeed, measureKernels } from "@charlstm/engine/benchmark";
import { time } from "../backends/time.js";
import type { Rivals } from "./rivals.js";
import { engineStep } from "./steps.js";
import { median, type Turns } from "./timing.js";
import { learningRate, type StepWork } from "./works.js";

interface Kernels {
  build: Build;
  /** Multiply-adds of registers alone, GFLOP/s of one thread. */
  peak: number;
  products: { name: KernelSpeed["products"][number]["name"]; gigaflops: number; shareOfPeak: number }[];
}

export interface Profile {
  kernels: Kernels[];
  /** One thread's step of the engine's own choice, from the fastest times of all that is measured; they sum up to the step's. */
  stages: { stage: string; ms: number; share: number }[];
}

/** Measurements that take turns with the rivals, so that all see the same noise. */
export interface ProfileTurns {
  turns: Turns[];
  /** @param times What `interleave` returned for `turns`. */
  read(times: readonly number[][]): Profile;
  dispose(): Promise<void>;
}

export async function createProfile(work: StepWork, { builds, patience }: Rivals): Promise<ProfileTurns> {
  const speeds = builds.map((): KernelSpeed[] => []);
  const kernelTurns = builds.map(
    (build, index): Turns => ({
      ...{ rounds: patience.engine, isQuick: false },
      async play() {
        speeds[index]!.push(measureKernels({ build, units: work.architecture.units[0]!, rounds: 3 }));
        return 0;
      },
    }),
  );
  const { engine, batch, dispose } = await engineStep(work, builds[0]!, 1, patience);
  const { optimizer, clipNorm } = work;
  const { vocabularySize, units } = work.architecture;
  // A step on one character is little more than adding up the gradients and the optimizer.
  const small = await createEngine({ vocabularySize, units, optimizer, clipNorm, threads: 1, build: builds[0]! });
  const one = { inputs: new Uint8Array(1), targets: new Uint8Array(1), rows: 1, length: 1 };
  const shared = { rounds: patience.engine, isQuick: true };
  return {
    turns: [
      ...kernelTurns,
      { ...shared, play: () => time(() => engine.trainBatch(batch, learningRate)) },
      { ...shared, play: () => time(() => engine.scoreBatch(batch)) },
      { ...shared, play: () => time(() => small.trainBatch(one, 0)) },
    ],
    read(times) {
      const kernels = builds.map((build, index) => kernelsOf(build, speeds[index]!));
      // Stages are differences: disturbed times would make some of them negative.
      const [step, score, update] = times.slice(builds.length).map((all) => Math.min(...all)) as [
        number,
        number,
        number,
      ];
      return { kernels, stages: stagesOf(work, speeds[0]!, { step, score, update }) };
    },
    async dispose() {
      await dispose();
      await small.dispose();
    },
  };
}

function kernelsOf(build: Build, speeds: readonly KernelSpeed[]): Kernels {
  const peak = median(speeds.map((speed) => speed.peak));
  const products = speeds[0]!.products.map(({ name }, at) => {
    const gigaflops = median(speeds.map((speed) => speed.products[at]!.gigaflops));
    return { name, gigaflops, shareOfPeak: gigaflops / peak };
  });
  return { build, peak, products };
}

/** Each of the three products does a third of the operations; what a pass takes beyond them is the rest of its work. */
function stagesOf(
  { architecture, rows, length, objective }: StepWork,
  speeds: readonly KernelSpeed[],
  { step, score, update }: { step: number; score: number; update: number },
): Profile["stages"] {
  const third = countOperations({ ...architecture, rows, length, objective }) / 3e6;
  const [forward, backward, weights] = speeds[0]!.products.map(
    (_, at) => third / Math.max(...speeds.map(({ products }) => products[at]!.gigaflops)),
  ) as [number, number, number];
  const stages = {
    "forward: products": forward,
    "forward: look-up, activations, loss": score - forward,
    "backward: products": backward,
    "backward: products of the weights": weights,
    "backward: cells, packing, sums": step - score - backward - weights - update,
    "optimizer, and calling": update,
  };
  return Object.entries(stages).map(([stage, ms]) => ({ stage, ms, share: ms / step }));
}
