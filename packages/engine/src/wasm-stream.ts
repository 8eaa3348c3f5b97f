// Streams in WebAssembly, each in a piece of the engine's memory: one text as plain vectors, several in panels of eight.

import type { StreamCore } from "./core.js";
import type { Kernels } from "./kernels.js";
import { Arena, alignUnits, type Heap } from "./memory.js";
import type { Settings } from "./options.js";
import type { Plan } from "./plan.js";
import { panelsToState, type StatePanels, stateToPanels } from "./state.js";
import { layerStruct, PANEL, taskStruct } from "./structs.js";

/** What a stream runs on: WebAssembly memory with the weights in it. */
export type StreamMachine = {
  kernels: Kernels;
  memory: WebAssembly.Memory;
  heap: Heap;
  settings: Settings;
  plan: Plan;
};

export class WasmStream implements StreamCore {
  readonly #count: number;
  readonly #machine: StreamMachine;
  readonly #places: Places;
  readonly #start: number;
  #logits = new Float32Array();

  constructor(count: number, machine: StreamMachine) {
    this.#count = count;
    this.#machine = machine;
    const { memory, heap, settings } = machine;
    const { bytes } = placeStream(settings, count, 0);
    this.#start = heap.take(bytes);
    this.#places = placeStream(settings, count, this.#start);
    new Uint8Array(memory.buffer, this.#start, bytes).fill(0);
    writeStream(machine, count, this.#places);
  }

  step(ids: ArrayLike<number>): Float32Array {
    const { kernels, memory, settings } = this.#machine;
    const { task, idsAt, logits } = this.#places;
    // Memory may have grown since.
    if (this.#logits.buffer !== memory.buffer) {
      this.#logits = new Float32Array(memory.buffer, logits, this.#count * settings.vocabularySize);
    }
    if (this.#count === 1) {
      kernels.stream(task, ids[0]!);
    } else {
      new Int32Array(memory.buffer, idsAt, this.#count).set(ids);
      kernels.streams(task, this.#count, logits);
    }
    return this.#logits;
  }

  readState(): Float32Array {
    const { memory, settings } = this.#machine;
    if (this.#count > 1) return panelsToState(memory.buffer, this.#places.states, settings.units, this.#count);
    const values = new Float32Array(2 * sum(settings.units));
    this.#eachVector(memory.buffer, (vector, at) => values.set(vector, at));
    return values;
  }

  writeState(values: Float32Array): void {
    const { memory, settings } = this.#machine;
    if (this.#count > 1) {
      stateToPanels(memory.buffer, this.#places.states, settings.units, this.#count, values);
    } else {
      this.#eachVector(memory.buffer, (vector, at) => vector.set(values.subarray(at, at + vector.length)));
    }
  }

  dispose(): void {
    this.#machine.heap.give(this.#start, this.#places.bytes);
  }

  /** A single stream's states are plain vectors. */
  #eachVector(buffer: ArrayBufferLike, visit: (vector: Float32Array, at: number) => void): void {
    let at = 0;
    for (const [layer, { hidden, cells }] of this.#places.states.entries()) {
      const width = this.#machine.settings.units[layer]!;
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

function writeStream({ plan, settings, memory: { buffer } }: StreamMachine, count: number, places: Places): void {
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

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b);
