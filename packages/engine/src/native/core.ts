// The engine in the native library: steps off JavaScript's thread, streams on it.
import type { Core, Rule, StreamCore } from "../core.js";
import type { Masks } from "../dropout.js";
import type { Host } from "../host.js";
import type { Settings } from "../options.js";
import type { Parameters } from "../parameters.js";
import type { Batch, Ids, NativeBuild } from "../types.js";
import { MOST_THREADS } from "../wasm-core.js";
import type { Binding, Handle } from "./binding.js";
import { NativeStream } from "./stream.js";
import { translate, translated } from "./translate.js";

/** Rows that fill a product's tile: threads share a batch by so many. */
const TILE_ROWS = 4;

type NativeChoice = { binding: Binding; build: NativeBuild };

/** @throws {EngineError} `OUT_OF_MEMORY`, `WORKER_FAILED`. */
export function createNativeCore(host: Host, settings: Settings, parameters: Parameters, choice: NativeChoice): Core {
  return new NativeCore(host, settings, parameters, choice);
}

class NativeCore implements Core {
  readonly threads: number;
  readonly build: NativeBuild;
  readonly #settings: Settings;
  readonly #parameters: Parameters;
  readonly #binding: Binding;
  readonly #handle: Handle;
  readonly #bytes: number;
  #running: Promise<unknown> | undefined;
  #streamBytes = 0;
  readonly #limit: number;

  constructor(host: Host, settings: Settings, parameters: Parameters, { binding, build }: NativeChoice) {
    const { vocabularySize, units, objective, rows, length, dropout, optimizer, purpose } = settings;
    this.threads = Math.min(settings.threads ?? Math.min(host.parallelism, MOST_THREADS), Math.ceil(rows / TILE_ROWS));
    this.build = build;
    this.#settings = settings;
    this.#parameters = parameters;
    this.#binding = binding;
    const isTraining = purpose === "training";
    this.#limit = machineMemory(host);
    const shape = [vocabularySize, objective === "sequence", rows, length, isTraining, isTraining && dropout > 0];
    const slots = isTraining ? optimizer.slots.length : 0;
    const numbers = Float64Array.from([this.#limit, ...shape, slots, this.threads, ...units].map(Number));
    [this.#handle, this.#bytes] = translated(() => binding.create(build, numbers), this.#limit);
  }

  get bytes(): number {
    return this.#bytes + this.#streamBytes;
  }

  async train(batch: Batch, masks: Masks | undefined, rule: Rule) {
    const [loss, , gradientNorm, applied] = await this.#step(batch, masks, rule);
    return { loss, gradientNorm, isApplied: applied === 1 };
  }

  async score(batch: Batch) {
    const [loss, correct] = await this.#step(batch, undefined, undefined);
    return { loss, correct };
  }

  async #step(batch: Batch, masks: Masks | undefined, rule: Rule | undefined) {
    const { rule: kind, momentum, square, epsilon, learningRate, decay, clipNorm } = rule ?? noRule;
    const optimizer = [kind, momentum, square, epsilon, learningRate, decay, clipNorm];
    const dropout = [masks?.threshold ?? 0, masks?.scale ?? 1];
    const numbers = Float64Array.of(batch.rows, batch.length, rule ? 1 : 0, ...optimizer, ...dropout);
    const keys = Uint32Array.from(masks?.keys ?? []);
    const ids = [wide(batch.inputs), wantedOf(batch)] as const;
    const step = translated(() => this.#binding.step(this.#handle, ...ids, numbers, keys));
    this.#running = step;
    try {
      return await step;
    } catch (error) {
      throw translate(error);
    } finally {
      this.#running = undefined;
    }
  }

  resetState(): void {
    translated(() => this.#binding.resetState(this.#handle));
  }

  readState(): Float32Array {
    const { objective, rows, units } = this.#settings;
    if (objective !== "sequence") return new Float32Array();
    const values = new Float32Array(2 * rows * units.reduce((a, b) => a + b));
    translated(() => this.#binding.readState(this.#handle, values));
    return values;
  }

  writeState(values: Float32Array): void {
    if (values.length > 0) translated(() => this.#binding.writeState(this.#handle, values));
  }

  read(slot = -1): Float32Array[] {
    const all = new Float32Array(this.#parameters.count);
    translated(() => this.#binding.read(this.#handle, Float64Array.of(slot), all));
    let end = 0;
    return this.#parameters.list.map(({ shape }) => {
      const start = end;
      end += shape.reduce((a, b) => a * b);
      return all.slice(start, end);
    });
  }

  write(values: readonly Float32Array[], slot = -1): void {
    const all = new Float32Array(this.#parameters.count);
    let at = 0;
    for (const each of values) {
      all.set(each, at);
      at += each.length;
    }
    translated(() => this.#binding.write(this.#handle, Float64Array.of(slot), all));
  }

  openStream(count: number): StreamCore {
    const counted = (bytes: number) => {
      this.#streamBytes += bytes;
    };
    const streams = { binding: this.#binding, engine: this.#handle, settings: this.#settings, count: counted };
    return translated(() => new NativeStream(count, streams), this.#limit);
  }

  async dispose(): Promise<void> {
    this.#binding.stop(this.#handle);
    await this.#running?.catch(() => {});
    this.#binding.close(this.#handle);
  }
}

const noRule: Rule = { rule: 0, momentum: 0, square: 0, epsilon: 0, learningRate: 0, decay: 0, clipNorm: 0 };

const wide = (ids: Ids): Uint32Array => (ids instanceof Uint32Array ? ids : new Uint32Array(ids));

/** The library's word for a place that only pads: nothing is predicted there. */
const NO_TARGET = 0xffff_ffff;

function wantedOf({ targets, rows, length, lengths }: Batch): Uint32Array {
  if (!lengths) return wide(targets);
  const wanted = new Uint32Array(targets);
  for (let row = 0; row < rows; row++) wanted.fill(NO_TARGET, row * length + lengths[row]!, (row + 1) * length);
  return wanted;
}

/** Bytes that this machine, or this container, has at most. */
function machineMemory({ os }: Host): number {
  const total = os!.totalmem();
  const allowed = globalThis.process.constrainedMemory?.() || total;
  return Math.min(total, allowed);
}
