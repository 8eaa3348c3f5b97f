import { checkBatch, writeBatch } from "./batches.js";
import { Crew } from "./crew.js";
import { EngineError } from "./errors.js";
import { type Host, inspectHost } from "./host.js";
import { instantiate, type Kernels } from "./kernels.js";
import { createMemory, Heap } from "./memory.js";
import { type EngineOptions, readOptions, type Settings } from "./options.js";
import { checkTensors, type Parameter, pack, unpack } from "./parameters.js";
import { type Plan, planMemory } from "./plan.js";
import { writeStructs } from "./setup.js";
import { panelsToState, stateToPanels } from "./state.js";
import { type CharacterStream, openStream } from "./stream.js";
import { modelStruct, PANEL, taskStruct } from "./structs.js";
import type { Batch, Build, NamedTensor, OptimizerState } from "./types.js";
import { compile } from "./wasm.js";

/** More threads than this gain nothing on the batches that characters are trained with. */
const MOST_THREADS = 8;

/** A model in WebAssembly memory. One call at a time: await each before the next. */
export interface Engine {
  /** Threads that share each batch. */
  readonly threads: number;
  readonly build: Build;
  /** Trainable numbers of the model. */
  readonly parameters: number;
  /** Bytes of WebAssembly memory in use. */
  readonly bytes: number;
  /**
   * One optimizer step. When the gradient is not finite the weights stay as they are, and the result says so.
   *
   * @param learningRate Finite, >= 0.
   * @returns `loss`: mean over the batch's predictions, in nats, before the step; `gradientNorm`: before clipping.
   * @throws {EngineError} `BAD_BATCH`, `BAD_OPTION`, `BUSY`, `CLOSED`, `WRONG_PURPOSE`, `WORKER_FAILED`.
   */
  trainBatch(batch: Batch, learningRate: number): Promise<{ loss: number; gradientNorm: number }>;
  /**
   * Loss and hits without dropout and without a step; sequences continue a state of their own.
   *
   * @throws {EngineError} `BAD_BATCH`, `BUSY`, `CLOSED`, `WRONG_PURPOSE`, `WORKER_FAILED`.
   */
  scoreBatch(batch: Batch): Promise<{ loss: number; correct: number; predictions: number }>;
  /** Zeroes the carried state of sequences: of training, of scoring, or (default) of both. */
  resetState(kind?: "training" | "scoring"): void;
  /** The carried state of training, `[layers][h, c][rows][units]`; empty for the window objective. */
  readState(): Float32Array;
  /** @throws {EngineError} `BAD_WEIGHTS`. */
  writeState(values: Float32Array): void;
  /**
   * Opens `count` parallel character streams, each from a zero state. They use the weights as they are at each step.
   *
   * @param count 1 to 65,536; default 1.
   */
  openStream(count?: number): CharacterStream;
  /** Copies of the weights, in Keras's order and layout. */
  readWeights(): NamedTensor[];
  /** @throws {EngineError} `BAD_WEIGHTS`; the weights are then as before. */
  writeWeights(weights: readonly NamedTensor[]): void;
  /** Copies of the optimizer's slots, and its count of steps, which also picks the dropout masks. */
  readOptimizer(): OptimizerState;
  /** @throws {EngineError} `BAD_WEIGHTS`; the optimizer is then as before. */
  writeOptimizer(state: OptimizerState): void;
  /** Ends the threads and lets go of the memory. May be called again. */
  dispose(): Promise<void>;
}

/**
 * Makes an engine whose weights are all zero: write some before training.
 *
 * @throws {EngineError} `BAD_OPTION`, `OUT_OF_MEMORY`, `NO_SIMD`, `WORKER_FAILED`.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const host = inspectHost();
  const settings = readOptions(options);
  const threads = chooseThreads(host, settings);
  const plan = planMemory(settings, threads);
  const shared = threads > 1;
  const { build, module } = compile(host, settings.build, shared);
  const memory = createMemory(plan.bytes, shared);
  const kernels = instantiate(module, memory);
  writeStructs(memory.buffer, settings, plan);
  const tasks = plan.threads.map(({ task }) => task);
  const { control, model } = plan;
  const crew =
    tasks.length > 0 ? await Crew.start({ host, module, kernels, memory, control, tasks, model }) : undefined;
  return new WasmEngine(settings, plan, { build, memory, heap: new Heap(memory, plan.bytes), kernels, crew });
}

function chooseThreads(host: Host, { threads, rows, purpose }: Settings): number {
  if (purpose === "streams" || !host.canShare) return 1;
  return Math.min(threads ?? Math.min(host.parallelism, MOST_THREADS), Math.ceil(rows / PANEL));
}

/** Everything that disposing lets go of. */
type Machine = { build: Build; memory: WebAssembly.Memory; heap: Heap; kernels: Kernels; crew: Crew | undefined };

class WasmEngine implements Engine {
  readonly threads: number;
  readonly build: Build;
  readonly parameters: number;
  readonly #settings: Settings;
  readonly #plan: Plan;
  #machine: Machine | undefined;
  #isBusy = false;
  #step = 0;

  constructor(settings: Settings, plan: Plan, machine: Machine) {
    this.threads = Math.max(1, plan.threads.length);
    this.build = machine.build;
    this.parameters = plan.parameters.count;
    this.#settings = settings;
    this.#plan = plan;
    this.#machine = machine;
  }

  get bytes(): number {
    return this.#machine?.memory.buffer.byteLength ?? 0;
  }

  trainBatch(batch: Batch, learningRate: number): Promise<{ loss: number; gradientNorm: number }> {
    return this.#call(batch, ["training"], async (crew, buffer) => {
      if (!(learningRate >= 0 && Math.fround(learningRate) < Infinity)) {
        throw new EngineError("BAD_OPTION", `the learning rate is ${learningRate}, expected 0 to 3.4e38`, {
          learningRate,
        });
      }
      const { seed, dropout } = this.#settings;
      const masks = { share: dropout, seed, step: this.#step };
      writeBatch(buffer, this.#settings, this.#plan, { batch, kind: "training", dropout: masks });
      modelStruct.write(buffer, this.#plan.model, { gradients: this.#activeThreads(buffer) });
      await crew.run("gradient");
      await crew.run("reduce");
      const { loss } = this.#readResults(buffer, batch);
      const gradientNorm = Math.sqrt(sum(new Float64Array(buffer, this.#plan.squares, this.threads)));
      if (Number.isFinite(gradientNorm) && Number.isFinite(loss)) {
        this.#writeRule(buffer, learningRate, gradientNorm);
        await crew.run("update");
      }
      return { loss, gradientNorm };
    });
  }

  scoreBatch(batch: Batch): Promise<{ loss: number; correct: number; predictions: number }> {
    return this.#call(batch, ["training", "scoring"], async (crew, buffer) => {
      writeBatch(buffer, this.#settings, this.#plan, { batch, kind: "scoring", dropout: undefined });
      await crew.run("score");
      return this.#readResults(buffer, batch);
    });
  }

  resetState(kind?: "training" | "scoring"): void {
    const { buffer } = this.#idle().memory;
    const panels = Math.ceil(this.#settings.rows / PANEL);
    for (const each of kind ? [kind] : (["training", "scoring"] as const)) {
      for (const [layer, { hidden, cells }] of this.#plan.states[each].entries()) {
        const size = panels * PANEL * this.#plan.threads[0]!.layerPlans[layer]!.units;
        new Float32Array(buffer, hidden, size).fill(0);
        new Float32Array(buffer, cells, size).fill(0);
      }
    }
  }

  readState(): Float32Array {
    const { buffer } = this.#idle(["training"]).memory;
    const { units, rows } = this.#settings;
    return panelsToState(buffer, this.#plan.states.training, units, rows);
  }

  writeState(values: Float32Array): void {
    const { buffer } = this.#idle(["training"]).memory;
    const { units, rows } = this.#settings;
    stateToPanels(buffer, this.#plan.states.training, units, rows, values);
  }

  openStream(count = 1): CharacterStream {
    this.#idle();
    return openStream({
      count,
      machine: () => this.#idle(),
      heap: () => this.#machine?.heap,
      settings: this.#settings,
      plan: this.#plan,
    });
  }

  readWeights(): NamedTensor[] {
    this.#idle();
    return this.#plan.parameters.list.map((parameter) =>
      unpack(parameter, this.#numbers(parameter, this.#plan.weights)),
    );
  }

  writeWeights(weights: readonly NamedTensor[]): void {
    const { kernels } = this.#idle();
    const { list } = this.#plan.parameters;
    checkTensors(list, weights, "weights");
    for (const [index, parameter] of list.entries()) {
      pack(parameter, weights[index]!.values, this.#numbers(parameter, this.#plan.weights));
    }
    kernels.transposeAll(this.#plan.model);
  }

  readOptimizer(): OptimizerState {
    this.#idle(["training"]);
    const { name, slots } = this.#settings.optimizer;
    const tensors = slots.flatMap((slot, index) =>
      this.#plan.parameters.list.map((parameter) =>
        unpack(parameter, this.#numbers(parameter, this.#plan.slots[index]!), `/${slot}`),
      ),
    );
    return { name, step: this.#step, slots: tensors };
  }

  writeOptimizer({ name, step, slots }: OptimizerState): void {
    this.#idle(["training"]);
    const { optimizer } = this.#settings;
    const { list } = this.#plan.parameters;
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
      for (const [at, parameter] of list.entries()) {
        pack(parameter, part[at]!.values, this.#numbers(parameter, this.#plan.slots[index]!));
      }
    }
    this.#step = step;
  }

  async dispose(): Promise<void> {
    const machine = this.#machine;
    this.#machine = undefined;
    await machine?.crew?.dispose();
  }

  /** The machine, if it is there, idle, and made for one of `purposes`. */
  #idle(purposes?: readonly string[]): Machine {
    if (!this.#machine) throw new EngineError("CLOSED", "the engine is closed: make a new one");
    if (this.#isBusy) throw new EngineError("BUSY", "the engine is in the middle of a call: await it first");
    const { purpose } = this.#settings;
    if (purposes && !purposes.includes(purpose)) {
      throw new EngineError("WRONG_PURPOSE", `the engine was made for ${purpose}: make one for ${purposes[0]}`, {
        purpose,
      });
    }
    return this.#machine;
  }

  /** Checks, locks, calls; a failed thread closes the engine. */
  async #call<Result>(
    batch: Batch,
    purposes: readonly string[],
    work: (crew: Crew, buffer: ArrayBufferLike) => Promise<Result>,
  ): Promise<Result> {
    const { crew, memory } = this.#idle(purposes);
    checkBatch(this.#settings, batch);
    this.#isBusy = true;
    try {
      return await work(crew!, memory.buffer);
    } catch (error) {
      if (error instanceof EngineError && error.code === "WORKER_FAILED") await this.dispose();
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  #activeThreads(buffer: ArrayBufferLike): number {
    return this.#plan.threads.filter(({ task }) => taskStruct.read(buffer, task, "panels") > 0).length;
  }

  #readResults(buffer: ArrayBufferLike, { rows, length }: Batch) {
    const predictions = this.#settings.objective === "sequence" ? rows * length : rows;
    const total = (field: "loss" | "correct") =>
      sum(this.#plan.threads.map(({ task }) => taskStruct.read(buffer, task, field)));
    return { loss: total("loss") / predictions, correct: total("correct"), predictions };
  }

  #writeRule(buffer: ArrayBufferLike, rate: number, gradientNorm: number): void {
    this.#step++;
    const { optimizer, clipNorm } = this.#settings;
    const { rule, momentum, square, epsilon, weightDecay } = optimizer;
    const correction = rule === 2 ? Math.sqrt(1 - square ** this.#step) / (1 - momentum ** this.#step) : 1;
    modelStruct.write(buffer, this.#plan.model, {
      rule,
      momentum,
      square,
      epsilon,
      learningRate: rate * correction,
      decay: rate * weightDecay,
      scale: clipNorm > 0 ? clipNorm / Math.max(gradientNorm, clipNorm) : 1,
    });
  }

  #numbers({ offset, blocks, rows }: Parameter, start: number): Float32Array {
    return new Float32Array(this.#machine!.memory.buffer, start + offset, blocks * rows * 4);
  }
}

const sum = (values: Iterable<number>) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
