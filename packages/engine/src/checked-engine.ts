import { checkBatch, countPredictions } from "./batches.js";
import type { Core, Rule } from "./core.js";
import { masksOf } from "./dropout.js";
import type { Engine } from "./engine.js";
import { EngineError } from "./errors.js";
import type { Settings } from "./options.js";
import { checkTensors, type Parameters } from "./parameters.js";
import { checkState } from "./state.js";
import { type CharacterStream, openStream } from "./stream.js";
import type { Batch, Build, NamedTensor, OptimizerState } from "./types.js";

/** Every call's checks, one call at a time, over whatever computes. */
export class CheckedEngine implements Engine {
  readonly threads: number;
  readonly build: Build;
  readonly parameters: number;
  readonly #settings: Settings;
  readonly #parameters: Parameters;
  #core: Core | undefined;
  readonly #streams = new Set<CharacterStream>();
  #isBusy = false;
  #step = 0;

  constructor(settings: Settings, parameters: Parameters, core: Core) {
    this.threads = core.threads;
    this.build = core.build;
    this.parameters = parameters.count;
    this.#settings = settings;
    this.#parameters = parameters;
    this.#core = core;
  }

  get bytes(): number {
    return this.#core?.bytes ?? 0;
  }

  trainBatch(batch: Batch, learningRate: number): Promise<{ loss: number; gradientNorm: number }> {
    return this.#call(batch, ["training"], async (core) => {
      if (!(learningRate >= 0 && Math.fround(learningRate) < Infinity)) {
        throw new EngineError("BAD_OPTION", `the learning rate is ${learningRate}, expected 0 to 3.4e38`, {
          learningRate,
        });
      }
      const result = await core.train(batch, masksOf(this.#settings, this.#step), this.#rule(learningRate));
      if (result.isApplied) this.#step++;
      return { loss: result.loss / this.#predictions(batch), gradientNorm: result.gradientNorm };
    });
  }

  scoreBatch(batch: Batch): Promise<{ loss: number; correct: number; predictions: number }> {
    return this.#call(batch, ["training", "scoring"], async (core) => {
      const { loss, correct } = await core.score(batch);
      const predictions = this.#predictions(batch);
      return { loss: loss / predictions, correct, predictions };
    });
  }

  resetState(): void {
    this.#idle().resetState();
  }

  readState(): Float32Array {
    return this.#idle(["training"]).readState();
  }

  writeState(values: Float32Array): void {
    const core = this.#idle(["training"]);
    const { objective, rows, units } = this.#settings;
    checkState(values, objective === "sequence" ? 2 * rows * units.reduce((a, b) => a + b) : 0);
    core.writeState(values);
  }

  openStream(count = 1): CharacterStream {
    return openStream(count, { idle: () => this.#idle(), settings: this.#settings, open: this.#streams });
  }

  readWeights(): NamedTensor[] {
    return this.#named(this.#idle().read(), "");
  }

  writeWeights(weights: readonly NamedTensor[]): void {
    const core = this.#idle();
    checkTensors(this.#parameters.list, weights, "weights");
    core.write(weights.map(({ values }) => values));
  }

  readOptimizer(): OptimizerState {
    const core = this.#idle(["training"]);
    const { name, slots } = this.#settings.optimizer;
    const tensors = slots.flatMap((slot, index) => this.#named(core.read(index), `/${slot}`));
    return { name, step: this.#step, slots: tensors };
  }

  writeOptimizer({ name, step, slots }: OptimizerState): void {
    const core = this.#idle(["training"]);
    const { optimizer } = this.#settings;
    const { list } = this.#parameters;
    if (
      name !== optimizer.name ||
      !Number.isInteger(step) ||
      step < 0 ||
      slots.length !== optimizer.slots.length * list.length
    ) {
      throw new EngineError(
        "BAD_WEIGHTS",
        `got the state of ${name} after ${step} steps with ${slots.length} slots, this engine's optimizer is ` +
          `${optimizer.name} with ${optimizer.slots.length * list.length} slots: open it with the settings that were saved`,
        { name, step, slots: slots.length },
      );
    }
    const parts = optimizer.slots.map((slot) => slots.filter((tensor) => tensor.name.endsWith(`/${slot}`)));
    for (const [index, slot] of optimizer.slots.entries()) checkTensors(list, parts[index]!, "slots", `/${slot}`);
    for (const [index, part] of parts.entries()) {
      core.write(
        part.map(({ values }) => values),
        index,
      );
    }
    this.#step = step;
  }

  async dispose(): Promise<void> {
    const core = this.#core;
    this.#core = undefined;
    for (const stream of this.#streams) stream.dispose();
    await core?.dispose();
  }

  /** What computes, if it is there, idle, and made for one of `purposes`. */
  #idle(purposes?: readonly string[]): Core {
    const core = this.#open();
    if (this.#isBusy) throw new EngineError("BUSY", "the engine is in the middle of a call: await it first");
    const { purpose } = this.#settings;
    if (purposes && !purposes.includes(purpose)) {
      throw new EngineError("WRONG_PURPOSE", `the engine was made for ${purpose}: make one for ${purposes[0]}`, {
        purpose,
      });
    }
    return core;
  }

  #open(): Core {
    if (!this.#core) throw new EngineError("CLOSED", "the engine is closed: make a new one");
    return this.#core;
  }

  /** Checks, locks, calls; a failed thread closes the engine. */
  async #call<Result>(
    batch: Batch,
    purposes: readonly string[],
    work: (core: Core) => Promise<Result>,
  ): Promise<Result> {
    const core = this.#idle(purposes);
    checkBatch(this.#settings, batch);
    this.#isBusy = true;
    try {
      const result = await work(core);
      this.#open(); // it may have been closed meanwhile
      return result;
    } catch (error) {
      if (error instanceof EngineError && error.code === "WORKER_FAILED") await this.dispose();
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  #predictions(batch: Batch): number {
    return countPredictions(this.#settings.objective, batch);
  }

  #rule(rate: number): Rule {
    const { optimizer, clipNorm } = this.#settings;
    const { rule, momentum, square, epsilon, weightDecay } = optimizer;
    const step = this.#step + 1;
    const correction = rule === 2 ? Math.sqrt(1 - square ** step) / (1 - momentum ** step) : 1;
    return { rule, momentum, square, epsilon, learningRate: rate * correction, decay: rate * weightDecay, clipNorm };
  }

  #named(values: readonly Float32Array[], suffix: string): NamedTensor[] {
    return this.#parameters.list.map(({ name, shape }, index) => ({
      name: name + suffix,
      shape: [...shape],
      values: values[index]!,
    }));
  }
}
