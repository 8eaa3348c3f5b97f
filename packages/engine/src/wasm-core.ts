// The engine in WebAssembly: a plan of its memory, kernels over it, and a pool of threads.
import { writeBatch } from "./batches.js";
import type { Core, Rule, StreamCore } from "./core.js";
import type { Masks } from "./dropout.js";
import { EngineError } from "./errors.js";
import type { Host } from "./host.js";
import { instantiate } from "./kernels.js";
import { createMemory, Heap } from "./memory.js";
import type { Settings } from "./options.js";
import { type Parameter, type Parameters, pack, unpack } from "./parameters.js";
import { type Plan, planMemory } from "./plan.js";
import { writeStructs } from "./setup.js";
import { panelsToState, stateToPanels } from "./state.js";
import { modelStruct, PANEL, taskStruct } from "./structs.js";
import { ThreadPool } from "./thread-pool.js";
import { type Batch, type Build, isNativeBuild, type WasmBuild } from "./types.js";
import { compile } from "./wasm.js";
import { WasmStream } from "./wasm-stream.js";

/** More threads than this gain nothing on the batches that characters are trained with. */
export const MOST_THREADS = 8;

/** Makes the memory and the kernels, without threads. */
function createMachine(host: Host, settings: Settings, plan: Plan, isShared = plan.threads.length > 1) {
  const { build, module } = compile(host, wasmChoice(settings.build), isShared);
  const memory = createMemory(plan.bytes, isShared);
  const kernels = instantiate(module, memory);
  writeStructs(memory.buffer, settings, plan);
  return { build, module, memory, kernels, heap: new Heap(memory, plan.bytes) };
}

type Machine = ReturnType<typeof createMachine>;

/** @throws {EngineError} `NO_SIMD`, `OUT_OF_MEMORY`, `WORKER_FAILED`. */
export async function createWasmCore(host: Host, settings: Settings, parameters: Parameters): Promise<Core> {
  try {
    return await startCore(host, settings, parameters);
  } catch (error) {
    // Telephones refuse to share what one thread may have for itself.
    if (!host.canShare || !(error instanceof EngineError) || error.code !== "OUT_OF_MEMORY") throw error;
    return await startCore({ ...host, canShare: false, canWait: false }, settings, parameters).catch(() => {
      throw error;
    });
  }
}

async function startCore(host: Host, settings: Settings, parameters: Parameters): Promise<Core> {
  const plan = planMemory(settings, parameters, chooseThreads(host, settings));
  const isLong = host.canShare && secondsOfCall(settings) / Math.max(1, plan.threads.length) > LONGEST_WAIT;
  const machine = createMachine(host, settings, plan, plan.threads.length > 1 || isLong);
  const tasks = plan.threads.map(({ task }) => task);
  const { control, model } = plan;
  const pool = await ThreadPool.start({ ...machine, host, control, tasks, model, isLong });
  return new WasmCore(settings, plan, machine, pool);
}

function chooseThreads(host: Host, { threads, rows, purpose }: Settings): number {
  if (purpose === "streams" || !host.canShare) return 1;
  return Math.min(threads ?? Math.min(host.parallelism, MOST_THREADS), Math.ceil(rows / PANEL));
}

/** The engine's own thread takes part in calls up to about this many seconds: signals and messages wait meanwhile. */
const LONGEST_WAIT = 0.1;

/** Of one thread on a processor of these years. */
const FLOPS = 1e10;

/** Roughly, on one thread: a training call multiplies with each weight of its layers three times for each character. */
function secondsOfCall({ units, rows, length, purpose }: Settings): number {
  if (purpose === "streams") return 0;
  const weights = units.reduce((sum, width, layer) => sum + 4 * width * (width + (units[layer - 1] ?? 0)), 0);
  return (6 * weights * rows * length) / FLOPS;
}

const wasmChoice = (build: Build | "auto"): WasmBuild | "auto" =>
  build === "auto" || isNativeBuild(build) ? "auto" : build;

class WasmCore implements Core {
  readonly threads: number;
  readonly build: Build;
  readonly #settings: Settings;
  readonly #plan: Plan;
  readonly #pool: ThreadPool;
  readonly #machine: Machine;

  constructor(settings: Settings, plan: Plan, machine: Machine, pool: ThreadPool) {
    this.threads = Math.max(1, plan.threads.length);
    this.build = machine.build;
    this.#settings = settings;
    this.#plan = plan;
    this.#machine = machine;
    this.#pool = pool;
  }

  get bytes(): number {
    return this.#machine.memory.buffer.byteLength;
  }

  async train(batch: Batch, masks: Masks | undefined, rule: Rule) {
    const { buffer } = this.#machine.memory;
    writeBatch(buffer, this.#settings, this.#plan, { batch, isCarried: true, masks });
    modelStruct.write(buffer, this.#plan.model, { gradients: this.#activeThreads() });
    await this.#pool.run("gradient");
    await this.#pool.run("reduce");
    const { loss } = this.#readResults();
    const gradientNorm = Math.sqrt(sum(new Float64Array(buffer, this.#plan.squares, this.threads)));
    const isApplied = Number.isFinite(gradientNorm) && Number.isFinite(loss);
    if (isApplied) {
      const { clipNorm, ...fields } = rule;
      const scale = clipNorm > 0 ? clipNorm / Math.max(gradientNorm, clipNorm) : 1;
      modelStruct.write(buffer, this.#plan.model, { ...fields, scale });
      await this.#pool.run("update");
    }
    return { loss, gradientNorm, isApplied };
  }

  async score(batch: Batch) {
    const { buffer } = this.#machine.memory;
    writeBatch(buffer, this.#settings, this.#plan, { batch, isCarried: false, masks: undefined });
    await this.#pool.run("score");
    return this.#readResults();
  }

  resetState(): void {
    const { buffer } = this.#machine.memory;
    const panels = Math.ceil(this.#settings.rows / PANEL);
    for (const [layer, { hidden, cells }] of this.#plan.states.entries()) {
      const size = panels * PANEL * this.#plan.threads[0]!.layerPlans[layer]!.units;
      new Float32Array(buffer, hidden, size).fill(0);
      new Float32Array(buffer, cells, size).fill(0);
    }
  }

  readState(): Float32Array {
    const { units, rows } = this.#settings;
    return panelsToState(this.#machine.memory.buffer, this.#plan.states, units, rows);
  }

  writeState(values: Float32Array): void {
    const { units, rows } = this.#settings;
    stateToPanels(this.#machine.memory.buffer, this.#plan.states, units, rows, values);
  }

  read(slot?: number): Float32Array[] {
    return this.#plan.parameters.list.map((parameter) => unpack(parameter, this.#numbers(parameter, slot)));
  }

  write(values: readonly Float32Array[], slot?: number): void {
    writeNumbers(this.#plan.parameters, values, (parameter) => this.#numbers(parameter, slot));
    if (slot === undefined) this.#machine.kernels.transposeAll(this.#plan.model);
  }

  openStream(count: number): StreamCore {
    return new WasmStream(count, { ...this.#machine, settings: this.#settings, plan: this.#plan });
  }

  async dispose(): Promise<void> {
    await this.#pool.dispose();
  }

  #activeThreads(): number {
    const { buffer } = this.#machine.memory;
    return this.#plan.threads.filter(({ task }) => taskStruct.read(buffer, task, "panels") > 0).length;
  }

  #readResults(): { loss: number; correct: number } {
    const { buffer } = this.#machine.memory;
    const total = (field: "loss" | "correct") =>
      sum(this.#plan.threads.map(({ task }) => taskStruct.read(buffer, task, field)));
    return { loss: total("loss"), correct: total("correct") };
  }

  #numbers(parameter: Parameter, slot: number | undefined): Float32Array {
    const start = slot === undefined ? this.#plan.weights : this.#plan.slots[slot]!;
    return numbersAt(this.#machine.memory, parameter, start);
  }
}

/** A tensor's packed numbers in a memory whose weights, or slots, begin at `start`. */
function numbersAt(memory: WebAssembly.Memory, { offset, blocks, rows }: Parameter, start: number): Float32Array {
  return new Float32Array(memory.buffer, start + offset, blocks * rows * 4);
}

function writeNumbers(
  { list }: Parameters,
  values: readonly Float32Array[],
  numbers: (parameter: Parameter) => Float32Array,
): void {
  for (const [index, parameter] of list.entries()) pack(parameter, values[index]!, numbers(parameter));
}

const sum = (values: Iterable<number>) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
