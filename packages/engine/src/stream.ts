import { EngineError } from "./errors.js";
import type { Kernels } from "./kernels.js";
import { Arena, alignUnits, type Heap } from "./memory.js";
import type { Settings } from "./options.js";
import type { Plan } from "./plan.js";
import { checkState, panelsToState, type StatePanels, stateToPanels } from "./state.js";
import { layerStruct, PANEL, taskStruct } from "./structs.js";

/** One or several texts, character by character, each with its own state. */
export interface CharacterStream {
  /** Texts that move together. */
  readonly count: number;
  /**
   * Reads one character of each text.
   *
   * @param ids Shape `[count]`, each in `[0, V)`.
   * @returns Logits of the next characters, shape `[count, V]`; valid until the next step.
   * @throws {EngineError} `BAD_BATCH`, `BUSY`, `CLOSED`.
   */
  step(ids: ArrayLike<number>): Float32Array;
  /** A copy of the state, `[layers][h, c][count][units]`. */
  readState(): Float32Array;
  /** @throws {EngineError} `BAD_WEIGHTS`. */
  writeState(values: Float32Array): void;
  /** A second stream with the same state. */
  fork(): CharacterStream;
  /** Gives the memory back. May be called again. */
  dispose(): void;
}

export type StreamContext = {
  count: number;
  /** The engine's; throws when that is closed or busy. Not kept, so that a disposed engine's memory is free. */
  machine: () => { kernels: Kernels; memory: WebAssembly.Memory; heap: Heap };
  /** The engine's heap, while there is one. */
  heap: () => Heap | undefined;
  settings: Settings;
  plan: Plan;
};

/** @throws {EngineError} `BAD_OPTION`, `OUT_OF_MEMORY`. */
export function openStream(context: StreamContext): CharacterStream {
  const { count } = context;
  if (!Number.isInteger(count) || count < 1 || count > 65_536) {
    throw new EngineError("BAD_OPTION", `a stream of ${count} texts, expected 1 to 65536`, { count });
  }
  return new WasmStream(context);
}

class WasmStream implements CharacterStream {
  readonly count: number;
  readonly #context: StreamContext;
  readonly #places: Places;
  readonly #start: number;
  #logits = new Float32Array();
  #isOpen = true;

  constructor(context: StreamContext) {
    this.count = context.count;
    this.#context = context;
    const { memory, heap } = context.machine();
    const { bytes } = placeStream(context.settings, context.count, 0);
    this.#start = heap.take(bytes);
    this.#places = placeStream(context.settings, context.count, this.#start);
    new Uint8Array(memory.buffer, this.#start, bytes).fill(0);
    writeStream(context, memory.buffer, this.#places);
  }

  step(ids: ArrayLike<number>): Float32Array {
    const { kernels, memory } = this.#machine();
    const { settings } = this.#context;
    const { task, idsAt, logits } = this.#places;
    const { vocabularySize } = settings;
    if (ids.length !== this.count) throw badIds(`got ${ids.length} ids, this stream takes ${this.count}`, { ids });
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index]!;
      if (!(id >= 0 && id < vocabularySize && Number.isInteger(id))) {
        throw badIds(`id ${id} is outside the vocabulary of ${vocabularySize}`, { id, index, vocabularySize });
      }
    }
    if (this.#logits.buffer !== memory.buffer) {
      this.#logits = new Float32Array(memory.buffer, logits, this.count * vocabularySize);
    }
    if (this.count === 1) {
      kernels.stream(task, ids[0]!);
    } else {
      new Int32Array(memory.buffer, idsAt, this.count).set(ids);
      kernels.streams(task, this.count, logits);
    }
    return this.#logits;
  }

  readState(): Float32Array {
    const { memory } = this.#machine();
    const { settings } = this.#context;
    if (this.count > 1) return panelsToState(memory.buffer, this.#places.states, settings.units, this.count);
    const values = new Float32Array(2 * sum(settings.units));
    this.#eachVector(memory.buffer, (vector, at) => values.set(vector, at));
    return values;
  }

  writeState(values: Float32Array): void {
    const { memory } = this.#machine();
    const { settings } = this.#context;
    if (this.count > 1) {
      stateToPanels(memory.buffer, this.#places.states, settings.units, this.count, values);
    } else {
      checkState(values, 2 * sum(settings.units));
      this.#eachVector(memory.buffer, (vector, at) => vector.set(values.subarray(at, at + vector.length)));
    }
  }

  fork(): CharacterStream {
    this.#machine();
    const copy = new WasmStream(this.#context);
    copy.writeState(this.readState());
    return copy;
  }

  dispose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#logits = new Float32Array();
    this.#context.heap()?.give(this.#start, this.#places.bytes);
  }

  #machine() {
    if (!this.#isOpen) throw new EngineError("CLOSED", "the stream was disposed of: open another");
    return this.#context.machine();
  }

  /** A single stream's states are plain vectors. */
  #eachVector(buffer: ArrayBufferLike, visit: (vector: Float32Array, at: number) => void): void {
    let at = 0;
    for (const [layer, { hidden, cells }] of this.#places.states.entries()) {
      const width = this.#context.settings.units[layer]!;
      for (const pointer of [hidden, cells]) {
        visit(new Float32Array(buffer, pointer, width), at);
        at += width;
      }
    }
  }
}

type Places = {
  task: number;
  layers: number;
  idsAt: number;
  /** Rows by rows for the caller, or for one text the kernel's own. */
  logits: number;
  headLogits: number;
  states: StatePanels;
  work: { gates: number; cells: number; hidden: number; tanhCells: number }[];
  bytes: number;
};

function placeStream({ units, vocabularySize }: Settings, count: number, start: number): Places {
  const arena = new Arena();
  arena.end = start;
  const panels = Math.ceil(count / PANEL);
  const columns = Math.ceil(vocabularySize / 8) * 8;
  const isSingle = count === 1;
  const task = arena.take(taskStruct.bytes);
  const layers = arena.take(layerStruct.bytes * units.length);
  const vector = (width: number) => alignUnits(width) * 4 * (isSingle ? 1 : panels * PANEL);
  const idsAt = arena.take(panels * PANEL * 4);
  const headLogits = arena.take((isSingle ? 1 : panels * PANEL) * columns * 4);
  const logits = isSingle ? headLogits : arena.take(count * vocabularySize * 4);
  const states = units.map((width) => ({ hidden: arena.take(vector(width)), cells: arena.take(vector(width)) }));
  const work = units.map((width) => ({
    gates: arena.take(vector(width) * 4),
    cells: isSingle ? 0 : arena.take(vector(width) * 2),
    hidden: isSingle ? 0 : arena.take(vector(width) * 2),
    tanhCells: isSingle ? 0 : arena.take(vector(width)),
  }));
  return { task, layers, idsAt, logits, headLogits, states, work, bytes: arena.end - start };
}

function writeStream({ plan, settings, count }: StreamContext, buffer: ArrayBufferLike, places: Places): void {
  const { list } = plan.parameters;
  const weight = (index: number) => plan.weights + list[index]!.offset;
  const panels = Math.ceil(count / PANEL);
  taskStruct.write(buffer, places.task, {
    layers: places.layers,
    layerCount: settings.units.length,
    vocabulary: settings.vocabularySize,
    panels,
    length: 1,
    sequence: 1,
    ids: places.idsAt,
    dense: weight(list.length - 2),
    denseBias: weight(list.length - 1),
    logits: places.headLogits,
    dropoutThreshold: 0,
  });
  for (const [layer, { gates, cells, hidden, tanhCells }] of places.work.entries()) {
    const units = alignUnits(settings.units[layer]!);
    const state = places.states[layer]!;
    const isSingle = count === 1;
    layerStruct.write(buffer, places.layers + layer * layerStruct.bytes, {
      units,
      inputs: list[layer * 3]!.rows,
      input: weight(layer * 3),
      recurrent: weight(layer * 3 + 1),
      bias: weight(layer * 3 + 2),
      gates,
      cells: isSingle ? state.cells : cells,
      hidden: isSingle ? state.hidden : hidden,
      tanhCells,
      output: hidden + panels * units * PANEL * 4,
      stateHidden: state.hidden,
      stateCells: state.cells,
    });
  }
}

function badIds(message: string, details: Record<string, unknown>): EngineError {
  return new EngineError("BAD_BATCH", message, details);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b);
