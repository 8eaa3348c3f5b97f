// Rivals for a training step.
import { type Build, createEngine, type Engine } from "@charlstm/engine";
import type { NamedTensor } from "@charlstm/model/checkpoint";
import type { Batch, StepResult } from "@charlstm/training";
import { activateTfjs, createBackend, type TfjsName } from "../backends/backends.js";
import { time } from "../backends/time.js";
import type { Results } from "./agreement.js";
import { tfjsThreads } from "./environment.js";
import type { Patience, Rival } from "./rival.js";
import { batchOf, learningRate, type StepWork, weightsOf } from "./works.js";

interface Trainer {
  trainBatch(batch: Batch, learningRate: number): Promise<StepResult>;
  readWeights(): NamedTensor[] | Promise<NamedTensor[]>;
}

/** A step of the engine. Dropout is timed, but left out of the check: everyone draws other masks. */
export async function engineStep(work: StepWork, build: Build, threads: number, patience: Patience) {
  const open = (dropout: number) => openEngine(work, build, threads, dropout);
  const engine = await open(work.architecture.dropout);
  const batch = batchOf(work);
  const rival: Rival = {
    ...{ backend: "engine", build, threads: engine.threads, rounds: patience.engine, isQuick: true },
    async check() {
      const plain = await open(0);
      const results = await firstStep(plain, batch);
      await plain.dispose();
      return results;
    },
    play: () => time(() => engine.trainBatch(batch, learningRate)),
    dispose: () => engine.dispose(),
  };
  return { ...rival, engine, batch };
}

/** An engine for a work, with the weights that everyone gets. */
export async function openEngine(work: StepWork, build: Build, threads: number, dropout: number): Promise<Engine> {
  const { architecture, objective, rows, length, optimizer, clipNorm } = work;
  const { vocabularySize, units } = architecture;
  const shape = { vocabularySize, units, dropout, objective, rows, length };
  const engine = await createEngine({ ...shape, optimizer, clipNorm, threads, build });
  engine.writeWeights(weightsOf(work));
  return engine;
}

export async function tfjsStep(work: StepWork, name: TfjsName, patience: Patience): Promise<Rival> {
  const open = async (dropout: number) => {
    const { objective, rows, optimizer, clipNorm } = work;
    const architecture = { ...work.architecture, dropout };
    const backend = await createBackend(name, { architecture, objective, optimizer, clipNorm, rows, seed: 1 });
    backend.writeWeights(weightsOf(work));
    return backend;
  };
  const backend = await open(work.architecture.dropout);
  const batch = batchOf(work);
  return {
    ...{ backend: name, threads: tfjsThreads(name), ...tfjsPace(name, patience) },
    async check() {
      await activateTfjs(name);
      const plain = await open(0);
      const results = await firstStep(plain, batch);
      await plain.dispose();
      return results;
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
