// Rivals for a training step.
import { type Build, createEngine } from "@charlstm/engine";
import type { NamedTensor } from "@charlstm/model/checkpoint";
import type { Batch, StepResult } from "@charlstm/training";
import { activateTfjs, createBackend, type TfjsName } from "../backends.js";
import type { Results } from "./agreement.js";
import { tfjsThreads } from "./environment.js";
import type { Patience, Rival } from "./rival.js";
import { time } from "./timing.js";
import { batchOf, learningRate, type StepWork, weightsOf } from "./works.js";

const optimizer = { name: "rmsprop" } as const;

interface Trainer {
  trainBatch(batch: Batch, learningRate: number): Promise<StepResult>;
  readWeights(): NamedTensor[] | Promise<NamedTensor[]>;
}

export async function engineStep(work: StepWork, build: Build, threads: number, patience: Patience) {
  const { architecture, objective, rows, length } = work;
  const { vocabularySize, units } = architecture;
  const engine = await createEngine({ vocabularySize, units, objective, rows, length, optimizer, threads, build });
  engine.writeWeights(weightsOf(work));
  const batch = batchOf(work);
  const rival: Rival = {
    ...{ backend: "engine", build, threads: engine.threads, rounds: patience.engine, isQuick: true },
    check: () => firstStep(engine, batch),
    play: () => time(() => engine.trainBatch(batch, learningRate)),
    dispose: () => engine.dispose(),
  };
  return { ...rival, engine, batch };
}

export async function tfjsStep(work: StepWork, name: TfjsName, patience: Patience): Promise<Rival> {
  const { architecture, objective, rows } = work;
  const backend = await createBackend(name, { architecture, objective, optimizer, rows, seed: 1 });
  backend.writeWeights(weightsOf(work));
  const batch = batchOf(work);
  return {
    ...{ backend: name, threads: tfjsThreads(name), ...tfjsPace(name, patience) },
    async check() {
      await activateTfjs(name);
      return firstStep(backend, batch);
    },
    async play() {
      await activateTfjs(name);
      return time(() => backend.trainBatch(batch, learningRate));
    },
    dispose: () => backend.dispose(),
  };
}

export function tfjsPace(name: TfjsName, { native, tfjsWasm, tfjsCpu }: Patience) {
  const isNative = name.startsWith("tfjs-node");
  return { rounds: isNative ? native : name === "tfjs-wasm" ? tfjsWasm : tfjsCpu, isQuick: isNative };
}

async function firstStep(trainer: Trainer, batch: Batch): Promise<Results> {
  const { loss, gradientNorm } = await trainer.trainBatch(batch, learningRate);
  const weights = (await trainer.readWeights()).flatMap(({ values }) => [...values]);
  return { loss: [loss], gradientNorm: [gradientNorm], weights };
}
