import { type Build, createEngine } from "@charlstm/engine";
import { initialWeights } from "@charlstm/model/checkpoint";
import type { Backend, BackendOptions, CharacterStream } from "./backend.js";
import { TrainingError } from "./errors.js";

export interface EngineBackendOptions extends BackendOptions {
  /** Threads that share a batch. Default: what the engine finds best on this machine. */
  threads?: number | undefined;
  /** What its arithmetic was compiled for, which decides speed and rounding. Default `"auto"`: the fastest that runs here. */
  build?: Build | "auto" | undefined;
  /**
   * What memory and threads are made ready for: `training` everything, `scoring` no gradients and no optimizer, `streams` just
   * the weights, which opens fastest. Default `training`.
   */
  purpose?: "training" | "scoring" | "streams";
}

/**
 * Makes a backend on the engine: native where its library is there, in WebAssembly elsewhere and in browsers.
 *
 * @param options.seed Starts the dropout masks, and for `training` the weights; for other purposes they are zero until
 *   `writeWeights` gives those of a model.
 * @throws {TrainingError} `UNSUPPORTED_ACTIVATION`: the engine has sigmoid gates alone.
 * @throws {EngineError} `NO_SIMD`, `NO_BUILD`, `OUT_OF_MEMORY`, `BAD_OPTION`, `WORKER_FAILED`.
 */
export async function createEngineBackend(options: EngineBackendOptions): Promise<Backend> {
  const { architecture, objective, optimizer, clipNorm = 0, rows, seed, threads, build = "auto" } = options;
  const { purpose = "training" } = options;
  const { vocabularySize, window: length, units, dropout } = architecture;
  if (architecture.recurrentActivation !== undefined) {
    throw new TrainingError(
      "UNSUPPORTED_ACTIVATION",
      `the model's gates are ${architecture.recurrentActivation}, the engine has sigmoid gates: ` +
        "use a TensorFlow.js backend (createTfjsBackend; --backend tfjs-cpu in the command line)",
      { recurrentActivation: architecture.recurrentActivation },
    );
  }
  const engine = await createEngine({
    ...{ vocabularySize, units, dropout, objective, optimizer, clipNorm, rows, length, seed, purpose, build },
    ...(threads === undefined ? {} : { threads }),
  });
  if (purpose === "training") engine.writeWeights(initialWeights(architecture, { seed }));

  return {
    name: "engine",
    facts: { threads: engine.threads, build: engine.build },
    options,
    trainBatch: (batch, learningRate) => engine.trainBatch(batch, learningRate),
    scoreBatch: (batch) => engine.scoreBatch(batch),
    resetState: () => engine.resetState(),
    readState: () => engine.readState(),
    writeState: (values) => engine.writeState(values),
    openStream(count = 1): CharacterStream {
      const stream = engine.openStream(count);
      const zeros = new Float32Array(2 * count * units.reduce((sum, width) => sum + width, 0));
      return {
        count,
        step: (ids) => stream.step(ids),
        reset: () => stream.writeState(zeros),
        readState: () => stream.readState(),
        writeState: (values) => stream.writeState(values),
        dispose: () => stream.dispose(),
      };
    },
    readWeights: async () => engine.readWeights(),
    writeWeights: (weights) => engine.writeWeights(weights),
    readOptimizer: async () => engine.readOptimizer(),
    writeOptimizer: (state) => engine.writeOptimizer({ ...state, slots: [...state.slots] }),
    dispose: () => engine.dispose(),
  };
}
